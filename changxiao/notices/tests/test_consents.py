"""Residents and browsers: told only where they said so, and no longer than that."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.utils import timezone

from changxiao.cases import actions, followed
from changxiao.cases.models import Case
from changxiao.cases.tests.pages import signed_in
from changxiao.kernel import spoken
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry, PrivateValue
from changxiao.notices import sending
from changxiao.notices.actions import agree_notice
from changxiao.notices.channels.web_push import sealing
from changxiao.notices.models import Delivery, Notice
from changxiao.notices.models_outside import NoticeConsent, PushSubscription
from changxiao.notices.tests.conftest import hear, live, set_value

PHONE = "13800138000"


@pytest.fixture
def code(cast, keys, vendor, reported):
    """A case that its reporter follows; the city has a gateway."""
    told = {"url": f"{vendor.url}/sms", "body": {"to": "{phone}", "text": "{text}"}}
    keys("sms.json", told)
    found = followed.code_of("form-1")
    Case.everything.filter(pk=reported.pk).update(follow=followed.digest_of(found))
    return spoken.grouped(found)


def texts(vendor):
    return [json.loads(one.body)["text"] for one in vendor.got]


def tell(code, **sent):
    return Client().post(f"/p/r/{code}/tell", sent, follow=True).content.decode()


def test_a_resident_who_agrees_hears_of_receipt_and_result_with_his_link(code, vendor, reported):
    assert "有进展时短信告诉我" in Client().get(f"/p/r/{code}/").content.decode()
    assert "请勾选同意" in tell(code, phone=PHONE)
    assert not NoticeConsent.objects.exists()

    assert "会发短信告诉您" in tell(code, phone="138 0013 8000", agree="1")
    sending.drain(timezone.now())
    number = reported.number
    assert f"已收到，受理号{number}。看进展：http" in texts(vendor)[0]
    assert texts(vendor)[0].endswith(f"/p/c/{code}/")

    actions.decline(reported, reason="属于小区内部事务，请联系物业", act=live("decline"))
    hear()
    sending.drain(timezone.now())
    assert "没有受理。属于小区内部事务" in texts(vendor)[1]
    assert json.loads(vendor.got[0].body)["to"] == PHONE


def test_the_number_stands_in_no_row_and_no_entry_and_goes_when_he_says_so(code, vendor, reported):
    tell(code, phone=PHONE, agree="1")
    consent = NoticeConsent.objects.get()
    kept = "".join(Entry.objects.values_list("body", flat=True))
    assert PHONE not in kept and PHONE not in repr(list(Notice.everything.values()))
    assert PHONE in PrivateValue.objects.get(commit=consent.contact).value

    assert "手机号已删除" in tell(code, stop="1")
    assert not PrivateValue.objects.filter(commit=consent.contact).exists()
    sending.drain(timezone.now())
    assert Delivery.objects.get().state == "dropped" and vendor.got == []
    actions.decline(reported, reason="不属于本市", act=live("decline"))
    hear()
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    "phone", ["", "12345", "110", "23800138000", "1380013800x", "+1 3800138000"]
)
def test_a_number_that_is_none_is_refused_and_nothing_is_kept(code, phone):
    assert "请填 11 位手机号" in tell(code, phone=phone, agree="1")
    assert not NoticeConsent.objects.exists() and not Notice.everything.exists()


def test_one_code_does_not_write_to_a_whole_book(code, reported):
    for n in range(3):
        tell(code, phone=f"1380013800{n}", agree="1")
        assert "已登记" in tell(code, phone="13900139000", agree="1")
        tell(code, stop="1")
    with pytest.raises(Refused) as no:
        agree_notice(reported, phone=PHONE, code=code, act=Act.system("portal"))
    assert no.value.code == "consent_many" and NoticeConsent.objects.count() == 3


def test_without_a_gateway_nothing_is_offered_or_taken(code, keys):
    keys("sms.json", "")
    assert "有进展时短信告诉我" not in Client().get(f"/p/r/{code}/").content.decode()
    assert "现在不能登记" in tell(code, phone=PHONE, agree="1")
    assert (
        tell("0000-0000-0000-0000", phone=PHONE, agree="1") and not NoticeConsent.objects.exists()
    )


def subscription(endpoint):
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    keys = {"p256dh": sealing.unpadded(sealing.point(key)), "auth": sealing.unpadded(b"a" * 16)}
    return {"endpoint": endpoint, "keys": keys, "on": True}


def test_a_browser_is_rung_until_it_is_taken_off(cast, keys, roads):
    set_value("hook_networks", "127.0.0.1/32")
    client = signed_in("zhao", unit=roads)
    told = subscription("http://127.0.0.1:9/push/1")

    def send(what):
        return client.post("/notices/push", json.dumps(what), content_type="application/json")

    for _again in range(2):
        assert send(told).status_code == 200
    assert PushSubscription.objects.get().staff == cast["zhao"]
    assert "127.0.0.1:9" not in "".join(Entry.objects.values_list("body", flat=True))
    assert send(told | {"on": False}).json() == {"on": False}
    assert not PushSubscription.objects.exists()

    set_value("hook_networks", "")
    assert send(told).json()["error"] == "host_private"
    for bad in ([], {"endpoint": "x"}, told | {"keys": {"p256dh": "x", "auth": "y"}}):
        assert send(bad).status_code in {400, 409}
    assert not PushSubscription.objects.exists()
    assert "importScripts" in Client().get("/notices/worker.js").content.decode()
