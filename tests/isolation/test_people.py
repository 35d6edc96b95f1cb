"""People behind a case: whoever handles or is ranked reads them nowhere, on page, paper or list."""

import json
from urllib.parse import quote

import pytest

from changxiao.cases import actions
from changxiao.cases.models import Case
from changxiao.kernel import scope
from tests.isolation.conftest import (
    CASES,
    PLANTED,
    SIGNED_IN,
    TARGETS,
    hire,
    sees,
    sheet,
    told,
)
from tests.support.cast import act

MASKED = ["handler", "unit_lead", "parks", "dispatcher", "leader"]


def said_of(api, desk, number, who):
    pages = [desk(who, "GET", f"/cases/{number}{path}") for path in ("/", "/print/")]
    pages += [api(who, "GET", f"{CASES}/{number}{path}") for path in ("", "/entries")]
    pages += [api(who, "GET", CASES), desk(who, "GET", "/cases/")]
    text = "".join(page.content.decode() for page in pages)
    return text + json.dumps(sheet(desk(who, "GET", "/cases/export.xlsx")), default=str)


@pytest.fixture
def finished(world):
    """The case of each department on its way to the end, with numbers in every free text."""
    hire("wu-checker", "collector", area="440511", name="王隐名")
    with scope.viewing(scope.system("test")):
        for target in ("own", "other_department"):
            case = Case.everything.get(number=world.cases[target])
            note = "请找13912345678"
            case = actions.supervise(case, kind="leader", act=act("supervise", note=note))
            case = actions.feed_back(case, act=act("feed_back", note="已修"))
            case = actions.ask_to_verify(
                case, collector="collector-wang", act=act("ask_to_verify", note=note)
            )
            case = actions.rework(case, act=act("rework", by="collector-wang", note=note))
            case = actions.feed_back(case, act=act("feed_back", note="又修"))
            stand_in = act("verify", by="wu-checker", on_behalf="collector-wang", note=note)
            case = actions.verify(case, act=stand_in)
            answer = "已修好，有问题请打13912345678"
            actions.close(case, answer=answer, act=act("close", on_behalf="collector-wang"))
    return world


@pytest.mark.parametrize("who", MASKED)
def test_who_handles_or_is_ranked_reads_no_name_and_no_number(api, desk, finished, who):
    target = "other_department" if who == "parks" else "own"
    said = said_of(api, desk, finished.cases[target], who)

    assert finished.cases[target] in said
    assert [word for word in (*PLANTED, "wu-checker") if word in said] == []


def test_what_was_planted_is_there_for_who_may_read_it(api, desk, finished):
    said = said_of(api, desk, finished.cases["own"], "intake")
    assert {"13912345678", "王隐名", "collector-wang"} <= {w for w in PLANTED if w in said}


RESIDENT, COLLECTOR = PLANTED[:3], PLANTED[3:]


@pytest.mark.parametrize("who", SIGNED_IN)
def test_nobody_finds_a_resident_by_search_and_few_a_collector(desk, world, who):
    """The page for such a word is the page for one that stands nowhere."""
    knows = who in {"intake", "shift_leader", "center_director", "collector-wang", "auditor"}
    knows |= who == "elsewhere"

    def found(word):
        page = told(desk(who, "GET", f"/search/?q={quote(word)}"), word)
        return page[0], page[3].replace(quote(word), "N")

    for word in (*RESIDENT, *COLLECTOR):
        same = found(word) == found("无处可寻")
        assert same is (word in RESIDENT or not knows), (who, word)


@pytest.mark.parametrize("who", SIGNED_IN)
def test_search_finds_the_own_cases(desk, world, who):
    page = desk(who, "GET", "/search/?q=address").content.decode()
    assert {name for name in TARGETS if world.cases[name] in page} == sees(who)


def test_unmasking_needs_the_post_and_leaves_an_entry(api, world):
    number = world.cases["own"]
    refused = api("handler", "POST", f"{CASES}/{number}/unmask", {"note": "想知道"})
    shown = api("intake", "POST", f"{CASES}/{number}/unmask", {"note": "回访"})

    assert (refused.status_code, refused.json()["code"]) == (409, "not_yours")
    assert shown.json() == {
        "name": "陈大文",
        "phone": "13800138000",
        "email": "",
        "others": [],
    }
    lines = api("intake", "GET", f"{CASES}/{number}/entries").json()
    assert [line["verb"] for line in lines].count("unmask") == 1
