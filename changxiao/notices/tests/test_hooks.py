"""Other systems are told: signed, in order, again until they take it; paused, replayed, shown."""

import hashlib
import hmac
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from changxiao.cases import actions
from changxiao.cases.tests.pages import signed_in
from changxiao.catalog.tests.browsing import confirmed, edit, opened, previewed, undone
from changxiao.kernel.refused import Refused
from changxiao.ledger import consumers, sequencer
from changxiao.ledger.consumers import Consumer
from changxiao.ledger.models import Entry
from changxiao.notices.actions import pause_webhook, replay_webhook, resume_webhook, set_webhook
from changxiao.notices.hooks import sending, shape, signing
from changxiao.notices.models import Notice
from changxiao.notices.models_hooks import HookDelivery, Webhook
from changxiao.notices.tests.conftest import live, set_value
from changxiao.orgs.posts import Post
from tests.support.cast import MONDAY, act

CONSUMER = Consumer(
    "webhooks", frozenset(), "changxiao.notices.hooks.jobs.hear", from_now=True, many=True
)
PAGE = "/settings/notices/hooks/"
DOCS = Path(__file__).resolve().parents[3] / "docs" / "notices.md"


def admin(note=""):
    return live("set", by="admin", post=Post.CITY_ADMIN, note=note)


def hear():
    sequencer.drain()
    while consumers.deliver([CONSUMER], MONDAY + timedelta(hours=1)):
        pass


def push(hook, now=None):
    count = 0
    while sending.one(hook.pk, now or timezone.now()):
        count += 1
    return count


@pytest.fixture
def hook(cast, keys, vendor):
    set_value("hook_networks", "127.0.0.1/32")
    hear()
    return set_webhook("gis", url=f"{vendor.url}/in", verbs=[], act=admin())


@pytest.fixture
def told(hook, reported):
    """Three steps of a case, one by an import, which nobody is told of."""
    case = actions.nudge(reported, act=live("nudge", note="张三的电话13800138000"))
    case = actions.accept(case, act=live("accept"))
    hear()
    return case


def events(vendor):
    return [json.loads(one.body) for one in vendor.got]


def states(hook):
    return list(hook.deliveries.order_by("position").values_list("state", flat=True))


def test_steps_come_in_order_signed_and_without_anybody_s_words(told, hook, vendor):
    assert push(hook) == 2 and push(hook) == 0

    first, second = events(vendor)
    assert [first["type"], second["type"]] == ["case.nudge", "case.accept"]
    assert first["position"] < second["position"] and second["stage"] == "accepted"
    assert second["case"]["number"] == told.number
    for text in ("13800138000", "有坑", "chen", "note"):
        assert text not in vendor.got[0].body.decode()
    got = vendor.got[0]
    assert (
        got.headers["X-Changxiao-Event-Id"] == first["id"] == Entry.objects.get(verb="nudge").hash
    )
    seconds, sign = re.fullmatch(r"t=(\d+),v1=(\w+)", got.headers[signing.HEADER]).groups()
    wanted = hmac.new(signing.secret_of("gis"), f"{seconds}.".encode() + got.body, hashlib.sha256)
    assert sign == wanted.hexdigest()


def test_the_check_in_the_manual_takes_a_true_one_and_no_other(told, hook, vendor):
    push(hook)
    code = re.search(r"```python\n(def is_ours.*?)```", DOCS.read_text(), re.S)[1]
    known = {}
    exec("import hashlib, hmac, time\n" + code, known)
    got, key = vendor.got[0], signing.secret_of("gis").decode()
    header = got.headers[signing.HEADER]

    assert known["is_ours"](key, header, got.body)
    assert not known["is_ours"](key, header, got.body + b" ")
    assert not known["is_ours"]("other", header, got.body)
    old = signing.signature(key.encode(), got.body, int(timezone.now().timestamp()) - 301)
    assert not known["is_ours"](key, old, got.body)
    assert not known["is_ours"](key, "nonsense", got.body)


def test_what_is_not_taken_holds_up_what_comes_after_until_it_is_given_up(told, hook, vendor):
    set_value("hook_tries", "2")
    vendor.answer("/in", (500, b"", {}), (500, b"", {}), (200, b"", {}))
    now = timezone.now()
    assert push(hook, now) == 0 and push(hook, now) == 0
    assert len(vendor.got) == 1, "the second waits for the first"

    now = hook.deliveries.order_by("position").first().send_at
    push(hook, now)
    assert states(hook) == ["failed", "waiting"]
    push(hook, now)
    assert states(hook) == ["failed", "sent"]
    ids = [one["id"] for one in events(vendor)]
    assert ids[0] == ids[1] != ids[2]

    lost = hook.deliveries.get(state="failed")
    replay_webhook(hook, one=lost.pk, act=admin())
    assert push(hook) == 1 and states(hook) == ["sent", "sent"]


def test_an_address_that_fails_again_and_again_is_paused_and_says_so(told, hook, vendor):
    set_value("hook_failures", "3")
    vendor.answer("/in", (503, b"down", {}))
    now = timezone.now()
    for _n in range(5):
        push(hook, now)
        now += timedelta(hours=1)
    hook.refresh_from_db()
    assert (hook.state, hook.failures) == ("paused", 3) and "503" in hook.why
    assert len(vendor.got) == 3
    assert Notice.everything.get(what="hook_paused").staff.username == "admin"
    assert "出站推送“gis”已暂停" in signed_in("admin").get("/").content.decode()

    actions.nudge(told, act=live("nudge"))
    hear()
    vendor.answer("/in", (200, b"", {}))
    resume_webhook(hook, act=admin())
    assert push(hook) == 3 and set(states(hook)) == {"sent"}


def test_what_an_import_tells_of_is_not_passed_on(told, hook):
    actions.nudge(told, act=act("nudge", timezone.now(), origin="import:old"))
    hear()

    assert len(states(hook)) == 2


def test_only_the_steps_that_were_asked_for(told, hook, vendor):
    set_webhook("gis", url=hook.url, verbs=["close"], act=admin())
    actions.nudge(told, act=live("nudge"))
    hear()

    assert len(states(hook)) == 2


def test_everything_since_a_moment_is_told_again_in_order(told, hook, vendor):
    push(hook)
    count = replay_webhook(hook, since=MONDAY - timedelta(days=1), act=admin())
    assert count == Entry.objects.filter(stream__startswith="case:").count() == 3
    assert push(hook) == 3
    assert [one["type"] for one in events(vendor)[2:]] == [
        "case.report",
        "case.nudge",
        "case.accept",
    ]

    with pytest.raises(Refused, match="没有可重推"):
        replay_webhook(hook, since=timezone.now() + timedelta(days=1), act=admin())


@pytest.mark.parametrize(
    ("code", "url", "verbs", "no"),
    [
        ("A b", "{}", [], "code_unreadable"),
        ("x", "{}", ["fly"], "verb_unknown"),
        ("x", "http://169.254.169.254/", [], "host_private"),
        ("x", "https://u:p@example.org/", [], "url_credentials"),
    ],
)
def test_what_cannot_be_pushed_to_is_refused_and_nothing_is_kept(
    cast, vendor, code, url, verbs, no
):
    set_value("hook_networks", "127.0.0.1/32")
    before = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        set_webhook(code, url=url.format(vendor.url), verbs=verbs, act=admin())
    assert refused.value.code == no
    assert not Webhook.objects.exists() and Entry.objects.count() == before


def test_an_address_that_turns_inside_later_gets_nothing(told, hook, vendor):
    set_value("hook_networks", "")
    push(hook)

    assert vendor.got == []
    assert "内部地址" in hook.deliveries.order_by("position").first().error


def test_the_pages_show_the_secret_once_and_do_what_they_say(cast, keys, vendor, reported):
    set_value("hook_networks", "127.0.0.1/32")
    client = signed_in("admin")
    filled = opened(client, f"{PAGE}new/") | {"code": "gis", "url": f"{vendor.url}/in", "verbs": []}
    assert "全部步骤" in previewed(client, f"{PAGE}new/", filled).content.decode()
    assert not Webhook.objects.exists()
    assert confirmed(client, f"{PAGE}new/", filled).url == f"{PAGE}gis/"
    secret = signing.secret_of("gis").decode()
    assert secret in client.get(f"{PAGE}gis/").content.decode()
    assert secret not in client.get(f"{PAGE}gis/").content.decode()
    assert secret not in "".join(Entry.objects.values_list("body", flat=True))

    page = client.post(f"{PAGE}gis/test", follow=True).content.decode()
    assert "对方收下了（200）" in page and events(vendor)[0]["type"] == "ping"
    client.post(f"{PAGE}gis/renew", {"key": "renew-1"})
    assert signing.secret_of("gis").decode() != secret
    client.post(f"{PAGE}gis/switch", {"key": "switch-1"})
    assert Webhook.objects.get().state == "paused"
    sequencer.drain()
    client.post(f"{PAGE}gis/replay", {"key": "replay-1", "since": "2020-01-01T00:00"})
    assert HookDelivery.objects.count() == 1
    assert client.get(f"{PAGE}gis/?state=waiting").status_code == 200
    assert (
        "请填写从什么时间起"
        in client.post(
            f"{PAGE}gis/replay", {"key": "replay-2", "since": "夜里"}, follow=True
        ).content.decode()
    )
    assert client.get("/changes/?kind=webhook").status_code == 200

    edit(client, f"{PAGE}gis/drop/")
    assert not Webhook.objects.exists()
    n = Entry.objects.filter(stream="webhook:gis").count()
    undone(client, f"/settings/notices/undo/hook/gis/?n={n}")
    assert Webhook.objects.get().url == f"{vendor.url}/in"


def test_only_who_edits_settings_pauses(told, hook):
    with pytest.raises(Refused, match="系统管理员"):
        pause_webhook(hook, act=live("set", by="li", post=Post.DISPATCHER))
    hook.refresh_from_db()
    assert hook.state == "on"


def test_a_body_of_an_entry_without_a_case_still_tells_the_step(told):
    entry = Entry.objects.get(verb="accept")
    assert json.loads(shape.body(entry, 7, None))["case"] is None
