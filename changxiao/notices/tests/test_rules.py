"""The city's rules: what fits together, the blanks, the page with preview, history and undo."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changxiao.cases.tests.pages import signed_in
from changxiao.catalog.tests.browsing import changes, confirmed, edit, opened, previewed, undone
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.notices import filling, standing
from changxiao.notices.actions import RuleDraft, set_notice_rule
from changxiao.notices.channels import CHANNELS
from changxiao.notices.channels.base import Side
from changxiao.notices.defaults import DEFAULTS
from changxiao.notices.models import NoticeRule
from changxiao.notices.whats import HEARD, WHATS, Audience, audiences
from changxiao.orgs.posts import Post

PAGE = "/settings/notices/"


def admin(**more):
    return Act(actor="admin", post=Post.CITY_ADMIN, key=f"rule-{next(_keys)}", **more)


_keys = itertools.count(1)


def test_each_default_would_be_taken_as_a_city_s_own(clock):
    for rule in DEFAULTS.values():
        fit = [c for c in rule.channels if c in CHANNELS]
        draft = RuleDraft(channels=fit, text=rule.text, urgent=rule.urgent, enabled=False)
        set_notice_rule(rule.what, rule.audience, draft, act=admin())
    assert NoticeRule.objects.count() == len(DEFAULTS)
    assert all(not standing.rules_for(what) for what in WHATS)


def test_each_verb_that_is_heard_is_a_step_of_the_flow():
    from changxiao.cases.flow import DEFAULT

    assert {verb for verb in HEARD if not DEFAULT.step(verb)} == set()


def test_whom_an_occasion_can_go_to(clock):
    """The whole matrix: residents hear of results and of a receipt, the house of the rest."""
    taken, refused = set(), set()
    for what, audience in itertools.product(WHATS, dict(audiences())):
        side = Side.RESIDENT if audience == Audience.REPORTER else Side.STAFF
        fit = [key for key, one in CHANNELS.items() if side in one.serves][:1]
        try:
            set_notice_rule(what, audience, RuleDraft(channels=fit, text="x"), act=admin())
            taken.add((what, audience))
        except Refused as no:
            assert no.code == "audience_unfit", (what, audience, no.code)
            refused.add((what, audience))
    outside = {audience for what, audience in taken if what == "received"}
    assert outside == {Audience.REPORTER}
    assert ("hook_paused", "reporter") in refused
    owed = {what for what in WHATS if what.startswith("gap_")}
    assert {one for what, one in taken if what in owed} == {
        one for one in dict(audiences()) if one == Audience.ANSWERER or one.startswith("post:")
    }
    assert {what for what, one in taken if one == Audience.ANSWERER} == owed
    rest = {what for what, one in refused if one != Audience.ANSWERER}
    assert rest == {"received", "hook_paused"} | owed
    assert NoticeRule.objects.count() == len(taken) == Entry.objects.count()


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (RuleDraft(channels=[], text="x"), "channels_missing"),
        (RuleDraft(channels=["pigeon"], text="x"), "channels_unknown"),
        (RuleDraft(channels=["in_app"], text=" "), "text_missing"),
        (RuleDraft(channels=["in_app"], text="字" * 301), "text_long"),
        (RuleDraft(channels=["in_app"], text="{电话}"), "blank_unknown"),
        (RuleDraft(channels=["in_app"], text="{查询链接}"), "blank_unknown"),
    ],
)
def test_what_cannot_be_sent_is_refused_and_nothing_is_kept(clock, draft, code):
    with pytest.raises(Refused) as no:
        set_notice_rule("dispatched", "handler", draft, act=admin())

    assert no.value.code == code and no.value.field
    assert not NoticeRule.objects.exists() and not Entry.objects.exists()


def test_a_post_that_may_not_is_refused(clock):
    act = Act(actor="li", post=Post.DISPATCHER, key="k")
    with pytest.raises(Refused, match="系统管理员"):
        set_notice_rule("dispatched", "handler", RuleDraft(channels=["in_app"], text="x"), act=act)
    assert not NoticeRule.objects.exists()


def test_a_rule_is_previewed_set_told_of_and_undone(clock):
    client = signed_in("admin")
    address = f"{PAGE}rule/dispatched:handler/"
    told = {"text": "请办{类别}", "channels": ["in_app"], "enabled": "on"}
    shown = previewed(client, address, opened(client, address), **told)
    assert ("文字", DEFAULTS["dispatched:handler"].text, "请办{类别}") in changes(shown)
    assert "例如：请办道路破损" in shown.content.decode()
    assert not NoticeRule.objects.exists()

    confirmed(client, address, opened(client, address), **told)
    assert standing.rules()["dispatched:handler"].text == "请办{类别}"
    assert "本市" in client.get(PAGE).content.decode()
    assert client.get(f"{PAGE}history/rule/dispatched:handler/").status_code == 200

    undone(client, f"{PAGE}undo/rule/dispatched:handler/?n=1")
    assert standing.rules()["dispatched:handler"] == DEFAULTS["dispatched:handler"]
    assert not NoticeRule.objects.exists()


def test_a_new_rule_of_the_city_s_comes_and_goes(clock):
    client = signed_in("admin")
    told = {
        "what": "reported",
        "audience": "post:intake",
        "channels": ["in_app"],
        "text": "待受理：{类别}",
        "enabled": "on",
    }
    confirmed(client, f"{PAGE}new/", opened(client, f"{PAGE}new/"), **told)
    assert [rule.text for rule in standing.rules_for("reported")] == ["待受理：{类别}"]

    again = previewed(client, f"{PAGE}new/", opened(client, f"{PAGE}new/"), **told)
    assert "规则已有" in again.content.decode()
    edit(client, f"{PAGE}rule/reported:post:intake/drop/")
    assert standing.rules_for("reported") == ()
    assert client.get("/changes/?kind=notice_rule").status_code == 200
    undone(client, f"{PAGE}undo/rule/reported:post:intake/?n=2")
    assert [rule.text for rule in standing.rules_for("reported")] == ["待受理：{类别}"]


TEXTS = st.text("地点单位{}| x。\n", max_size=20)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # a busy machine
@given(TEXTS, st.dictionaries(st.sampled_from(filling.BLANKS), TEXTS))
def test_what_a_case_says_is_never_read_as_a_blank(around, words):
    text = around.replace("{", "").replace("}", "").strip()
    held = filling.filled(f"{text}|{{地点}}|", words | {"地点": "{单位}"})

    assert held == f"{text}|{{单位}}|"
