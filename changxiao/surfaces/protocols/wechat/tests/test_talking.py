"""A follower's messages become one report, whatever their order; WeChat is a real server here."""

import itertools
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from changxiao.cases import actions, followed
from changxiao.cases.chats import post
from changxiao.cases.chats.models import Chat, ChatMessage
from changxiao.cases.models import Case
from changxiao.catalog import residents
from changxiao.catalog.actions import set_control_area, set_policy
from changxiao.catalog.actions.residents import ControlDraft
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.day import today
from changxiao.kernel.home import home
from changxiao.ledger.actions import reveal
from changxiao.ledger.models import Entry, PrivateValue
from changxiao.notices import sending
from changxiao.notices.models_outside import NoticeConsent
from changxiao.notices.tests.conftest import hear, live
from changxiao.surfaces.protocols.wechat.tests.conftest import (
    envelope,
    here,
    posted,
    swept,
    xml,
)

pytestmark = pytest.mark.django_db
WORDS = {"Content": "道路破损，有个大坑"}
PICTURE = {"MsgType": "image", "MediaId": "hole", "PicUrl": "http://127.0.0.1:1/x.jpg"}
SEND = {"Content": "发送"}
LATER = timedelta(minutes=11)


@pytest.mark.parametrize("order", [*itertools.permutations((WORDS, PICTURE, here()))])
def test_text_place_and_picture_in_any_order_are_one_report(send, theirs, order):
    for fields in order:
        send(**fields)
    assert not Case.everything.exists()
    send(**SEND)

    case = Case.everything.get()
    told = (case.channel, case.description, case.address)
    assert told == ("wechat", WORDS["Content"], "金砂路口")
    assert (case.lon, case.lat) == pytest.approx((116.703, 23.365), abs=1e-6)
    assert case.photos.count() == 1 and case.subcategory.key == "e9799"
    assert case.number in theirs.last and theirs.tokens == 1


def test_what_is_missing_is_asked_for_once(send, theirs):
    send(**WORDS)
    send(Content="在路口")
    assert len(theirs.said) == 1 and "位置" in theirs.last
    send(**here())
    assert "齐了" in theirs.last and "10分钟" in theirs.last


def test_silence_files_what_is_whole_and_lets_go_of_what_is_not(send, theirs):
    send(**WORDS)
    send(**here())
    send(FromUserName="oOther", Content="只有一句话")
    swept(timezone.now() + LATER)

    assert Case.everything.count() == 1
    assert {chat.state for chat in Chat.objects.all()} == {"filed", "lapsed"}
    assert any("没有上报" in words for who, words in theirs.said if who == "oOther")


def test_their_three_tries_are_one_message_and_the_answer_is_empty(ours, send):
    message = xml(**WORDS)
    for _try in range(3):
        answer = posted(*envelope(ours, message))
        assert (answer.status_code, answer.content) == (200, b"")
    assert ChatMessage.objects.filter(way="in").count() == 1
    swept()
    swept()
    assert Chat.objects.get().text == WORDS["Content"]


def test_the_follower_is_sealed_and_the_words_go_when_they_were_worked(send):
    send(**WORDS)
    send(**here())
    send(**SEND)

    case = Case.everything.get()
    assert '"openid": "oFollower1"' in reveal(case.reporter)
    rows = [*ChatMessage.objects.values(), *Chat.objects.values()]
    assert "oFollower1" not in str(rows) and "大坑" not in str(rows)
    assert "oFollower1" not in str(list(Entry.objects.values("body", "actor")))


def test_the_code_of_the_receipt_tells_how_far_it_got(send, theirs):
    send(**WORDS)
    send(**here())
    send(**SEND)
    code = theirs.last.partition("查询码 ")[2][:19]
    assert followed.case_of(code) == Case.everything.get()
    send(Content=code.lower())
    assert "已经收到" in theirs.last
    send(Content="我的")
    assert Case.everything.get().number in theirs.last
    send(FromUserName="oOther", Content="我的")
    assert "还没有" in theirs.last
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    send(Content=wrong)  # no code by its check: words of another report
    assert Chat.objects.filter(state="open").count() == 1


def test_whoever_follows_or_asks_is_told_how(send, theirs):
    send(MsgType="event", Event="subscribe", MsgId=None)
    send(Content="帮助")
    send(MsgType="event", Event="CLICK", EventKey="help", MsgId=None, CreateTime=5)
    send(MsgType="event", Event="unsubscribe", MsgId=None)
    assert len(theirs.said) == 3 and len(set(theirs.said)) == 1 and "照片" in theirs.last
    assert not Chat.objects.exists()


def test_a_voice_counts_as_what_was_recognised(send, theirs):
    send(MsgType="voice", MediaId="v", Recognition="道路破损")
    assert Chat.objects.get().text == "道路破损"
    send(MsgType="voice", MediaId="v")
    assert "文字" in theirs.last
    send(MsgType="video", MediaId="v")
    assert "照片" in theirs.last


def test_taking_it_back_reports_nothing(send, theirs):
    send(**WORDS)
    send(**here())
    send(Content="取消")
    swept(timezone.now() + LATER)
    assert not Case.everything.exists() and "不报了" in theirs.last


def test_a_place_outside_the_city_says_so_and_the_rest_stays(send, theirs):
    send(**WORDS)
    send(MsgType="location", Location_X="39.9", Location_Y="116.4", Label="别处")
    assert "不在" in theirs.last or "外" in theirs.last
    send(MsgType="location", Location_X="nan", Location_Y="x")
    assert Chat.objects.get().lon is None and Chat.objects.get().text


def test_a_busy_wechat_is_asked_again_and_nothing_is_said_twice(send, theirs):
    theirs.away = 2
    send(**WORDS)
    send(**PICTURE)
    assert not theirs.said and Chat.objects.get().photos == []
    for minutes in (1, 2, 3):
        swept(timezone.now() + timedelta(minutes=minutes))
    assert len(Chat.objects.get().photos) == 1
    assert len(theirs.said) == len(set(theirs.said)) == 1


def test_an_ended_token_is_asked_for_anew(send, theirs):
    send(**WORDS)
    theirs.tokens += 1  # ended over there
    send(**here())
    assert "齐了" in theirs.last


def test_a_picture_that_is_none_or_gone_holds_up_nothing(send, theirs):
    send(MsgType="image", MediaId="gone")
    send(MsgType="image", MediaId="text")
    assert {row.state for row in ChatMessage.objects.filter(way="in")} == {"parked", "waiting"}
    send(**WORDS)
    send(**here())
    swept(timezone.now() + LATER + timedelta(minutes=11))
    assert Case.everything.get().photos.count() == 0


def test_after_three_days_a_message_is_set_aside(send, theirs):
    theirs.away = 99
    send(**PICTURE)
    swept(timezone.now() + timedelta(days=3, minutes=1))
    assert ChatMessage.objects.get(way="in").state == "parked"


def test_where_nothing_is_reported_the_sentence_says_where_to_go(send, theirs, city):
    residents.table.clear()
    draft = ControlDraft(first=today(), last=None, sentence="请拨打110", area_code="", keys=[])
    set_control_area("禁区", draft, act=Act.system("test"))
    send(**WORDS)
    send(**here())
    send(**SEND)
    assert theirs.last == "请拨打110" and not Case.everything.exists()
    residents.table.clear()


def test_a_picture_alone_is_the_citys_kind(send, theirs):
    set_policy("chat_kind", value="e9799", act=Act.system("test"))
    send(**PICTURE)
    send(**here())
    send(**SEND)
    assert Case.everything.get().subcategory.key == "e9799"


@pytest.fixture
def templates(ours, theirs):
    """The same account sends template messages; with them the step at which residents hear."""
    hear()  # the consumer begins at the end of a log, so it must have looked once
    told = {"appid": ours.appid, "secret": "s", "template_id": "T", "base": theirs.base}
    path = home() / "keys" / "notices" / "wechat.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told))
    set_policy("hook_networks", value="127.0.0.1/32", act=Act.system("test"))
    yield path
    path.unlink()


def declined():
    case = Case.everything.get(stage="reported")
    with scope.viewing(scope.system("test")):
        actions.decline(case, reason="属于小区内部事务，请联系物业", act=live("decline"))
    hear(timezone.now())
    sending.drain(timezone.now() + timedelta(hours=14))  # nobody is woken at night


def test_whoever_says_so_is_told_here_what_became_of_his_report(send, theirs, templates):
    for fields in (WORDS, here(), SEND):
        send(**fields)
    assert "回复“通知我”" in theirs.last
    send(Content="通知我")
    assert Case.everything.get().number in theirs.last and "别通知" in theirs.last
    assert "oFollower1" not in str(list(Entry.objects.values("body", "actor")))
    send(Content="通知我")  # twice is once
    assert NoticeConsent.objects.count() == 1

    declined()

    who, words = theirs.said[-1]
    assert who == "oFollower1" and "请联系物业" in words


def test_whoever_takes_it_back_or_never_said_so_is_not_told(send, theirs, templates):
    for fields in (WORDS, here(), SEND, {"Content": "通知我"}, {"Content": "别通知"}):
        send(**fields)
    assert "不再通知" in theirs.last
    before = len(theirs.said)
    declined()
    assert len(theirs.said) == before
    assert not PrivateValue.objects.filter(commit=NoticeConsent.objects.get().contact).exists()


def test_nothing_is_offered_where_another_account_sends_the_messages(send, theirs, templates):
    told = json.loads(templates.read_text()) | {"appid": "wxffffffffffffffff"}
    templates.write_text(json.dumps(told))
    for fields in (WORDS, here(), SEND):
        send(**fields)
    assert "通知我" not in theirs.last
    send(Content="通知我")
    assert "不能在这里通知" in theirs.last and not NoticeConsent.objects.exists()


def test_the_words_of_what_was_set_aside_go_after_a_month(send, theirs):
    theirs.away = 99
    send(**PICTURE)
    swept(timezone.now() + timedelta(days=3, minutes=1))
    for days, left in ((29, 1), (31, 0)):
        post.forget(timezone.now() + timedelta(days=days))
        assert ChatMessage.objects.filter(way="in").exclude(raw="").count() == left
    assert ChatMessage.objects.get(way="in").why
