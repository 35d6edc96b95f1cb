"""Races (reliability.md A-03b): one winner, everybody else the same answer or a plain no."""

import threading
from collections import Counter

import pytest
from django.db import connection

from changxiao.areas.home import settle
from changxiao.cases import access, actions, replay
from changxiao.cases.actions.links import feed_back_by_link
from changxiao.cases.actions.recalling import mark_seen
from changxiao.cases.models import Case
from changxiao.kernel import scope
from changxiao.kernel.city import city as city_of
from changxiao.kernel.refused import Refused
from changxiao.kernel.scope import Grant, Viewer
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import Replayed
from changxiao.orgs.posts import Post
from tests.support.cast import act, at

THREADS = 20


@pytest.fixture(name="city")
def settled(real_database, django_db_blocker):
    with django_db_blocker.unblock(), scope.viewing(scope.system("test")):
        yield settle(city_of("440500"))


def storm(*calls) -> Counter:
    """All calls at once, each in a thread and a connection of its own."""
    start = threading.Barrier(len(calls))
    said: list[str] = []

    def run(call):
        try:
            with scope.viewing(scope.system("test")):
                start.wait(30)
                said.append(told(call))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(said) == len(calls)
    return Counter(said)


def told(call) -> str:
    try:
        call()
    except Replayed:
        return "replayed"
    except Refused as no:
        return no.code
    except Exception as error:  # a fault of ours: the test shows it by name
        return repr(error)[:200]
    return "done"


def whole(case) -> None:
    """The case's entries count from one without a gap, and the log alone rebuilds it."""
    numbers = list(Entry.objects.filter(stream=case.stream).order_by("n").values_list("n"))
    assert numbers == [(n,) for n in range(1, len(numbers) + 1)]
    assert Case.everything.get(pk=case.pk).n == len(numbers)
    assert list(replay.check()) == []


@pytest.fixture
def filed(problem, damaged):
    case = actions.report(problem, act=act("report"))
    case = actions.accept(case, act=act("accept", at(2, 9, 5)))
    return actions.file(case, criterion=damaged, act=act("file", at(2, 9, 10)))


@pytest.mark.slow
def test_twenty_reports_of_one_key_are_one_case(problem):
    calls = [
        lambda: actions.report(problem, act=act("report", key="same-key-1")) for _ in range(THREADS)
    ]
    assert storm(*calls) == {"done": 1, "replayed": THREADS - 1}
    assert Case.everything.count() == 1
    assert Entry.objects.filter(verb="report").count() == 1
    whole(Case.everything.get())


@pytest.mark.slow
def test_twenty_reports_of_own_keys_are_twenty_numbers(problem):
    calls = [lambda: actions.report(problem, act=act("report")) for _ in range(THREADS)]

    assert storm(*calls) == {"done": THREADS}
    numbers = sorted(Case.everything.values_list("number", flat=True))
    assert numbers == [f"20260302{n:04d}" for n in range(1, THREADS + 1)]


@pytest.mark.slow
def test_of_two_dispatchers_one_is_too_late(filed, roads, parks):
    when = at(2, 9, 20)
    calls = [
        lambda: actions.dispatch(filed, to=roads, act=act("dispatch", when)),
        lambda: actions.dispatch(filed, to=parks, act=act("dispatch", when, by="liu")),
    ]
    assert storm(*calls) == {"done": 1, "not_now": 1}
    whole(filed)


@pytest.mark.slow
def test_twenty_different_verbs_at_once_leave_one_story(filed, roads):
    case = actions.dispatch(filed, to=roads, act=act("dispatch", at(2, 9, 20)))
    when = at(2, 9, 30)
    once = {
        "receive": lambda: actions.receive(case, act=act("receive", when)),
        "feed_back": lambda: actions.feed_back(case, act=act("feed_back", when, note="好")),
        "ask_extend": lambda: actions.ask_extend(case, act=act("ask_extend", when, note="难")),
        "send_back": lambda: actions.send_back(case, act=act("send_back", when, note="非")),
    }
    result = storm(*(call for call in once.values() for _ in range(4)), *nudges(case, when, 4))

    assert set(result) <= {"done", "not_now", "received", "already_asked"}, result
    verbs = Counter(Entry.objects.filter(stream=case.stream).values_list("verb", flat=True))
    assert verbs["feed_back"] == 1
    assert max(verbs["receive"], verbs["send_back"], verbs["ask_extend"]) <= 1
    assert verbs["nudge"] == 4
    assert result["done"] == verbs.total() - 4
    whole(case)


def nudges(case, when, count):
    return [lambda: actions.nudge(case, act=act("nudge", when)) for _ in range(count)]


@pytest.mark.slow
def test_when_void_and_force_close_cross_the_case_ends_once(filed, roads):
    when = at(2, 9, 30)
    calls = [
        lambda: actions.void(filed, act=act("void", when, note="重")),
        lambda: actions.force_close(filed, act=act("force_close", when, note="急")),
        lambda: actions.dispatch(filed, to=roads, act=act("dispatch", when)),
    ]
    result = storm(*calls * 6)

    assert set(result) == {"done", "not_now"}, result
    ends = Entry.objects.filter(stream=filed.stream, verb__in=["void", "force_close"])
    assert ends.count() == 1
    assert Case.everything.get(pk=filed.pk).ended
    whole(filed)


@pytest.mark.slow
def test_of_a_squads_phones_one_feeds_back_and_the_unit_may_take_the_link_back(filed, roads):
    case = actions.dispatch(filed, to=roads, act=act("dispatch", at(2, 9, 15)))
    link, _token = actions.issue_link(case, squad="抢修一班", act=act("x", at(2, 9, 20)))

    def phone():
        feed_back_by_link(link, act=act("feed_back", at(2, 10), note="已修补"))

    def desk():
        actions.revoke_link(case, link=link.code, act=act("x", at(2, 10)))

    said = storm(*[phone] * 8, *[desk] * 2)

    link.refresh_from_db()
    assert said["done"] == 1, said
    assert set(said) <= {"done", "link_used", "link_revoked"}
    assert (link.used_at is None) != (link.revoked_at is None)
    whole(case)


@pytest.mark.slow
def test_of_twenty_between_recall_and_the_next_step_one_wins(filed, roads):
    case = actions.dispatch(filed, to=roads, act=act("dispatch", at(2, 9, 20)))
    when = at(2, 9, 30)

    def recall():
        return actions.recall(case, act=act("recall", when, by="li", post=Post.DISPATCHER))

    def receive():
        return actions.receive(case, act=act("receive", when))

    result = storm(*[recall, receive] * (THREADS // 2))

    verbs = Counter(Entry.objects.filter(stream=case.stream).values_list("verb", flat=True))
    assert verbs["recall"] + verbs["receive"] == result["done"] == 1, result
    row = Case.everything.get(pk=case.pk)
    assert row.stage == ("filed" if verbs["recall"] else "dispatched")
    whole(case)


@pytest.mark.slow
def test_of_twenty_between_recall_and_opening_one_wins(filed, roads):
    case = actions.dispatch(filed, to=roads, act=act("dispatch", at(2, 9, 20)))

    def recall():
        return actions.recall(case, act=act("recall", at(2, 9, 30), by="li", post=Post.DISPATCHER))

    def opening():
        with scope.viewing(Viewer("staff", "zhao", (Grant(Post.HANDLER, "", roads.path),))):
            return mark_seen(access.case_for(case.number))

    result = storm(*[recall, opening] * (THREADS // 2))

    row = Case.everything.get(pk=case.pk)
    if row.stage == "filed":
        assert row.seen_n < case.n
        assert set(result) <= {"done", "not_found", "not_recallable", "nothing_taken"}, result
    else:
        assert (row.seen_n, row.n) == (case.n, case.n)
        assert result["opened"] == THREADS // 2, result
    whole(case)


@pytest.mark.slow
def test_two_cases_that_join_each_other_at_once_leave_one_lead(problem):
    one, two = (actions.report(problem, act=act("report")) for _ in range(2))
    when = at(2, 9, 30)
    calls = [
        lambda: actions.join(one, to=two, act=act("join", when)),
        lambda: actions.join(two, to=one, act=act("join", when)),
    ]
    result = storm(*calls * (THREADS // 2))

    assert result["done"] == 1, result
    assert sorted(Case.everything.values_list("stage", flat=True)) == ["joined", "reported"]
    whole(one)
    whole(two)
