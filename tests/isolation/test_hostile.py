"""Bodies, headers and addresses that no honest client sends: a clean no, and nothing is kept."""

import json

import pytest

from changxiao.cases.models import Case
from changxiao.ledger.models import Entry
from tests.isolation.conftest import CASES, NEVER

GOOD = {"subcategory": "e9799", "lon": 116.703, "lat": 23.365, "description": "有坑"}


def raw(**change):
    return json.dumps(GOOD | change).encode()


def deep(depth):
    return b'{"description": ' + b"[" * depth + b"]" * depth + b"}"


BODIES = {
    "huge": (raw(description="x" * 1_100_000), {413}),
    "deep": (deep(10_000), {400, 422}),
    "deeper": (deep(400_000), {400, 422}),
    "nul in text": (raw(description="a\x00b"), {422}),
    "nul in address": (raw(address="a\x00b"), {422}),
    "nul in channel": (raw(channel="a\x00b"), {422}),
    "nul in subcategory": (raw(subcategory="e\x00"), {422}),
    "nul in component": (raw(component="\x00"), {422}),
    "nul in criterion": (raw(criterion="\x00"), {422}),
    "nul in external": (raw(external="\x00"), {422}),
    "nul in reporter": (raw(reporter={"name": "\x00", "phone": ""}), {422}),
    "nul in note": (raw(note="\x00"), {422}),
    "nul in on_behalf": (raw(on_behalf="\x00"), {422}),
    "surrogate in text": (raw(description="\ud800"), {422}),
    "surrogate in address": (raw(address="\udfff"), {422}),
    "surrogate in name": (raw(reporter={"name": "\ud800"}), {422}),
    "surrogate in post": (raw(post="\ud800"), {422}),
    "surrogate in key": (b'{"\\ud800": 1}', {422}),
    "nan": (raw(lon=float("nan")), {400, 422}),
    "infinity": (raw(lat=float("inf")), {400, 422}),
    "minus infinity": (raw(lat=float("-inf")), {400, 422}),
    "1e999": (b'{"subcategory": "e9799", "lon": 1e999, "lat": 23.365}', {400, 422}),
    "many digits": (b'{"lon": ' + b"9" * 5_000 + b"}", {400, 422}),
    "huge base_n": (raw(base_n=10**30), {422}),
    "long on_behalf": (raw(on_behalf="x" * 500), {422}),
    "unknown on_behalf": (raw(on_behalf="陈大文"), {422}),
    "first year": (raw(occurred_at="0001-01-01T00:00:00+14:00"), {422}),
    "last year": (raw(occurred_at="9999-12-31T23:59:59-14:00"), {422}),
    "no time zone": (raw(occurred_at="2026-03-02T09:00:00"), {422}),
    "not utf-8": (b'{"description": "\xff\xfe"}', {400, 422}),
    "not json": (b"<xml/>", {400, 422}),
    "a list": (b"[]", {422}),
    "null": (b"null", {422}),
    "nothing": (b"", {400, 422}),
    "photos not there": (raw(photos=[{"sha256": "\x00" * 64, "role": "before"}]), {422}),
    "photo role": (raw(photos=[{"sha256": "0" * 64, "role": "\x00"}]), {422}),
    "thousands of photos": (raw(photos=[{"sha256": "0" * 64, "role": "near"}] * 5000), {422}),
}


def is_problem(answer, statuses):
    assert answer.status_code in statuses, (answer.status_code, answer.content[:300])
    assert answer["Content-Type"].startswith("application/problem+json"), answer.content[:200]
    assert answer.json()["status"] == answer.status_code
    return True


def kept():
    return Case.everything.count(), Entry.objects.count()


@pytest.mark.parametrize("name", BODIES)
def test_a_hostile_report_is_a_clean_no_and_nothing_is_kept(api, people, damaged, name):
    body, statuses = BODIES[name]
    answer = api("collector-wang", "POST", CASES, body)

    assert is_problem(answer, statuses)
    assert kept() == (0, 0)


VERB_BODIES = [
    ("intake", "ask_to_confirm", {"collector": "x" * 500}),
    ("intake", "ask_to_confirm", {"collector": "\x00"}),
    ("intake", "ask_to_confirm", {"collector": "nobody-here"}),
    ("intake", "decline", {"reason": "\x00"}),
    ("intake", "decline", {"reason": "\ud800"}),
    ("intake", "decline", {"reason": "长" * 5000}),
    ("dispatcher", "dispatch", {"unit": "\x00"}),
    ("dispatcher", "dispatch", {"unit": "SZ-DL", "section": "\x00"}),
    ("dispatcher", "dispatch", {"unit": "SZ-DL", "assisting": [{"unit": "\x00"}]}),
    ("dispatcher", "dispatch", {"unit": "SZ-DL", "assisting": [{"unit": "YL-LH", "task": "\x00"}]}),
    ("handler", "forward", {"unit": "SZ-DL", "person": "\x00"}),
    ("handler", "ask_suspend", {"until": "0001-01-01T00:00:00+14:00", "note": "x"}),
    ("handler", "ask_suspend", {"until": "9999-12-31T23:59:59-14:00", "note": "x"}),
    ("leader", "supervise", {"kind": "\x00", "note": "x"}),
    ("leader", "nudge", {"post": "\x00"}),
]


@pytest.mark.parametrize(("who", "verb", "body"), VERB_BODIES)
def test_a_hostile_verb_is_a_clean_no_and_nothing_is_kept(api, world, who, verb, body):
    before = kept()
    answer = api(who, "POST", f"{CASES}/{world.cases['own']}/{verb}", body)

    assert is_problem(answer, {400, 409, 422})
    assert kept() == before


@pytest.mark.parametrize(
    "query",
    [
        "area=%F4%8F%BF%BF",
        "area=%ED%9F%BF",
        "area=%00",
        "area=44%00",
        "number=%00",
        "unit=%00",
        "subcategory=%00",
        "stage=%00",
        "since=0001-01-01T00:00:00%2B14:00",
        "until=9999-12-31T23:59:59-14:00",
        "limit=abc",
        "cursor=%00",
        "cursor=%F0%9F%98%80",
        "cursor=WyJhIiwgImIiXQ",  # ["a", "b"]
        "cursor=WzEsIDFd",  # [1, 1]
        "cursor=WyIyMDI2LTAzLTAyVDA5OjAwKzA4OjAwIiwgIngiXQ",  # [moment, "x"]
        "cursor=WyIyMDI2LTAzLTAyVDA5OjAwKzA4OjAwIiwgMTAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDBd",
        "cursor=WyIwMDAxLTAxLTAxVDAwOjAwKzE0OjAwIiwgMV0",  # [year 1, 1]
        "cursor=WyIyMDI2LTAzLTAyVDA5OjAwIiwgMV0",  # [moment without zone, 1]
    ],
)
def test_a_hostile_query_is_a_clean_no_on_api_and_desk(api, desk, people, query):
    assert is_problem(api("intake", "GET", f"{CASES}?{query}"), {400, 422})
    page = desk("intake", "GET", f"/cases/?{query}")
    assert 400 <= page.status_code < 500 or query.startswith("limit="), page.status_code
    export = desk("intake", "GET", f"/cases/export.xlsx?{query}")
    assert export.status_code < 500
    b"".join(export)


@pytest.mark.parametrize("words", ["%00", "1%00", "%ED%A0%80", "%FF", "'%22%25_", "x" * 3000])
def test_a_hostile_search_is_answered(desk, people, words):
    for path in ("/cases/", "/components/", "/cases/export.xlsx", "/cases/report/subcategories"):
        answer = desk("intake", "GET", f"{path}?q={words}")
        assert answer.status_code < 500, path
        b"".join(answer)  # read to its end, a file is closed


@pytest.mark.parametrize("number", ["%00", "1%002", "x" * 3000, "%F0%9F%98%80", "..%2F..%2Fetc"])
def test_a_hostile_number_in_the_address_is_not_found(api, people, number):
    for path, method in (("", "GET"), ("/entries", "GET"), ("/nudge", "POST")):
        assert api("intake", method, f"{CASES}/{number}{path}").status_code in {400, 404}


@pytest.mark.parametrize(
    "key", ["x" * 10_000, "short", "a b c d e f g", "键键键键键键键键", "a" * 65]
)
def test_a_hostile_key_is_a_clean_no(api, people, damaged, key):
    answer = api("collector-wang", "POST", CASES, raw(), **{"Idempotency-Key": key})
    assert is_problem(answer, {422})
    assert kept() == (0, 0)


@pytest.mark.parametrize("token", ["", "x" * 20_000, "\x00", "é", "token-nobody", "a b"])
def test_a_hostile_token_is_nobody(api, people, token):
    answer = api("", "GET", CASES, Authorization=f"Bearer {token}")
    assert is_problem(answer, {401})


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "multipart/form-data", "", "x" * 2000]
)
def test_a_wrong_content_type_is_never_our_fault(api, people, damaged, kind):
    answer = api("collector-wang", "POST", CASES, b"a=b", content_type=kind)
    assert is_problem(answer, {400, 415, 422})
    assert kept() == (0, 0)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "BREW", "PROPFIND"])
@pytest.mark.parametrize("path", [CASES, f"{CASES}/{NEVER}", f"{CASES}/{NEVER}/accept"])
def test_an_unknown_method_is_a_problem_too(api, people, method, path):
    assert is_problem(api("intake", method, path), {404, 405})


def test_an_unknown_address_of_the_api_is_a_problem_too(api, people):
    assert is_problem(api("intake", "GET", "/api/v1/nothing/here"), {404})


def test_the_same_number_of_another_list_is_refused_and_not_broken(api, people, damaged):
    first = api("collector-wang", "POST", CASES, raw(external="DC-1"))
    second = api("collector-wang", "POST", CASES, raw(external="DC-1"))

    assert first.status_code == 201
    assert is_problem(second, {409, 422})
    assert kept()[0] == 1
