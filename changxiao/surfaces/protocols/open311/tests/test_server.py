"""What another program sends and reads: the standard's shapes in both formats, its errors."""

import json
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from changxiao.cases.models import Case
from changxiao.cases.models_public import CaseDetail
from changxiao.catalog import actions as catalog
from changxiao.catalog.actions import QuestionDraft
from changxiao.kernel.act import Act
from changxiao.ledger.models import Entry
from changxiao.surfaces.protocols.open311.tests.conftest import V2, issued
from tests.support.cast import MONDAY, at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(MONDAY + timedelta(hours=4), tick=False):
        yield


def asked(client, path, **query):
    answer = client.get(f"{V2}/{path}", query)
    return answer, json.loads(answer.content)


def sent(client, form, fmt="json", path="requests", **more):
    return client.post(f"{V2}/{path}.{fmt}", form, **more)


def reports():
    return Case.everything.filter(channel="open311").count()


def test_discovery_is_bare_of_charset_and_lists_two_endpoints(outside, city):
    for fmt, kind in [("json", "application/json"), ("xml", "text/xml")]:
        answer = outside.get(f"/open311/discovery.{fmt}")
        assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    told = json.loads(outside.get("/open311/discovery.json").content)
    assert set(told) == {"changeset", "contact", "key_service", "endpoints"}
    assert [one["type"] for one in told["endpoints"]] == ["production", "test"]
    assert told["endpoints"][0]["url"].endswith("/open311/v2")


def test_services_are_a_bare_list_in_json_and_wrapped_in_xml(outside, damaged):
    _answer, told = asked(outside, "services.json")
    assert told == [
        {
            "service_code": "e9799",
            "service_name": "道路破损",
            "description": "路面破损",
            "metadata": False,
            "type": "realtime",
            "keywords": "测试大类",
            "group": "测试大类",
        }
    ]
    root = ElementTree.fromstring(outside.get(f"{V2}/services.xml").content)
    assert [root.tag, root[0].tag] == ["services", "service"]
    assert root.findtext("service/metadata") == "false"


@pytest.fixture
def asks(damaged):
    act = Act.system("test")
    draft = QuestionDraft(label="多大", datatype="number", required=True, hint="厘米")
    catalog.set_question(damaged.subcategory, "size", draft, act=act)
    many = QuestionDraft(
        label="影响",
        datatype="multivaluelist",
        order=2,
        choices=[["road", "道路"], ["shop", "商户"]],
    )
    catalog.set_question(damaged.subcategory, "hurts", many, act=Act.system("test"))


def test_a_definition_tells_what_is_asked_and_the_answers_stay_with_the_case(outside, form, asks):
    _answer, told = asked(outside, "services/e9799.json")
    assert [one["code"] for one in told["attributes"]] == ["size", "hurts"]
    assert told["attributes"][1]["values"][0] == {"key": "road", "name": "道路"}
    root = ElementTree.fromstring(outside.get(f"{V2}/services/e9799.xml").content)
    assert root.findtext("attributes/attribute/values/value/key") == "road"

    missing = sent(outside, form)
    assert (missing.status_code, reports()) == (400, 0)
    assert "多大" in json.loads(missing.content)[0]["description"]
    wrong = sent(outside, form | {"attribute[size]": "很大"})
    unknown = sent(outside, form | {"attribute[size]": "3", "attribute[depth]": "4"})
    assert (wrong.status_code, unknown.status_code, reports()) == (400, 400, 0)

    answers = {"attribute[size]": "30", "attribute[hurts][]": ["road", "shop"]}
    assert sent(outside, form | answers).status_code == 201
    kept = list(CaseDetail.objects.values_list("code", "values", "words"))
    assert kept == [("size", ["30"], "30"), ("hurts", ["road", "shop"], "道路、商户")]


@pytest.mark.parametrize("fmt", ["json", "xml"])
def test_a_report_is_answered_with_its_id_in_a_list_of_one(outside, form, fmt):
    answer = sent(outside, form | {"first_name": "大文", "last_name": "陈"}, fmt)

    case = Case.everything.get()
    assert (answer.status_code, case.channel, case.stage) == (201, "open311", "reported")
    assert answer["Content-Type"].endswith("; charset=utf-8")
    if fmt == "json":
        (told,) = json.loads(answer.content)
        assert told["service_request_id"] == case.number
        assert "token" not in told
    else:
        root = ElementTree.fromstring(answer.content)
        assert root.findtext("request/service_request_id") == case.number
    assert "陈大文" not in Entry.objects.get(verb="report").body


def test_the_same_content_within_a_day_is_one_report(outside, form, other_key):
    first = sent(outside, form)
    again = sent(outside, form | {"device_id": "another attempt"})
    by_xml = sent(outside, form, "xml")
    assert [a.status_code for a in (first, again, by_xml)] == [201, 200, 200]
    assert again["Idempotent-Replayed"] == "true"
    assert json.loads(again.content) == json.loads(first.content)
    assert reports() == 1

    assert sent(outside, form | {"description": "又有坑"}).status_code == 201
    assert sent(outside, form | {"api_key": other_key}).status_code == 201
    assert reports() == 3


@pytest.mark.parametrize(("hours", "count"), [(10, 1), (23, 1), (25, 2), (49, 2)])
def test_the_day_of_a_content_is_no_day_of_the_calendar(outside, form, hours, count):
    with time_machine.travel(at(2, 20), tick=False) as clock:
        sent(outside, form)
        clock.shift(timedelta(hours=hours))
        sent(outside, form)
    assert reports() == count


def test_a_key_of_the_client_decides_alone_and_is_its_token(outside, form):
    head = {"headers": {"Idempotency-Key": "phone-0000001"}}
    (told,) = json.loads(sent(outside, form, **head).content)
    assert sent(outside, form, **head).status_code == 200
    conflict = sent(outside, form | {"description": "别的"}, **head)
    assert (conflict.status_code, reports()) == (400, 1)

    _answer, token = asked(outside, "tokens/phone-0000001.json")
    assert token == [
        {**{"token": "phone-0000001"}, "service_request_id": told["service_request_id"]}
    ]
    assert asked(outside, "tokens/phone-0000002.json")[0].status_code == 404


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"api_key": ""}, 403, "api_key"),
        ({"api_key": "nonsense"}, 403, "api_key"),
        ({"service_code": "e0000"}, 404, "e0000"),
        ({"service_code": ""}, 404, "services"),
        ({"jurisdiction_id": "koeln"}, 404, "koeln"),
        ({"lat": "116.703", "long": "23.365"}, 400, "写反"),
        ({"lat": "", "long": ""}, 400, "address_string"),
        ({"long": ""}, 400, "long"),
        ({"lat": "north"}, 400, "north"),
        ({"lat": "nan"}, 400, "nan"),
        ({"lat": "40.7", "long": "-74.0"}, 400, "范围"),
        ({"lat": "230", "long": "500"}, 400, "WGS-84"),
        ({"lat": "", "long": "", "address_string": "没有这条路"}, 400, "没有这条路"),
        ({"lat": "", "long": "", "address_id": "0000"}, 400, "0000"),
        ({"description": "长" * 4001}, 400, "description"),
        ({"description": "a\x00b"}, 400, "description"),
        ({"media_url": "file:///etc/passwd"}, 400, "media_url"),
        ({"media_url": "http://[::1"}, 400, "media_url"),
        ({"media_url": "data:image/png;base64,AAAA"}, 400, "inline.png"),
    ],
)
@pytest.mark.parametrize("fmt", ["json", "xml"])
def test_bad_input_is_refused_by_the_book_and_nothing_is_kept(
    outside, form, change, status, words, fmt
):
    answer = sent(outside, form | change, fmt)

    assert answer.status_code == status, answer.content
    if fmt == "json":
        (told,) = json.loads(answer.content)
        code, sentence = str(told["code"]), told["description"]
    else:
        root = ElementTree.fromstring(answer.content)
        assert root.tag == "errors"
        code, sentence = root.findtext("error/code"), root.findtext("error/description")
    assert code == str(status)
    assert words in sentence
    assert reports() == 0


def test_a_key_of_another_kind_or_revoked_opens_nothing(outside, form):
    keys = [issued("clerk", kind="api"), issued("gone", revoked_at=MONDAY)]
    keys.append(issued("late", expires_at=MONDAY - timedelta(days=1)))
    answers = [sent(outside, form | {"api_key": key}).status_code for key in keys]
    assert (answers, reports()) == ([403, 403, 403], 0)


def test_a_place_may_be_told_by_the_name_of_one_community(outside, form):
    answer = sent(outside, form | {"lat": "", "long": "", "address_id": "440511001001"})
    assert answer.status_code in {201, 400}
    if answer.status_code == 201:
        assert Case.everything.get().community_code.startswith("440511001001")


def test_pictures_come_as_files_and_links_stay_words(outside, form, png):
    file = SimpleUploadedFile("a.png", png, "image/png")
    more = {"media": file, "media_url": "https://example.org/a.jpg"}
    assert sent(outside, form | more).status_code == 201

    case = Case.everything.get()
    assert [row.role for row in case.photos.all()] == ["before"]
    assert case.details.get().values == ["https://example.org/a.jpg"]


def test_a_broken_picture_is_named_and_nothing_is_kept(outside, form):
    file = SimpleUploadedFile("a.png", b"no picture", "image/png")
    answer = sent(outside, form | {"media": file})
    assert (answer.status_code, reports()) == (400, 0)
    assert "a.png" in json.loads(answer.content)[0]["description"]


# -- what the public reads -----------------------------------------------------------------------


def test_nothing_is_public_until_a_person_says_so(outside, walk):
    case = walk(public=False)
    _answer, told = asked(outside, "requests.json")
    assert told == []
    assert outside.get(f"{V2}/requests/{case.number}.json").status_code == 404


@pytest.mark.parametrize(
    ("view", "upto", "seen"),
    [
        ("none", "close", 0),
        ("closed", "dispatch", 0),
        ("closed", "close", 1),
        ("live", "dispatch", 1),
        ("live", "close", 1),
    ],
)
def test_the_rule_of_the_kind_decides_when(outside, walk, damaged, view, upto, seen):
    case = walk(upto)
    rule = {"view": view, "place": "exact", "act": Act.system("test")}
    catalog.set_public_rule(damaged.subcategory, **rule)

    _answer, told = asked(outside, "requests.json")
    assert len(told) == seen
    one = outside.get(f"{V2}/requests/{case.number}.json")
    assert one.status_code == (200 if seen else 404)
    _answer, steps = asked(outside, "servicerequestupdates.json")
    assert bool(steps) == bool(seen)


@pytest.mark.parametrize("place", ["exact", "coarse", "hidden"])
def test_the_rule_of_the_kind_decides_where(outside, walk, damaged, place):
    walk()
    rule = {"view": "closed", "place": place, "act": Act.system("test")}
    catalog.set_public_rule(damaged.subcategory, **rule)

    _answer, (told,) = asked(outside, "requests.json")
    assert ("lat" in told) == (place != "hidden")
    assert (told.get("lat"), told.get("long")) in [
        (23.365, 116.703),
        (23.36625, 116.70375),
        (None, None),
    ]
    assert "3号" not in told.get("address", "")
    # A question about the exact place does not tell what the answer hides.
    near = {"lat": "23.365", "long": "116.703", "radius": "20"}
    assert len(asked(outside, "requests.json", **near)[1]) == (1 if place == "exact" else 0)


def test_what_is_told_is_what_was_released_and_nobody_s_name(outside, walk):
    case = walk(published="路面有坑")
    _answer, (told,) = asked(outside, "requests.json", extensions="true")
    assert set(told) == {
        *("service_request_id", "status", "status_notes", "service_name", "service_code"),
        *("description", "agency_responsible", "requested_datetime", "updated_datetime"),
        *("expected_datetime", "address", "lat", "long", "extended_attributes"),
    }
    assert (told["description"], told["status"]) == ("路面有坑", "closed")
    assert told["service_request_id"] == case.number
    assert told["extended_attributes"]["detailed_status"] == "FIXED"
    assert told["agency_responsible"] == "市政道路处"
    assert datetime.fromisoformat(told["requested_datetime"]) == MONDAY


def test_filters_narrow_and_bad_ones_are_refused(outside, walk):
    numbers = {walk(step=step).number for step in range(3)}
    for query, count in [
        ({}, 3),
        ({"status": "closed"}, 3),
        ({"status": "open"}, 0),
        ({"service_code": "e9799"}, 3),
        ({"start_date": "2026-03-01T00:00:00Z"}, 3),
        ({"end_date": "2026-03-01T00:00:00Z"}, 0),
        ({"updated_after": "2026-03-02T12:30:00+08:00"}, 0),
        ({"updated_after": "2026-03-02T11:55:00+08:00"}, 3),
        ({"service_request_id": ",".join(numbers), "status": "nonsense"}, 3),
        ({"page_size": "2"}, 2),
        ({"page_size": "2", "page": "2"}, 1),
        ({"status": ""}, 3),
    ]:
        answer, told = asked(outside, "requests.json", **query)
        assert (answer.status_code, len(told)) == (200, count), query
    for query in [
        {"status": "flying"},
        {"start_date": "yesterday"},
        {"start_date": "2020-01-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
        {"page": "0"},
        {"page_size": "-1"},
        {"lat": "23.3"},
        {"radius": "5"},
        {"service_code": "e0000"},
        {"jurisdiction_id": "elsewhere"},
    ]:
        answer, told = asked(outside, "requests.json", **query)
        assert answer.status_code in {400, 404}, query
        assert told[0]["description"]


def test_pages_leave_nothing_out_and_name_the_next(outside, walk):
    numbers = {walk(step=step).number for step in range(5)}
    seen, url = [], f"{V2}/requests.json?page_size=2"
    while url:
        answer = outside.get(url)
        seen += [row["service_request_id"] for row in json.loads(answer.content)]
        url = answer.get("X-Next-Page-URL")
    assert (len(seen), set(seen)) == (5, numbers)


def test_whoever_reported_follows_its_own_and_nobody_else_does(outside, form, key, other_key):
    (told,) = json.loads(sent(outside, form).content)
    path = f"requests/{told['service_request_id']}.json"
    assert asked(outside, path)[0].status_code == 404
    assert asked(outside, path, api_key=other_key)[0].status_code == 404
    answer, (own,) = asked(outside, path, api_key=key)
    assert (answer.status_code, own["status"], own["description"]) == (200, "open", "有坑")


def test_updates_are_the_steps_that_a_stranger_may_know(outside, walk):
    case = walk()
    _answer, told = asked(outside, "servicerequestupdates.json", extended_statuses="true")
    assert [row["status"] for row in told] == [
        *("FOR_TRIAGE", "INVESTIGATING", "ACTION_SCHEDULED", "IN_PROGRESS", "IN_PROGRESS"),
        "FIXED",
    ]
    assert {row["service_request_id"] for row in told} == {case.number}
    root = ElementTree.fromstring(outside.get(f"{V2}/servicerequestupdates.xml").content)
    assert [root.tag, root[0].tag] == ["service_request_updates", "request_update"]


def test_an_update_is_heard_once_from_whoever_reported(outside, form, other_key):
    (told,) = json.loads(sent(outside, form).content)
    update = {
        "api_key": form["api_key"],
        "service_request_id": told["service_request_id"],
        "status": "OPEN",
        "description": "坑更大了",
    }
    first = sent(outside, update, path="servicerequestupdates")
    again = sent(outside, update, path="servicerequestupdates")
    foreign = sent(outside, update | {"api_key": other_key}, path="servicerequestupdates")
    assert [a.status_code for a in (first, again, foreign)] == [201, 200, 404]
    assert json.loads(first.content) == json.loads(again.content)
    assert Entry.objects.filter(verb="supplement").count() == 1
    assert "坑更大了" not in Entry.objects.get(verb="supplement").body


def test_bulk_is_the_public_list_as_csv(outside, walk):
    case = walk(published="=HYPERLINK(1)")
    answer = outside.get(f"{V2}/requests.csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0].startswith("service_request_id,requested_datetime,updated_datetime")
    assert case.number in lines[1]
    assert ",'=HYPERLINK" in lines[1]


def test_xml_holds_no_character_that_no_xml_may_hold(outside, walk):
    walk(published="坑<b>&\x0b\x1f")
    root = ElementTree.fromstring(outside.get(f"{V2}/requests.xml").content)
    assert root.findtext("request/description") == "坑<b>&"


@pytest.mark.parametrize("path", ["v2/nothing.xml", "v2/services", "elsewhere", "v2/requests.yaml"])
def test_an_unknown_address_is_a_404_in_the_protocol_s_words(outside, city, path):
    answer = outside.get(f"/open311/{path}")
    assert answer.status_code == 404
    assert b"code" in answer.content


def test_other_methods_are_405(outside, city):
    answer = outside.delete(f"{V2}/requests.json")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, POST")


def test_a_city_may_shut_the_door(outside, form):
    catalog.set_policy("open311_open", value="否", act=Act.system("test"))
    assert asked(outside, "services.json")[0].status_code == 404
    assert outside.get(f"{V2}/requests.csv").status_code == 404
    assert (sent(outside, form).status_code, reports()) == (404, 0)


def test_bulk_takes_no_other_method_and_counts_like_the_list(outside, city):
    from changxiao.orgs import throttle
    from changxiao.orgs.models import ThrottleRule

    assert outside.post(f"{V2}/requests.csv").status_code == 405
    ThrottleRule.objects.create(scope="open311_ip", limit=1, window=60)
    throttle.forget_rules()
    codes = [outside.get(f"{V2}/requests.csv").status_code for _n in range(3)]
    throttle.forget_rules()
    assert codes[0] == 200 and codes[-1] == 429


def test_the_limit_of_a_minute_is_429_with_when_to_come_back(outside, form, settings):
    from changxiao.orgs import throttle
    from changxiao.orgs.models import ThrottleRule

    ThrottleRule.objects.create(scope="open311", limit=2, window=60)
    throttle.forget_rules()
    codes = [sent(outside, form | {"description": str(n)}) for n in range(4)]
    throttle.forget_rules()
    assert codes[-1].status_code == 429
    assert int(codes[-1]["Retry-After"]) <= 60
    assert json.loads(codes[-1].content)[0]["code"] == 429
