"""Each channel against a server that answers as its vendor's does: what is sent, what fails how."""

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils import timezone

from changxiao.ledger.actions import seal
from changxiao.notices.channels import CHANNELS
from changxiao.notices.channels.base import Address, Failed, Message
from changxiao.notices.channels.web_push import sealing
from changxiao.notices.models_outside import PushSubscription, Robot
from changxiao.notices.tests.conftest import set_value
from changxiao.orgs.models import Staff

pytestmark = pytest.mark.django_db
MESSAGE = Message("新派遣", "道路破损，金砂东路12号", "https://city.example/cases/1/", key="k" * 64)
WECHAT = {"appid": "wx1", "secret": "s", "template_id": "t1"}


def sent(channel, to):
    CHANNELS[channel].send(to, MESSAGE)


def said(**told):
    return (200, json.dumps(told).encode(), {})


def bodies(vendor):
    return [json.loads(one.body) for one in vendor.got]


def test_without_credentials_every_channel_but_the_bell_says_what_is_missing(clock, keys):
    off = {key: channel.off() for key, channel in CHANNELS.items()}

    assert not off.pop("in_app") and not off.pop("web_push")
    assert all(off.values())
    assert "keys/notices/smtp" in off["email"] and "keys/notices/sms.json" in off["sms"]


@pytest.mark.parametrize("name", ["smtp", "sms.json", "wechat.json"])
def test_a_file_that_nobody_can_read_is_named(clock, keys, name):
    keys(name, "{nonsense")
    channel = {"smtp": "email", "sms.json": "sms", "wechat.json": "wechat"}[name]
    assert f"keys/notices/{name}" in CHANNELS[channel].off()
    with pytest.raises(Failed):
        sent(channel, Address(staff=1, contact="x"))


@pytest.fixture
def robots(clock, roads, keys, vendor):
    for kind in ("wecom", "dingtalk", "feishu"):
        Robot.objects.create(name=kind, kind=kind, unit=roads)
        keys(f"robot-{kind}", f"{vendor.url}/{kind}?key=abc\n{'' if kind == 'wecom' else 'SEC1'}")
    return vendor


def test_a_group_gets_title_text_and_link_in_its_vendor_s_shape(robots):
    for kind in ("wecom", "dingtalk", "feishu"):
        robots.answer(f"/{kind}", said(errcode=0) if kind != "feishu" else said(code=0))
        assert not CHANNELS[kind].off()
        sent(kind, Address(robot=kind))
    wecom, dingtalk, feishu = bodies(robots)
    text = "【新派遣】道路破损，金砂东路12号\nhttps://city.example/cases/1/"
    assert wecom == dingtalk == {"msgtype": "text", "text": {"content": text}}
    assert feishu["content"] == {"text": text}

    asked = parse_qs(urlsplit(robots.got[1].path).query)
    told = f"{asked['timestamp'][0]}\nSEC1".encode()
    wanted = base64.b64encode(hmac.new(b"SEC1", told, hashlib.sha256).digest()).decode()
    assert asked["sign"] == [wanted]
    stamp = f"{feishu['timestamp']}\nSEC1".encode()
    assert (
        feishu["sign"] == base64.b64encode(hmac.new(stamp, b"", hashlib.sha256).digest()).decode()
    )


@pytest.mark.parametrize(
    ("kind", "answer", "for_good"),
    [
        ("wecom", said(errcode=45009, errmsg="api freq out of limit"), False),
        ("wecom", said(errcode=93000, errmsg="invalid webhook url"), True),
        ("dingtalk", said(errcode=130101, errmsg="send too fast"), False),
        ("dingtalk", said(errcode=310000, errmsg="sign not match"), True),
        ("feishu", said(code=11232, msg="frequency limited"), False),
        ("feishu", said(code=19021, msg="sign match fail"), True),
        ("wecom", (500, b"oops", {}), False),
        ("wecom", (404, b"", {}), True),
        ("wecom", (200, b"not json", {}), False),
    ],
)
def test_what_a_group_s_vendor_refuses_is_tried_again_or_not(robots, kind, answer, for_good):
    robots.answer(f"/{kind}", answer)
    with pytest.raises(Failed) as wrong:
        sent(kind, Address(robot=kind))
    assert wrong.value.for_good is for_good


def test_a_server_that_is_away_is_tried_again(clock, roads, keys):
    Robot.objects.create(name="r", kind="wecom", unit=roads)
    keys("robot-r", "http://127.0.0.1:9/x")
    with pytest.raises(Failed, match="没有回应") as wrong:
        sent("wecom", Address(robot="r"))
    assert not wrong.value.for_good


def test_a_mail_goes_out_and_its_refusals_are_told_apart(clock, keys, post):
    staff = Staff.objects.create(username="mail", name="收信人", email="to@example.org")
    keys("smtp", f"smtp://127.0.0.1:{post.port}?from=city@example.org&tls=off")
    channel = CHANNELS["email"]
    assert channel.off() == "" and channel.reaches([staff.pk]) == {staff.pk}
    sent("email", Address(staff=staff.pk))
    mail = post.mails[-1].decode()
    assert "To: to@example.org" in mail and f"<{'k' * 64}@changxiao>" in mail

    for word, answer, for_good in [
        ("RCPT", "550 no such user", True),
        ("RCPT", "451 try later", False),
        ("MAIL", "421 too busy", False),
        ("DATA", "554 spam", True),
    ]:
        post.refuses = {word: answer}
        with pytest.raises(Failed) as wrong:
            sent("email", Address(staff=staff.pk))
        assert wrong.value.for_good is for_good, answer
    post.refuses = {}
    assert len(post.mails) == 1


def test_a_short_message_takes_the_shape_of_the_gateway(clock, keys, vendor):
    contact = seal(json.dumps({"phone": "13800138000", "code": "x"}))
    told = {
        "url": f"{vendor.url}/sms?to={{phone}}",
        "headers": {"X-Api-Key": "secret"},
        "body": {"mobile": "{phone}", "params": ["{text}"], "id": "{key}", "n": 1, "x": "{y}"},
        "ok": {"field": "result.code", "value": "OK"},
        "gone": ["BAD_NUMBER"],
    }
    keys("sms.json", told)
    vendor.answer("/sms", said(result={"code": "OK"}))
    sent("sms", Address(contact=contact))
    got = vendor.got[0]
    assert got.path == "/sms?to=13800138000" and got.headers["X-Api-Key"] == "secret"
    assert bodies(vendor)[0] == {
        "mobile": "13800138000",
        "params": ["道路破损，金砂东路12号 https://city.example/cases/1/"],
        "id": "k" * 32,
        "n": 1,
        "x": "{y}",
    }
    for code, for_good in (("BUSY", False), ("BAD_NUMBER", True)):
        vendor.answer("/sms", said(result={"code": code}))
        with pytest.raises(Failed) as wrong:
            sent("sms", Address(contact=contact))
        assert wrong.value.for_good is for_good

    keys("sms.json", {"url": f"{vendor.url}/form", "form": {"m": "{phone}", "c": "{text}"}})
    staff = Staff.objects.create(username="sms", name="机主", phone="13900139000")
    sent("sms", Address(staff=staff.pk))
    assert parse_qs(vendor.got[-1].body.decode())["m"] == ["13900139000"]
    with pytest.raises(Failed) as wrong:
        sent("sms", Address(contact="erased"))
    assert wrong.value.for_good


def test_wechat_keeps_its_token_and_asks_anew_when_it_has_ended(clock, keys, vendor):
    path = keys("wechat.json", WECHAT | {"base": vendor.url})
    contact = seal(json.dumps({"openid": "o1"}))
    vendor.answer("/cgi-bin/stable_token", said(access_token="T1", expires_in=7200))
    vendor.answer("/cgi-bin/message/template/send", said(errcode=0, msgid=1))
    for _n in range(2):
        sent("wechat", Address(contact=contact))
    paths = [one.path for one in vendor.got]
    assert paths == [
        "/cgi-bin/stable_token",
        "/cgi-bin/message/template/send?access_token=T1",
        "/cgi-bin/message/template/send?access_token=T1",
    ]
    assert bodies(vendor)[1]["touser"] == "o1"
    assert bodies(vendor)[1]["data"]["thing1"] == {"value": "新派遣"}
    kept = path.with_name("wechat-wx1.token")
    assert kept.read_text().startswith("T1 ") and kept.stat().st_mode & 0o77 == 0

    vendor.got.clear()
    vendor.answer("/cgi-bin/stable_token", said(access_token="T2", expires_in=7200))
    vendor.answer("/cgi-bin/message/template/send", said(errcode=42001), said(errcode=0))
    sent("wechat", Address(contact=contact))
    assert [one.path[-2:] for one in vendor.got] == ["T1", "en", "T2"]
    assert bodies(vendor)[1]["force_refresh"] is True


@pytest.mark.parametrize(
    ("code", "for_good"),
    [(43004, True), (40003, True), (47003, True), (-1, False), (45009, False), (40001, False)],
)
def test_wechat_s_refusals_are_told_apart(clock, keys, vendor, code, for_good):
    keys("wechat.json", WECHAT | {"base": vendor.url})
    vendor.answer("/cgi-bin/stable_token", said(access_token="T1", expires_in=7200))
    vendor.answer("/cgi-bin/message/template/send", said(errcode=code, errmsg="x"))
    with pytest.raises(Failed) as wrong:
        sent("wechat", Address(contact=seal(json.dumps({"openid": "o1"}))))
    assert wrong.value.for_good is for_good


def test_the_seal_of_a_push_is_that_of_the_standard_s_example():
    """RFC 8291, appendix A."""
    own = ec.derive_private_key(
        int.from_bytes(sealing.padded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"),
        ec.SECP256R1(),
    )
    body = sealing.sealed(
        b"When I grow up, I want to be a watermelon",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
        own=own,
        salt=sealing.padded("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert sealing.unpadded(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmY"
        "WAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexS"
        "gSxsj_Qulcy4a-fN"
    )


def opened(body, browser, auth):
    """As a browser opens it."""
    salt, mine, sealed = body[:16], body[21:86], body[86:]
    shared = browser.exchange(
        ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), mine)
    )
    theirs = sealing.point(browser.public_key())
    ikm = sealing._derived(auth, shared, b"WebPush: info\0" + theirs + mine, 32)
    key = sealing._derived(salt, ikm, b"Content-Encoding: aes128gcm\0", 16)
    nonce = sealing._derived(salt, ikm, b"Content-Encoding: nonce\0", 12)
    return json.loads(AESGCM(key).decrypt(nonce, sealed, None)[:-1])


def test_a_push_reaches_its_browser_alone_and_one_that_is_gone_is_forgotten(clock, keys, vendor):
    set_value("hook_networks", "127.0.0.1/32")
    staff = Staff.objects.create(username="push", name="开通者")
    browser, auth = ec.generate_private_key(ec.SECP256R1()), b"a" * 16
    row = PushSubscription.objects.create(
        staff=staff,
        digest="d",
        endpoint=f"{vendor.url}/push/1",
        p256dh=sealing.unpadded(sealing.point(browser.public_key())),
        auth=sealing.unpadded(auth),
        made_at=timezone.now(),
    )
    assert CHANNELS["web_push"].reaches([staff.pk, 999_999]) == {staff.pk}
    vendor.answer("/push/1", (201, b"", {}))
    sent("web_push", Address(staff=staff.pk))
    got = vendor.got[0]
    told = opened(got.body, browser, auth)
    assert told["title"] == "新派遣" and told["url"].endswith("/cases/1/")
    assert got.headers["TTL"] == "86400" and got.headers["Content-Encoding"] == "aes128gcm"
    assert _signed_by_us(got.headers["Authorization"], vendor.url)

    vendor.answer("/push/1", (410, b"", {}))
    with pytest.raises(Failed) as wrong:
        sent("web_push", Address(staff=staff.pk))
    assert wrong.value.for_good and not PushSubscription.objects.filter(pk=row.pk).exists()


def _signed_by_us(header, origin):
    token = header.removeprefix("vapid t=").partition(",")[0]
    head, claims, signature = token.split(".")
    told, raw = json.loads(sealing.padded(claims)), sealing.padded(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    sealing.read_point(sealing.public_key()).verify(
        der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256())
    )
    return told["aud"] == origin


def test_a_push_never_goes_inside_unless_the_city_says_so(clock, keys, vendor):
    staff = Staff.objects.create(username="push", name="开通者")
    PushSubscription.objects.create(
        staff=staff,
        digest="d",
        endpoint=f"{vendor.url}/push/1",
        p256dh="x",
        auth="y",
        made_at=timezone.now(),
    )
    with pytest.raises(Failed, match="内部地址") as wrong:
        sent("web_push", Address(staff=staff.pk))
    assert wrong.value.for_good and vendor.got == []
