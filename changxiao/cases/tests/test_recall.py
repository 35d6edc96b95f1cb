"""撤回: a step taken back leaves the case as if it had never been, but for the two entries."""

import json
from datetime import timedelta

import pytest
import time_machine

from changxiao.cases import actions, replay, rules, story
from changxiao.cases.actions import Helper, Shown
from changxiao.cases.actions.recalling import mark_seen
from changxiao.cases.flow import RECALLABLE, STEPS
from changxiao.cases.models import Assist, Case, CasePhoto
from changxiao.cases.tests.pages import person
from changxiao.catalog.actions import set_policy
from changxiao.kernel import scope
from changxiao.kernel.refused import Refused
from changxiao.kernel.scope import Grant, Viewer
from changxiao.ledger.media.models import Photo
from changxiao.ledger.refusals import Replayed
from changxiao.orgs.posts import Post
from tests.support.cast import ACTORS, act, at

ASIDE = ("head", "n", "seen_n", "seen_at")


def columns(case):
    row = Case.everything.filter(pk=case.pk).values().get()
    return {name: value for name, value in row.items() if name.removesuffix("_id") not in ASIDE}


def beside(case):
    """The rows beside a case, without requests that were withdrawn."""
    requests = case.requests.exclude(state="withdrawn").order_by("pk")
    return (
        list(requests.values("kind", "state", "decided_by", "decided_at", "opinion")),
        list(Assist.objects.filter(case=case).values("unit", "answered_at")),
        list(CasePhoto.objects.filter(case=case).values("photo", "role")),
    )


def who(verb):
    return ACTORS.get(verb, ("zhao", Post.HANDLER))


def take_back(case, verb, when, **more):
    actor, post = who(verb)
    return actions.recall(case, act=act("recall", when, by=actor, post=post, **more))


def took(case, verb, when, **asks):
    return getattr(actions, verb)(case, act=act(verb, when, note="说明"), **asks)


def shown(sign):
    sizes = {"bytes": 9, "width": 4, "height": 3, "rendition_bytes": 9}
    hashes = {name: sign * 64 for name in ("sha256", "rendition_sha256", "thumbnail_sha256")}
    more = {
        "type": "image/jpeg",
        "pipeline": "1",
        "phash": "0" * 16,
        "uploaded_by": "wang",
        "evidence": {},
    }
    return Photo.objects.create(**sizes, **hashes, **more, created_at=at())


@pytest.fixture
def photo(db):
    return shown("a")


@pytest.fixture
def at_stage(reported, damaged, roads, parks, photo):
    """For each verb, a case on which it may be taken at 10:00, and what it asks for."""

    def made(verb):
        case, plan = reported, ROADS[verb]
        asks = {
            "file": {"criterion": damaged},
            "dispatch": {"to": roads, "assisting": [Helper(parks, "围护")]},
            "feed_back": {"photos": [Shown(photo, "after")]},
            "ask_suspend": {"until": at(20, 9)},
            "decline": {"reason": "不在职责范围"},
            "ask_to_verify": {"collector": "wang"},
            "forward": {"to": roads, "person": person("zhao", unit=roads)},
            "confirm": {"photos": [Shown(photo, "confirm")]},
            "handle_on_spot": {"photos": [Shown(shown("b"), "before"), Shown(photo, "after")]},
            "verify": {"photos": [Shown(photo, "verify")]},
        }
        if verb == "forward":
            asks["forward"]["person"].unit = roads
            asks["forward"]["person"].save()
        set_policy("on_spot_kinds", value=case.subcategory.key, act=act("wake"))
        for minute, before in enumerate(plan):
            case = took(case, before, at(2, 9, 5 + minute), **asks.get(before, {}))
        return case, asks.get(verb, {})

    return made


TO = {"filed": ("accept", "file"), "dispatched": ("accept", "file", "dispatch")}
DONE = (*TO["dispatched"], "feed_back")
ROADS = {
    "accept": (),
    "decline": (),
    "ask_to_confirm": (),
    "confirm": ("ask_to_confirm",),
    "refute": ("ask_to_confirm",),
    "handle_on_spot": (),
    "file": ("accept",),
    "dispatch": TO["filed"],
    "take_back": (*TO["dispatched"], "send_back"),
    "extend": (*TO["dispatched"], "ask_extend"),
    "suspend": (*TO["dispatched"], "ask_suspend"),
    "resume": (*TO["dispatched"], "ask_suspend", "suspend"),
    "refuse_request": (*TO["dispatched"], "ask_extend"),
    "receive": TO["dispatched"],
    "forward": TO["dispatched"],
    "send_back": TO["dispatched"],
    "ask_extend": TO["dispatched"],
    "ask_suspend": TO["dispatched"],
    "feed_back": (*TO["dispatched"], "ask_extend"),
    "ask_to_verify": DONE,
    "verify": DONE,
    "rework": DONE,
    "close": (*DONE, "verify"),
    "void": (*TO["dispatched"], "ask_extend"),
    "force_close": DONE,
}


def test_every_recallable_step_is_tried_here():
    assert set(ROADS) == RECALLABLE <= {step.verb for step in STEPS}


@pytest.mark.parametrize("verb", sorted(RECALLABLE))
def test_a_step_taken_back_was_never_taken(at_stage, verb):
    case, asks = at_stage(verb)
    before = columns(case), beside(case)
    case = took(case, verb, at(2, 10), **asks)
    assert columns(case) != before[0] or beside(case) != before[1] or case.requests.exists()

    back = take_back(case, verb, at(2, 10, 2))

    assert (columns(back), beside(back)) == before
    assert json.loads(back.head.body)["recalled"] == [back.n - 1]
    assert list(replay.check()) == []
    again = took(back, verb, at(2, 10, 3), **asks)
    assert again.n == back.n + 1


@pytest.mark.parametrize("verb", sorted({step.verb for step in STEPS} - RECALLABLE - {"report"}))
def test_other_steps_have_their_own_way_back(verb):
    with pytest.raises(Refused) as no:
        rules.may_recall(
            [(verb, "chen")],
            actor="chen",
            seen="",
            ended=False,
            age=timedelta(0),
            window=timedelta(minutes=10),
        )
    assert no.value.code == "not_recallable"


def refused(case, code, verb="dispatch", when=None, **more):
    before = columns(case), case.entries.count()
    with pytest.raises(Refused) as no:
        take_back(case, verb, when or at(2, 9, 30), **more)
    assert no.value.code == code
    assert (columns(case), case.entries.count()) == before


def test_nobody_takes_back_another_s_step(dispatched):
    with pytest.raises(Refused) as no:
        actions.recall(dispatched, act=act("recall", at(2, 9, 20), by="liu", post=Post.DISPATCHER))
    assert no.value.code == "not_yours"


def test_what_somebody_acted_on_since_stays(dispatched):
    case = actions.nudge(dispatched, act=act("nudge", at(2, 9, 20)))
    refused(case, "not_yours")


def test_several_own_steps_go_together(reported, damaged, roads):
    before = columns(reported)
    case = reported
    for verb, asks in (
        ("accept", {}),
        ("file", {"criterion": damaged}),
        ("dispatch", {"to": roads}),
    ):
        case = getattr(actions, verb)(case, act=act(verb, at(2, 9, 5), by="li"), **asks)

    back = actions.recall(case, since=2, act=act("recall", at(2, 9, 6), by="li", post="dispatcher"))

    assert columns(back) == before
    assert json.loads(back.head.body)["recalled"] == [2, 3, 4]
    told = story.story(back, scope.system("tests"))
    assert [line.recalled_by for line in told] == [0, 5, 5, 5, 0]
    assert list(replay.check()) == []


def test_a_recall_sent_twice_is_one(dispatched):
    sent = act("recall", at(2, 9, 20), by="li", post=Post.DISPATCHER)
    case = actions.recall(dispatched, act=sent)
    with pytest.raises(Replayed):
        actions.recall(case, act=sent)
    assert case.entries.count() == 5


def test_an_end_can_be_taken_back_for_ten_minutes(closed):
    refused(closed, "window_over", "close", at(2, 12, 1))
    assert take_back(closed, "close", at(2, 12, 0)).stage == "verified"


# -- opened --------------------------------------------------------------------------------------


def opened(case, name, post, unit=""):
    grant = Grant(post, "" if unit else "440511", unit)
    with scope.viewing(Viewer("staff", name, (grant,))):
        return mark_seen(case)


def test_once_the_next_party_has_opened_the_case_it_is_too_late(dispatched, roads):
    with time_machine.travel(at(2, 9, 18), tick=False):
        opened(dispatched, "zhao", Post.HANDLER, roads.path)

    refused(dispatched, "opened")
    with pytest.raises(Refused, match="03-02 09:18"):
        take_back(dispatched, "dispatch", at(2, 9, 30))


@pytest.mark.parametrize(
    ("name", "post"),
    [("li", Post.DISPATCHER), ("liu", Post.DISPATCHER), ("chen", Post.INTAKE), ("s", Post.AUDITOR)],
)
def test_a_look_by_anybody_else_does_not_count(dispatched, name, post):
    opened(dispatched, name, post)
    assert take_back(dispatched, "dispatch", at(2, 9, 30)).stage == "filed"


def test_after_a_request_it_is_the_dispatcher_who_comes_next(dispatched, roads):
    case = took(dispatched, "send_back", at(2, 9, 30))
    opened(case, "qian", Post.HANDLER, roads.path)
    assert Case.everything.get(pk=case.pk).seen_n == 0

    opened(case, "li", Post.DISPATCHER)
    refused(case, "opened", "send_back", at(2, 9, 40))


def test_whoever_opens_a_case_taken_back_meanwhile_reads_it_as_it_is_now(dispatched, roads):
    stale = Case.everything.select_related("head").get(pk=dispatched.pk)
    take_back(dispatched, "dispatch", at(2, 9, 20))

    with pytest.raises(Refused, match="没有受理号"):
        opened(stale, "zhao", Post.HANDLER, roads.path)
    assert Case.everything.get(pk=stale.pk).seen_n == 0


def test_a_second_opening_writes_nothing(dispatched, roads, django_assert_num_queries):
    opened(dispatched, "zhao", Post.HANDLER, roads.path)
    seen = Case.everything.get(pk=dispatched.pk)
    with django_assert_num_queries(0):
        opened(seen, "zhao", Post.HANDLER, roads.path)
