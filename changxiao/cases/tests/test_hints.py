"""What stands beside a case at intake: duplicates to join, suggestions to press, their count."""

import re
from dataclasses import replace
from functools import cache
from itertools import count

import pytest
import time_machine

from changxiao.cases import actions, hints, jobs, letters
from changxiao.cases.actions import suggesting
from changxiao.cases.flow import STEPS
from changxiao.cases.models_suggesting import SuggestionUse
from changxiao.cases.suggesting import city as learning
from changxiao.cases.suggesting import offering, uses
from changxiao.cases.suggesting.fitting import Example, fit
from changxiao.cases.suggesting.offering import Offered
from changxiao.cases.suggesting.tests.test_suggesting import SAID
from changxiao.cases.tests.pages import forget_catalog, key_in, signed_in
from changxiao.catalog.models import Category, FilingCriterion, Subcategory
from changxiao.kernel.act import Act
from changxiao.ledger.models import Entry
from tests.support.budgets import budget
from tests.support.cast import act, at

_serial = count()


@pytest.fixture(autouse=True)
def _monday():
    forget_catalog()
    learning._models.cache_clear()
    with time_machine.travel(at(2, 9, 20), tick=False):
        yield
    forget_catalog()
    learning._models.cache_clear()


@pytest.fixture
def stalls(damaged):
    """占道, with a criterion of its own."""
    kind = Subcategory.objects.create(
        kind="event",
        edition="local",
        code="9798",
        category=Category.objects.get(),
        name="占道",
        status="local",
    )
    first = FilingCriterion.objects.get()
    FilingCriterion.objects.create(
        code="9798-1",
        subcategory=kind,
        condition="占用道路摆摊",
        amount=first.amount,
        unit=first.unit,
        since_date=first.since_date,
    )
    return kind


@cache
def learnt(name):
    """What two kinds with a criterion each teach; once, for learning takes a second."""
    codes = {"井盖": "9799", "占道": "9798"}
    labels = {"subcategory": "e{}", "criterion": "{}-1"}
    rows = [Example(t, labels[name].format(c)) for kind, c in codes.items() for t in SAID[kind]]
    return fit(rows)


def version(number):
    """A version with these files, kept as a training keeps it."""
    models = {name: learnt(name) for name in ("subcategory", "criterion")}
    return suggesting._kept({**models, "unit": None}, 10, at(2, 8), Act.system("train"))


@pytest.fixture
def trained(stalls, monkeypatch):
    version(1)
    monkeypatch.setattr(learning, "in_force", lambda: 1)


@pytest.fixture
def reported(problem):
    def one(text="学校门口井盖缺失", **more):
        told = replace(problem, description=text, criterion=None, **more)
        return actions.report(told, act=act("report", at(2, 9, 5 + next(_serial) % 10)))

    return one


def beside(client, case):
    return client.get(f"/cases/{case.number}/hints/", HTTP_HX_REQUEST="true")


def token_in(page):
    return re.search(r'name="shown" value="([^"]+)" form="act-form"', page)[1]


def test_no_step_before_dispatch_has_a_letter_of_the_hints():
    taken = {letters.letter_of(s.verb) for s in STEPS if s.sources & hints.STAGES}

    assert not taken & {*hints.CHIP_LETTERS, hints.JOIN_LETTER}
    assert not letters.OF_THE_PAGE & {*hints.CHIP_LETTERS, hints.JOIN_LETTER}


def test_a_likely_duplicate_is_joined_by_one_press_and_taken_apart_by_another(reported):
    lead, case, chen = reported(), reported("井盖不见了"), signed_in("chen")
    page = beside(chen, case).content.decode()
    assert "可能重复" in page and lead.number in page and 'data-key="b"' in page

    told = {"key": re.search(r'name="key" value="([^"]+)"', page)[1], "to": lead.number}
    told["base_n"] = case.n
    answer = chen.post(f"/cases/{case.number}/do/join/", told, HTTP_HX_REQUEST="true")
    case.refresh_from_db()
    assert (case.stage, case.duplicate_of) == ("joined", lead)
    assert "split_off" in answer["HX-Trigger"] and lead.number in answer.content.decode()

    undo = {"key": told["key"].replace(told["key"][:4], "0000"), "note": "误并，随即撤销"}
    chen.post(f"/cases/{case.number}/do/split_off/", undo, HTTP_HX_REQUEST="true")
    case.refresh_from_db()
    assert (case.stage, case.duplicate_of) == ("reported", None)
    assert [e.verb for e in case.entries] == ["report", "join", "split_off"]


def test_a_press_on_the_kind_it_has_opens_acceptance_with_the_criterion(trained, reported):
    case, chen = reported(), signed_in("chen")
    page = beside(chen, case).content.decode()
    url = re.search(r'href="([^"]+/do/accept/[^"]+)"[^>]*data-key="1"', page)[1]

    form = chen.get(url.replace("&amp;", "&")).context["form"]
    assert form["criterion"].value() == "9799-1"
    case.refresh_from_db()
    assert (case.stage, case.criterion, case.n) == ("reported", None, 1)


def test_a_press_on_another_kind_opens_a_correction_with_its_reason(trained, reported, stalls):
    case, chen = reported("流动摊贩占道经营"), signed_in("chen")
    page = beside(chen, case).content.decode()
    url = re.search(r'href="([^"]+/do/amend/[^"]+)"', page)[1].replace("&amp;", "&")

    form = chen.get(url).context["form"]
    assert (form["subcategory"].value(), form["criterion"].value()) == (stalls.key, "9798-1")
    assert "9798-1" in dict(form.fields["criterion"].choices) and "占道" in form["note"].value()
    case.refresh_from_db()
    assert case.subcategory_id != stalls.pk and case.n == 1


@pytest.mark.parametrize(
    ("text", "rank"), [("学校门口井盖缺失", 1), ("流动摊贩占道经营", 2)], ids=["first", "other"]
)
def test_the_entry_of_accept_keeps_what_was_suggested_and_what_was_taken(
    trained, reported, text, rank
):
    case, chen = reported(text), signed_in("chen")
    shown = token_in(beside(chen, case).content.decode())
    key = key_in(chen.get(f"/cases/{case.number}/do/accept/"))
    told = {"key": key, "criterion": "9799-1", "shown": shown}
    assert chen.post(f"/cases/{case.number}/do/accept/", told).status_code == 302

    body = Entry.objects.get(stream=case.stream, verb="accept").data["suggested"]
    assert (body["version"], body["taken"]["subcategory"]) == (1, case.subcategory.key)
    assert [label for label, _n in body["subcategory"]][rank - 1] == case.subcategory.key
    counted(Entry.objects.get(stream=case.stream, verb="accept"))
    assert SuggestionUse.objects.get(head="subcategory").rank == rank
    assert uses.by_month(1, "subcategory")[0].offered == 1


def counted(entry):
    for _twice in range(2):
        jobs.count_suggestions([entry])()


def test_a_report_keeps_what_its_side_suggested(trained, problem):
    offered = Offered(1, {"subcategory": (("e9798", 61), ("e9799", 22)), "criterion": ()})
    case = actions.report(replace(problem, offered=offered), act=act("report"))

    entry = case.entries.get()
    assert entry.data["suggested"]["taken"] == {"subcategory": "e9799"}
    assert uses.suggests(entry) and uses.uses_of(entry)[0].rank == 2


@pytest.mark.parametrize("field", ["", "nonsense", "x" * 3000, "eyJ2IjoxfQ:1:abc"])
def test_an_altered_field_suggests_nothing_and_stops_nobody(trained, reported, field):
    case, chen = reported(), signed_in("chen")
    key = key_in(chen.get(f"/cases/{case.number}/do/accept/"))
    told = {"key": key, "criterion": "9799-1", "shown": field}

    assert chen.post(f"/cases/{case.number}/do/accept/", told).status_code == 302
    assert "suggested" not in Entry.objects.get(stream=case.stream, verb="accept").data
    assert offering.unpacked(field) is None


def test_hints_keep_their_budget_and_are_for_whoever_may_act(trained, reported, roads):
    reported()
    case, chen = reported(), signed_in("chen")
    beside(chen, case)
    with budget("page:hints"):
        beside(chen, case)
    assert "case_hints" not in signed_in("wang").get(f"/cases/{case.number}/").content.decode()
    assert "是同一件" not in beside(signed_in("wang"), case).content.decode()


def test_rows_and_counts_tell_the_channel(reported):
    reported(channel="hotline")
    reported(channel="public")
    chen = signed_in("chen")

    page = chen.get("/cases/?stage=reported").content.decode()
    assert "热线" in page and "#phone" in page and "公众举报" in page
    told = chen.get("/cases/counts?stage=reported").content.decode()
    assert 'stage=reported&amp;channel=hotline"' in told and "全部来源" in told
    only = chen.get("/cases/?stage=reported&channel=hotline").content.decode()
    assert only.count('class="row-item"') == 1


def test_the_page_of_a_version_tells_labels_use_and_confusion(trained, reported):
    admin = signed_in("admin")
    page = admin.get("/settings/cases/suggestions/1/").content.decode()
    assert "道路破损" in page and "现用" in page and "还没有在上报或受理时" in page
    assert "没有符合的标签" in admin.get("/settings/cases/suggestions/1/?q=鲸").content.decode()

    version(2)
    assert "总成绩相当" in admin.get("/settings/cases/suggestions/2/").content.decode()
    assert admin.get("/settings/cases/suggestions/9/").status_code == 404
    assert signed_in("chen").get("/settings/cases/suggestions/1/").status_code == 403
