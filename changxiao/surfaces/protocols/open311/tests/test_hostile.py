"""Whatever a stranger sends to any operation is answered, in the protocol's words, never a 500."""

import json
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changxiao.cases.models import Case
from changxiao.surfaces.protocols.open311.tests.conftest import V2

pytestmark = pytest.mark.django_db
NAMES = (
    *("jurisdiction_id", "service_request_id", "service_code", "status", "start_date", "end_date"),
    *("updated_after", "updated_before", "lat", "long", "radius", "page", "page_size"),
    *("extensions", "extended_statuses", "api_key", "description", "address_string"),
    *("address_id", "media_url", "attribute[a]", "attribute[a][]", "email", "phone", "title"),
)
VALUES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["e9799", "nan", "1e400", "-1", "0", "9" * 30, "0001-01-01T00:00:00+14:00"]),
    st.sampled_from(
        ["9999-12-31T23:59:59-14:00", "open,closed", "\x00", "=1", "data:,", "http://"]
    ),
    st.floats().map(str),
    st.integers().map(str),
    st.datetimes().map(lambda at: at.isoformat()),
)
QUERIES = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6)
PATHS = (
    "services",
    "requests",
    "servicerequestupdates",
    "services/e9799",
    "requests/1",
    "tokens/x",
)
POSTS = ("requests", "servicerequestupdates")
ONCE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def readable(answer, fmt):
    assert answer.status_code < 500, answer.content
    if fmt == "xml":
        return ElementTree.fromstring(answer.content)
    return json.loads(answer.content)


@pytest.fixture(autouse=True)
def _plenty(db):
    from changxiao.orgs import throttle
    from changxiao.orgs.models import ThrottleRule

    for scope in ("open311", "open311_ip"):
        ThrottleRule.objects.create(scope=scope, limit=10**9, window=60)
    throttle.forget_rules()
    yield
    throttle.forget_rules()


@ONCE
@given(path=st.sampled_from(PATHS), query=QUERIES, fmt=st.sampled_from(["json", "xml"]))
def test_every_question_is_answered(outside, walked, path, query, fmt):
    answer = outside.get(f"{V2}/{path}.{fmt}", query)
    if b"%00" not in answer.wsgi_request.META["QUERY_STRING"].encode():
        readable(answer, fmt)
    assert answer.status_code < 500


@ONCE
@given(path=st.sampled_from(POSTS), form=QUERIES, fmt=st.sampled_from(["json", "xml"]))
def test_every_form_is_answered(outside, walked, key, path, form, fmt):
    readable(outside.post(f"{V2}/{path}.{fmt}", {"api_key": key, **form}), fmt)


@ONCE
@given(body=st.binary(max_size=200), kind=st.sampled_from(["multipart/form-data; boundary=b", "x"]))
def test_every_body_is_answered_and_none_of_these_is_a_report(outside, walked, body, kind):
    before = Case.everything.count()
    readable(outside.generic("POST", f"{V2}/requests.json", body, kind), "json")
    assert Case.everything.count() == before


@pytest.fixture
def walked(walk):
    return walk()
