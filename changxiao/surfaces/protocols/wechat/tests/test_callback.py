"""The callback (reliability.md T6, A-15): what is not theirs, whole and fresh is not stored."""

import base64
import contextlib
import os
import re

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changxiao.cases.chats.models import ChatMessage
from changxiao.kernel.home import home
from changxiao.kernel.refused import Refused
from changxiao.surfaces.protocols.wechat import accounts, reading, sealing, views
from changxiao.surfaces.protocols.wechat.tests.conftest import (
    AES,
    FILE,
    envelope,
    posted,
    stored,
    swept,
    xml,
)

pytestmark = pytest.mark.django_db
KEY, APP = bytes(range(32)), "wx0123456789abcdef"
XXE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><Encrypt>&e;</Encrypt></xml>'
BILLION = b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><xml><Encrypt>&b;</Encrypt></xml>'


def stamped(seconds):
    return str(int(timezone.now().timestamp()) + seconds)


def _changed(address, **change):
    for name, value in change.items():
        address = re.sub(rf"(?<=[?&]){name}=[^&]*", f"{name}={value}", address)
    return address


FORGED = {
    "another token": {"token": "guess"},
    "another key": {"key": bytes(32)},
    "another AppID": {"appid": "wxffffffffffffffff"},
    "AppID cut short": {"appid": APP[:-1]},
    "too old": {"stamp": "-301"},
    "too early": {"stamp": "+330"},
    "no time": {"stamp": "soon"},
    "time of 13 digits": {"stamp": "1" * 13},
}


@pytest.mark.parametrize("why", FORGED)
def test_a_forged_or_late_envelope_is_refused_and_nothing_is_stored(ours, why):
    told = dict(FORGED[why])
    if re.fullmatch(r"[+-]\d+", told.get("stamp", "")):
        told["stamp"] = stamped(int(told["stamp"]))
    answer = posted(*envelope(ours, xml(Content="坑"), **told))
    assert (answer.status_code, answer.content, stored()) == (403, b"", 0)


CHANGED = {
    "signature of nothing": lambda a, b: (_changed(a, msg_signature=""), b),
    "signature in capitals": lambda a, b: (_changed(a, msg_signature="A" * 40), b),
    "another nonce": lambda a, b: (_changed(a, nonce="x"), b),
    "clear mode": lambda a, b: (_changed(a, encrypt_type="raw"), b),
    "no mode": lambda a, b: (a.replace("&encrypt_type=aes", ""), b),
    "no body": lambda a, b: (a, b""),
    "no XML": lambda a, b: (a, b"{}"),
    "XXE": lambda a, b: (a, XXE),
    "billion laughs": lambda a, b: (a, BILLION),
    "another coding": lambda a, b: (a, b'<?xml version="1.0" encoding="x"?><xml/>'),
    "64 KiB and one": lambda a, b: (a, b + b" " * (reading.MOST + 1 - len(b))),
    "10 MB": lambda a, b: (a, b"<xml>" + b"a" * 10_000_000),
    "cut": lambda a, b: (a, b[:-40]),
    "deep": lambda a, b: (a, b"<x>" * 8000),
    "no envelope": lambda a, b: (a, b"<xml><Content>hi</Content></xml>"),
}


@pytest.mark.parametrize("why", CHANGED)
def test_a_changed_request_is_refused_and_nothing_is_stored(ours, why):
    answer = posted(*CHANGED[why](*envelope(ours, xml(Content="坑"))))
    assert (answer.status_code, answer.content, stored()) == (403, b"", 0)


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"no xml",
        XXE,
        xml(FromUserName=""),
        xml(MsgType=None),
        xml(MsgId=None),
        xml(MsgId=None, MsgType="event"),
        b"<xml>\x00</xml>",
    ],
)
def test_what_is_well_sealed_and_no_message_is_refused(ours, message):
    answer = posted(*envelope(ours, message))
    assert (answer.status_code, stored()) == (403, 0)


def test_a_nonce_serves_once_but_their_second_try_is_no_replay(ours):
    message = xml(Content="坑")
    first = envelope(ours, message, nonce="same")
    assert [posted(*first).status_code for _ in range(3)] == [200] * 3
    assert stored() == 1
    stamp = re.search(r"timestamp=(\d+)", first[0])[1]
    other = envelope(ours, xml(Content="又一条"), nonce="same", stamp=stamp)
    assert (posted(*other).status_code, stored()) == (403, 1)


def test_the_address_is_proved_by_its_echo_and_by_nothing_else(ours):
    stamp = stamped(0)
    good = {"timestamp": stamp, "nonce": "n", "echostr": "4561237890"}
    good["signature"] = sealing.signature(ours.token, stamp, "n")
    answer = Client().get("/wechat/town", good)
    assert (answer.status_code, answer.content) == (200, b"4561237890")
    assert answer["Content-Type"].startswith("text/plain")
    old = stamped(-400)
    for change in (
        {"signature": "0" * 40},
        {"nonce": "m"},
        {"echostr": "<script>alert(1)</script>"},
        {"echostr": ""},
        {"timestamp": old, "signature": sealing.signature(ours.token, old, "n")},
    ):
        assert Client().get("/wechat/town", good | change).status_code == 403


def test_no_account_no_address(city, db):
    for name in ("town", "..", "x" * 99, "a.toml", "%2e%2e"):
        assert Client().get(f"/wechat/{name}").status_code in {404, 403}
        assert Client().post(f"/wechat/{name}").status_code in {404, 403}
    assert stored() == 0


def test_other_methods_and_a_store_that_is_away(ours, monkeypatch):
    assert Client().delete("/wechat/town").status_code == 405
    from django.db import OperationalError

    def away(_row):
        raise OperationalError("database is locked")

    address, body = envelope(ours, xml(Content="坑"))
    with monkeypatch.context() as patched:
        patched.setattr(views.post, "keep", away)
        assert posted(address, body).status_code == 503
    assert posted(address, body).status_code == 200 and stored() == 1


@given(st.binary(max_size=300), st.binary(min_size=16, max_size=16))
def test_the_seal_opens_what_it_closed(message, random):
    assert sealing.opened(sealing.sealed(message, KEY, APP, random), KEY, APP) == message


BOXES = st.binary(max_size=96).map(lambda plain: base64.b64encode(plain).decode())


@settings(max_examples=60)
@given(st.text(max_size=120) | BOXES)
def test_whatever_comes_instead_is_refused_in_one_way(box):
    with pytest.raises(Refused) as no:
        sealing.opened(box, KEY, APP)
    assert no.value.code == "envelope_wrong"


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_no_body_breaks_the_reader(body):
    with contextlib.suppress(Refused):
        reading.said(reading.parsed(body))


WORD = st.text(max_size=20)
SAID = st.fixed_dictionaries(
    {"MsgType": st.sampled_from(["text", "location", "image", "voice", "event", "x"]) | WORD},
    optional={
        "MsgId": WORD,
        "FromUserName": st.sampled_from(["o1", "o2"]) | WORD,
        "CreateTime": WORD,
        "Content": st.sampled_from(["好了", "不报了", "我的", "有坑", "1", "ABCD-2345"]) | WORD,
        "MediaId": st.sampled_from(["hole", "text"]) | WORD,
        "Event": st.sampled_from(["subscribe", "CLICK"]) | WORD,
        "EventKey": st.sampled_from(["send", "drop", "mine"]) | WORD,
        "Location_X": st.floats().map(str) | WORD,
        "Location_Y": st.floats().map(str) | WORD,
        "Label": WORD,
    },
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(SAID, max_size=4))
def test_whatever_wechat_seals_is_answered_at_once_and_worked_without_a_fault(ours, messages):
    for told in messages:
        assert posted(*envelope(ours, xml(**told))).status_code in (200, 403)
    swept()

    # A picture that WeChat does not have is tried again or set aside; nothing else goes wrong.
    failed = ChatMessage.objects.filter(tries__gt=0).exclude(why__startswith="微信答")
    assert list(failed.values_list("why", "raw")) == []


def test_the_doctor_says_on_or_off_in_one_line(ours):
    assert [(one.level, one.detail) for one in accounts.probe()] == [("ok", "town")]
    path = home() / "wechat" / "bad.toml"
    for wrong in ("token =", FILE.format(aes=AES[:-1], base="x"), 'appid = "x"'):
        path.write_text(wrong)
        (found,) = accounts.probe()
        assert found.level == "warn" and "bad.toml" in found.detail and found.remedy
        assert AES[:20] not in found.detail
    os.unlink(path)


def test_without_a_file_the_channel_is_off(db):
    (found,) = accounts.probe()
    assert found.level == "ok" and "未开通" in found.detail
