"""The REST interface that others script against: status, problem details, replay, pages."""

import json
from datetime import date

import pytest

from changxiao.cases.api import CaseOut, CasesOut
from changxiao.cases.models import Case
from changxiao.kernel import scope
from changxiao.ledger.models import Entry
from changxiao.orgs.models import ApiToken, Appointment, Staff
from changxiao.orgs.posts import Post
from changxiao.orgs.tokens import digest_of
from tests.support.cast import MONDAY

CASES = "/api/v1/cases"


def hire(username, *posts, unit=None, area=""):
    staff = Staff.objects.create(username=username, name=username, unit=unit)
    for post in posts:
        Appointment.objects.create(
            staff=staff, post=post, unit=unit, area_code=area, since_date=date(2020, 1, 1)
        )
    digest = digest_of(f"token-{username}")
    ApiToken.objects.create(staff=staff, kind="api", name="t", digest=digest, created_at=MONDAY)
    return username


@pytest.fixture
def people(city, roads):
    hire("wang", Post.COLLECTOR)
    hire("wu", Post.COLLECTOR)
    hire("chen", Post.INTAKE)
    hire("lin", Post.SHIFT_LEADER)
    hire("li", Post.DISPATCHER)
    hire("zhao", Post.HANDLER, unit=roads)
    hire("root", Post.CITY_ADMIN)


class Desk:
    def __init__(self, client):
        self.client = client

    def __call__(self, who, method, path, body=None, **headers):
        headers = {"Authorization": f"Bearer token-{who}", **headers} if who else headers
        return self.client.generic(
            method, path, json.dumps(body or {}), "application/json", headers=headers
        )


@pytest.fixture
def ask(client, people):
    return Desk(client)


@pytest.fixture
def body(damaged):
    return {"subcategory": "e9799", "lon": 116.703, "lat": 23.365, "description": "有坑"}


def test_a_report_is_answered_201_with_number_and_receipt(ask, body):
    answer = ask("wang", "POST", CASES, body)

    assert answer.status_code == 201
    assert set(answer.json()) == {"number", "stage", "receipt", "missing"}
    assert answer.json()["stage"] == "reported"


def test_the_same_key_and_content_is_answered_200_and_said_to_be_a_replay(ask, body):
    first = ask("wang", "POST", CASES, body, **{"Idempotency-Key": "phone-00001"})
    again = ask("wang", "POST", CASES, body, **{"Idempotency-Key": "phone-00001"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert again["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()
    assert Case.everything.count() == 1


def test_the_same_key_with_other_content_is_a_conflict(ask, body):
    ask("wang", "POST", CASES, body, **{"Idempotency-Key": "phone-00001"})
    other = ask(
        "wang", "POST", CASES, body | {"lon": 116.704}, **{"Idempotency-Key": "phone-00001"}
    )
    foreign = ask("wu", "POST", CASES, body, **{"Idempotency-Key": "phone-00001"})

    assert [other.status_code, foreign.status_code] == [409, 409]
    assert other.json()["code"] == foreign.json()["code"] == "key_reused"
    assert Entry.objects.filter(verb="report").count() == 1


ROAD = [
    ("chen", "accept", {}, "accepted"),
    ("lin", "file", {"criterion": "9799-1"}, "filed"),
    ("li", "dispatch", {"unit": "SZ-DL"}, "dispatched"),
    ("zhao", "receive", {}, "dispatched"),
    ("zhao", "feed_back", {"note": "已修补"}, "handled"),
    ("wu", "verify", {"passed": True}, "verified"),
    ("lin", "close", {}, "closed"),
]


def test_the_whole_road_over_http(ask, body):
    number = ask("wang", "POST", CASES, body).json()["number"]
    for who, verb, sent, stage in ROAD:
        answer = ask(who, "POST", f"{CASES}/{number}/{verb}", sent)
        assert (answer.status_code, answer.json().get("stage")) == (200, stage), answer.content

    entries = ask("lin", "GET", f"{CASES}/{number}/entries").json()
    assert [line["verb"] for line in entries] == ["report", *(step[1] for step in ROAD)]


def test_a_verb_by_the_wrong_post_is_refused_by_name_and_changes_nothing(ask, body):
    number = ask("wang", "POST", CASES, body).json()["number"]
    answer = ask("li", "POST", f"{CASES}/{number}/accept")

    assert answer["Content-Type"].startswith("application/problem+json")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_yours")
    assert "受理员" in answer.json()["detail"]
    assert Case.everything.get().n == 1


def test_a_verb_at_the_wrong_stage_is_refused(ask, body):
    number = ask("wang", "POST", CASES, body).json()["number"]
    answer = ask("lin", "POST", f"{CASES}/{number}/close")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_now")


@pytest.mark.parametrize(
    ("change", "status", "code", "field"),
    [
        ({"lon": 113.2}, 422, "outside_city", "lon"),
        ({"lon": 1132}, 422, "input_unreadable", "lon"),
        ({"subcategory": "e0000"}, 422, "subcategory_unknown", "subcategory"),
        ({"criterion": "nope"}, 422, "criterion_unknown", "criterion"),
        ({"component": "1" * 16}, 422, "component_unknown", "component"),
        ({"channel": "pigeon"}, 422, "channel_unknown", "channel"),
        ({"crs": "mars"}, 422, None, "crs"),
        ({"photos": [{"sha256": "0" * 64, "role": "before"}]}, 422, "photo_unknown", "photos"),
        ({"due_at": "2026-01-01T00:00:00Z"}, 422, "input_unreadable", "due_at"),
        ({"description": "长" * 4001}, 422, "description_long", "description"),
    ],
)
def test_bad_input_names_its_field_and_nothing_is_kept(ask, body, change, status, code, field):
    answer = ask("wang", "POST", CASES, body | change)

    assert answer.status_code == status, answer.content
    told = answer.json()
    assert field in told["field"]
    assert code is None or told["code"] == code
    assert not Entry.objects.filter(verb="report").exists()


def test_a_foreign_case_is_404_with_the_same_body_as_none(ask, body):
    number = ask("wang", "POST", CASES, body).json()["number"]
    foreign = ask("zhao", "GET", f"{CASES}/{number}")
    none = ask("zhao", "GET", f"{CASES}/209901010001")

    assert (foreign.status_code, none.status_code) == (404, 404)
    assert foreign.json()["detail"].replace(number, "N") == none.json()["detail"].replace(
        "209901010001", "N"
    )


@pytest.mark.parametrize("path", [CASES, f"{CASES}/202603020001", f"{CASES}/202603020001/entries"])
@pytest.mark.parametrize("who", ["", "nobody"])
def test_without_a_good_token_the_answer_is_401(ask, path, who):
    answer = ask(who, "GET", path)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_an_administrator_sees_no_case(ask, body):
    ask("wang", "POST", CASES, body)
    assert ask("root", "GET", CASES).json()["items"] == []


def test_lists_page_by_cursor_without_gap_or_repeat(ask, body):
    numbers = {ask("wang", "POST", CASES, body).json()["number"] for _ in range(7)}
    seen, cursor = [], ""
    while cursor is not None:
        page = ask("chen", "GET", f"{CASES}?limit=3&cursor={cursor}").json()
        seen += [item["number"] for item in page["items"]]
        cursor = page["next"]

    assert (len(seen), set(seen)) == (7, numbers)


@pytest.mark.parametrize(
    "query",
    ["reporter__startswith=1", "stage=flying", "overdue=perhaps", "unit=NONE", "since=yesterday"],
)
def test_filters_outside_the_allow_list_are_refused(ask, query):
    answer = ask("chen", "GET", f"{CASES}?{query}")
    assert answer.status_code in {400, 422}
    assert answer.json()["code"].startswith("parameter_")


def test_a_page_keeps_to_its_declared_schema(ask, body):
    ask("wang", "POST", CASES, body)
    page = ask("chen", "GET", CASES).json()

    assert set(page["items"][0]) == set(CaseOut.model_fields)
    assert CasesOut.model_validate(page).items[0].stage_label == "待受理"


def test_filters_narrow_and_never_widen(ask, body):
    number = ask("wang", "POST", CASES, body).json()["number"]
    for query, found in [("stage=reported", 1), ("stage=filed,closed", 0), ("area=440507", 0)]:
        items = ask("chen", "GET", f"{CASES}?{query}").json()["items"]
        assert [item["number"] for item in items] == [number] * found


def test_the_viewer_of_one_request_is_not_the_next_one_s(ask, body):
    ask("wang", "POST", CASES, body)
    with pytest.raises(scope.NoViewer):
        scope.current()


def test_the_openapi_page_names_every_verb(client, people):
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert f"{CASES}/{{number}}/dispatch" in paths
    assert sum(path.startswith(f"{CASES}/{{number}}/") for path in paths) > 30
