"""A camera's box over HTTP: three modes, once each, and a matrix of what is refused."""

import hashlib
import json
import re
import sys

import pytest
from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.formats.json import JSONFormat
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changxiao.cases.finds.models import Find
from changxiao.cases.models import Case
from changxiao.cases.samples import pictures
from changxiao.ledger.media.models import Photo
from changxiao.ledger.models import Entry
from changxiao.orgs.models import ThrottleRule
from changxiao.surfaces.protocols.cloudevents import keys
from changxiao.surfaces.protocols.cloudevents.reading import TYPE
from changxiao.surfaces.protocols.cloudevents.tests.conftest import event, picture, send, token_of
from changxiao.surfaces.protocols.meter import Meter
from tests.house.source import HOUSE
from tests.support.budgets import budget
from tests.support.cast import MONDAY

pytestmark = pytest.mark.django_db
URL = "/cloudevents/"
MODES = (to_structured_event, to_binary_event)


def batch(client, *rows):
    return client.generic("POST", URL, json.dumps(rows), "application/cloudevents-batch+json")


def plain(one):
    return json.loads(JSONFormat().write(one))


def stored():
    return Find.everything.count(), Photo.objects.count(), Entry.objects.count()


@pytest.mark.parametrize("mode", MODES)
def test_their_sdk_is_understood_and_nothing_is_reported_by_a_machine_alone(box, mode):
    answer = send(box, event(time=MONDAY), mode)

    assert answer.status_code == 201, answer.content
    find = Find.everything.get()
    assert (answer.json()["find"], answer.json()["state"]) == (find.code, "waiting")
    assert (find.camera.box, find.kind, find.confidence) == ("box-1", "pothole", 0.91)
    assert find.seen_at.isoformat() == "2026-03-02T01:00:00+00:00"
    assert not Case.everything.exists()


def test_an_event_sent_thrice_in_any_mode_is_one_find(box):
    one = event()
    told = [send(box, one, mode) for mode in (*MODES, to_structured_event)]

    assert [answer.status_code for answer in told] == [201, 200, 200]
    assert told[1]["Idempotent-Replayed"] == "true" and Find.everything.get().count == 1
    other = send(box, event({"class": "crack"}, id=one.get_id()))
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    assert Find.everything.count() == 1


def test_the_picture_comes_inside_and_only_where_a_person_will_look(box):
    data = {"class": "pothole", "picture": picture(), "box": [64, 48, 320, 240]}
    send(box, event(data))
    find = Find.everything.get()
    assert find.photo.width == 640 and find.frame == [0.1, 0.1, 0.5, 0.5]
    assert find.photo.uploaded_by == "box-1"

    other = picture(base64="aGVsbG8=")  # of a repeat nothing is read
    assert send(box, event({**data, "picture": other})).json()["count"] == 2
    assert Photo.objects.count() == 1
    assert "PIL" not in {name for name in sys.modules if name.startswith("changxiao")}


def test_or_it_comes_first_by_its_hash(box):
    content = pictures.drawn("litter", "before")
    sha256 = hashlib.sha256(content).hexdigest()
    data = {"class": "pothole", "picture": {"sha256": sha256}}
    missing = send(box, event(data))
    assert (missing.status_code, missing.json()["code"]) == (422, "photo_unknown")
    assert box.put(f"{URL}media/{sha256}", content, "image/png").status_code == 200
    assert send(box, event(data)).status_code == 201
    assert Find.everything.get().photo.sha256 == sha256
    wrong = box.put(f"{URL}media/{'0' * 64}", content, "image/png")
    assert wrong.status_code >= 400 and Photo.objects.count() == 1


def test_a_batch_is_answered_event_by_event(box):
    good, bad = plain(event()), plain(event({"class": "cat"}))
    answer = batch(box, good, bad, good)

    assert answer.status_code == 207
    assert [row["status"] for row in answer.json()["results"]] == [201, 422, 200]
    assert answer.json()["results"][1]["code"] == "class_unknown"
    assert batch(box).json() == {"results": []}
    assert Find.everything.count() == 1


def test_who_shows_no_token_of_a_box_is_sent_away(box):
    before = stored()
    other = token_of("app", kind="open311")
    for header in ("", "Bearer", "Bearer x", "Basic Ym94", f"Bearer {other}"):
        client = Client(headers={"Authorization": header} if header else {})
        answer = send(client, event())
        assert answer.status_code == 401 and answer["WWW-Authenticate"] == "Bearer"
        assert client.put(f"{URL}media/{'0' * 64}", b"x", "image/png").status_code == 401
    assert stored() == before


def test_a_box_speaks_for_its_own_cameras_only(box, camera):
    rival = Client(headers={"Authorization": f"Bearer {token_of('box-2')}"})
    answer = send(rival, event({"class": "pothole", "camera": camera.code}))

    assert (answer.status_code, answer.json()["code"]) == (422, "camera_unknown")
    assert send(box, event(subject=camera.code)).status_code == 201


HOLE = {"class": "pothole"}
GOOD = {"specversion": "1.0", "id": "1", "source": "urn:x", "type": TYPE, "data": HOLE}
WRONG = {
    **{f"no {n}": {n: None} for n in ("specversion", "id", "source", "type")},
    "version": {"specversion": "0.3"},
    "type": {"type": "com.example.other"},
    "time": {"time": "yesterday"},
    "time without zone": {"time": "2026-03-02T09:00:00"},
    "id is a number": {"id": 7},
    "long source": {"source": "x" * 401},
    "NUL": {"subject": "a\x00b"},
    "half a character": {"data": {"class": "pothole", "note": "\ud800"}},
    "no data": {"data": None},
    "data is a list": {"data": [1]},
    "no class": {"data": {}},
    "class unknown": {"data": {"class": "../../etc"}},
    "confidence": {"data": {"class": "pothole", "confidence": 1.5}},
    "latitude": {"data": {"class": "pothole", "lon": 116.7, "lat": 116.7}},
    "elsewhere": {"data": {"class": "pothole", "lon": 2.35, "lat": 48.85}},
    "datum": {"data": {"class": "pothole", "lon": 116.7, "lat": 23.36, "crs": "mars"}},
    "box": {"data": {"class": "pothole", "box": [0.5, 0.5, 0.9, 0.9]}},
    "box of words": {"data": {"class": "pothole", "box": ["a"]}},
    "picture is no base64": {"data": {"class": "pothole", "picture": {"base64": "%%%"}}},
    "picture is no picture": {"data": {"class": "pothole", "picture": {"base64": "aGVsbG8="}}},
    "picture of a wrong type": {"data": HOLE | {"picture": picture(type="image/jpeg")}},
    "svg": {"data": HOLE | {"picture": {"type": "image/svg+xml", "base64": "PHN2Zz4="}}},
    "a link": {"data": {"class": "pothole", "picture": "http://127.0.0.1/x.jpg"}},
    "both datas": {"data_base64": "e30="},
}  # fmt: skip


@pytest.mark.parametrize("why", WRONG)
def test_what_will_not_do_is_refused_by_name_and_nothing_is_stored(box, why):
    row = {name: value for name, value in (GOOD | WRONG[why]).items() if value is not None}
    before = stored()
    answer = box.generic("POST", URL, json.dumps(row), "application/cloudevents+json")

    assert answer.status_code in {415, 422}, (answer.status_code, answer.content)
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json().get("field") or answer.json()["code"] == "text_unreadable"
    assert stored() == before


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "application/cloudevents+json", 422),
        (b"[" * 100_000, "application/cloudevents+json", 422),
        (b'{"a":' * 50_000, "application/cloudevents+json", 422),
        (b'{"id": NaN}', "application/cloudevents+json", 422),
        (b"{}", "application/cloudevents-batch+json", 422),
        (json.dumps([GOOD] * 51).encode(), "application/cloudevents-batch+json", 422),
        (b"<x/>", "application/cloudevents+xml", 422),
        (b"{}", "application/json", 422),
        (b"\xff\xfe", "application/cloudevents+json", 422),
    ],
)
def test_bodies_that_are_no_events(box, body, kind, status):
    before = stored()
    answer = box.generic("POST", URL, body, kind)
    assert answer.status_code == status, answer.content
    assert stored() == before


def test_too_large_a_body_is_not_even_read(box, monkeypatch):
    monkeypatch.setattr("changxiao.surfaces.protocols.cloudevents.views.MOST", 1000)
    answer = box.generic("POST", URL, b"x" * 1001, "application/cloudevents+json")
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_a_busy_box_is_told_when_to_come_again_and_loses_nothing(box, monkeypatch):
    from changxiao.orgs import throttle

    monkeypatch.setattr(keys, "METER", Meter("camera"))

    ThrottleRule.objects.create(scope="camera", limit=1, window=60)
    throttle.forget_rules()
    one = event()
    assert send(box, one).status_code == 201
    answer = send(box, one)
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0
    throttle.forget_rules()


def test_the_schema_is_published_and_other_methods_are_not(box):
    told = box.get(f"{URL}schema.json").json()
    assert told["$id"] == TYPE and set(told["required"]) == {"class"}
    for method in ("get", "put", "delete"):
        answer = getattr(box, method)(URL)
        assert answer.status_code == 405 and answer["Allow"] == "POST"


ROWS = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.sampled_from(["1.0", TYPE]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["class", "box", "lon", "picture", "a"]), inner)
    ),
    max_leaves=6,
)
NAMES = [*GOOD, "data_base64", "time", "subject", "datacontenttype", "x"]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(row=st.dictionaries(st.sampled_from(NAMES), ROWS, max_size=7))
def test_whatever_is_sent_is_answered(box, row):
    body = json.dumps(GOOD | row)
    assert box.generic("POST", URL, body, "application/cloudevents+json").status_code < 500


def test_the_example_of_the_docs_is_taken_as_it_stands(box):
    page = (HOUSE / "docs" / "channels.md").read_text(encoding="utf-8")
    curl = r'curl -X POST "\$CHANGXIAO_URL(\S+)" .*?(Content-Type: [^"]+)" -d \'(.+?)\''
    address, kind, body = re.search(curl, page, re.S).groups()
    answer = box.generic("POST", address, body, kind.removeprefix("Content-Type: "))
    assert answer.status_code == 201, answer.content
    assert Find.everything.get().seen_at == MONDAY


def test_an_event_keeps_its_budget_and_a_batch_costs_no_more_each(box):
    send(box, event())

    def at(lat):
        return event({"class": "pothole", "lat": lat, "lon": 116.704})

    with budget("cloudevents:find"):
        assert send(box, at(23.369)).status_code == 201
    rows = [plain(at(23.36 + n / 1000)) for n in range(3)]
    with budget("cloudevents:three"):
        assert batch(box, *rows).status_code == 200
