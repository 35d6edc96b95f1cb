"""Over the REST interface: a second call joined while it is reported; a check looked at again."""

import pytest

from changxiao.cases import actions, replay
from changxiao.cases.jobs import draw_rechecks
from changxiao.cases.models import Case
from changxiao.cases.models_recheck import Recheck
from changxiao.cases.tests.pages import forget_catalog
from changxiao.catalog.actions import set_policy
from changxiao.kernel import scope
from changxiao.ledger.media.models import Photo
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post
from changxiao.surfaces.protocols.tests.test_cases_api import CASES, Desk, hire
from tests.support.cast import act, at

HERE = "440511"


@pytest.fixture
def ask(client, city, roads):
    forget_catalog()
    hire("wang", Post.COLLECTOR, area=HERE)
    hire("wu", Post.COLLECTOR, area=HERE)
    hire("chen", Post.INTAKE)
    hire("lin", Post.SHIFT_LEADER)
    hire("zhao", Post.HANDLER, unit=roads)
    return Desk(client)


@pytest.fixture
def body(damaged):
    return {"subcategory": "e9799", "lon": 116.703, "lat": 23.365, "description": "有坑"}


# -- 并入上报 --------------------------------------------------------------------------------------


def test_a_second_call_is_reported_and_joined_in_one_act(ask, body, reported):
    sent = body | {"join_to": reported.number}
    answers = [
        ask("chen", "POST", CASES, sent, **{"Idempotency-Key": "second-call-1"}) for _ in range(2)
    ]

    assert [one.status_code for one in answers] == [201, 200]
    told = answers[0].json()
    assert (answers[1].json(), told["stage"]) == (told, "joined")
    case = Case.everything.get(number=told["number"])
    assert case.duplicate_of == reported
    assert [one.verb for one in case.entries] == ["report", "join"]
    assert list(replay.check()) == []


@pytest.mark.parametrize(
    ("who", "lead", "status", "code", "field"),
    [
        ("chen", "202601010099", 422, "lead_unknown", "join_to"),
        ("chen", "ended", 422, "lead_ended", "to"),
        ("wang", "reported", 409, "not_yours", "post"),
    ],
)
def test_what_cannot_be_joined_is_not_reported_either(
    ask, body, reported, who, lead, status, code, field
):
    if lead == "ended":
        with scope.viewing(scope.system("test")):
            actions.decline(reported, reason="不在职责范围", act=act("decline"))
    number = lead if lead.isdigit() else reported.number
    entries = Entry.objects.count()
    answer = ask(who, "POST", CASES, body | {"join_to": number})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["field"] == field
    assert (Case.everything.count(), Entry.objects.count()) == (1, entries)


def test_one_key_with_and_without_joining_is_two_contents(ask, body, reported):
    key = {"Idempotency-Key": "second-call-2"}
    ask("chen", "POST", CASES, body | {"join_to": reported.number}, **key)

    assert ask("chen", "POST", CASES, body, **key).json()["code"] == "key_reused"


# -- 抽查 ------------------------------------------------------------------------------------------


@pytest.fixture
def photo(db, uploader):
    sizes = {"bytes": 9, "width": 4, "height": 3, "rendition_bytes": 9}
    names = {name: "a" * 64 for name in ("sha256", "rendition_sha256", "thumbnail_sha256")}
    more = {"type": "image/jpeg", "pipeline": "1", "phash": "0" * 16, "evidence": {}}
    Photo.objects.create(**sizes, **names, **more, uploaded_by=uploader, created_at=at())
    return [{"sha256": "a" * 64, "role": "verify"}]


@pytest.fixture
def uploader(request):
    """Whoever acts took the picture: 武监督 where the test names nobody."""
    spec = getattr(request.node, "callspec", None)
    return spec.params.get("who", "wu") if spec else "wu"


@pytest.fixture
def drawn(ask, request):
    with scope.viewing(scope.system("test")):
        set_policy("recheck_percent", value="100", act=act("assign", at(1)))
        draw_rechecks(at(2, 0, 10))
        case = request.getfixturevalue("closed")
        draw_rechecks(at(3, 0, 10))
    return f"{CASES}/{case.number}"


def test_a_second_look_that_agrees(ask, drawn, photo):
    assert "recheck" in ask("wu", "GET", drawn).json()["verbs"]
    assert "recheck" not in ask("wang", "GET", drawn).json()["verbs"]
    answer = ask("wu", "POST", f"{drawn}/recheck", {"photos": photo})

    assert (answer.status_code, answer.json()["stage"]) == (200, "closed")
    assert Recheck.everything.get().state == "agrees"


@pytest.mark.parametrize(
    ("verb", "note", "state"),
    [("follow_up", "", "followed"), ("excuse_check", "昨夜新挖", "excused")],
)
def test_a_disputed_check_is_reported_anew_or_excused(ask, drawn, photo, verb, note, state):
    told = {"photos": photo, "note": "坑还在"}
    assert ask("wu", "POST", f"{drawn}/dispute_check", told).status_code == 200
    assert {"follow_up", "excuse_check"} <= set(ask("lin", "GET", drawn).json()["verbs"])
    answer = ask("lin", "POST", f"{drawn}/{verb}", {"note": note})

    row = Recheck.everything.get()
    assert (answer.status_code, row.state) == (200, state)
    assert answer.json()["number"] == drawn.rpartition("/")[2]
    assert (row.follow_up is not None) == (state == "followed")


@pytest.mark.parametrize(
    ("who", "verb", "told", "code"),
    [
        ("wang", "recheck", {"photos": True}, "same_person"),
        ("wu", "recheck", {}, "photos_missing"),
        ("wu", "dispute_check", {"photos": True}, "note_missing"),
        ("chen", "recheck", {"photos": True}, "not_yours"),
        ("lin", "follow_up", {}, "no_recheck"),
        ("lin", "excuse_check", {"note": "夜里"}, "no_recheck"),
        ("wu", "follow_up", {}, "not_yours"),
    ],
)
def test_the_wrong_look_is_refused_and_changes_nothing(ask, drawn, photo, who, verb, told, code):
    sent = told | ({"photos": photo} if "photos" in told else {})
    count = Entry.objects.count()
    answer = ask(who, "POST", f"{drawn}/{verb}", sent)

    assert (answer.status_code in {409, 422}, answer.json()["code"]) == (True, code)
    assert Entry.objects.count() == count
    assert Recheck.everything.get().state == "open"
