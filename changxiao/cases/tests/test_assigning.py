"""Who is sent to look: the whole matrix of places and ways, the laws, and what the sweep writes."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changxiao.cases import actions, collectors, jobs
from changxiao.cases.actions.assigning import waits
from changxiao.cases.assigning import Choice, OnShift, choose
from changxiao.cases.models import Case
from changxiao.cases.tests.pages import forget_catalog, person, signed_in
from changxiao.catalog.actions import set_policy
from changxiao.kernel.day import watches_at
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.orgs.models import Appointment, DutyRoster
from tests.support.cast import act, at

GRID, COMMUNITY, BESIDE = "440511004001Z01", "440511004001", "440511004002Z01"
PLACES = {
    "own": OnShift("a", GRID),
    "community": OnShift("b", COMMUNITY),
    "street": OnShift("c", "440511004"),
    "stand_in": OnShift("d", GRID, stands_in=True),
    "neighbour": OnShift("e", BESIDE),
    "city": OnShift("f", ""),
    "elsewhere": OnShift("g", "440507"),
    "other grid": OnShift("h", "440511004001Z02"),
}
# The order in which they are tried, worked out by hand; the last two never.
ORDER = ("own", "community", "street", "city", "stand_in", "neighbour")
WAYS = {"stand_in": "stand_in", "neighbour": "neighbour"}


def chosen(present, **more):
    return choose(GRID, COMMUNITY, present, neighbours={BESIDE}, **more)


PRESENT = [some for size in range(4) for some in itertools.combinations(PLACES, size)]


@pytest.mark.parametrize("names", PRESENT)
def test_the_nearest_to_the_place_is_sent(names):
    first = next((name for name in ORDER if name in names), None)
    wanted = first and Choice(PLACES[first].username, WAYS.get(first, "own"))

    assert chosen([PLACES[name] for name in names]) == wanted


people = st.lists(
    st.builds(
        OnShift,
        st.sampled_from("abcdef"),
        st.sampled_from([one.area for one in PLACES.values()]),
        st.booleans(),
        st.integers(0, 3),
    )
)


@settings(deadline=None)
@given(people, st.sets(st.sampled_from("abcdef")), st.randoms())
def test_nobody_barred_is_sent_and_the_order_of_the_list_does_not_matter(present, barred, random):
    found = chosen(present, barred=barred)
    shuffled = list(present)
    random.shuffle(shuffled)

    assert found is None or found.username not in barred
    assert chosen(shuffled, barred=barred) == found
    if found is None:
        able = [one for one in present if one.username not in barred]
        assert not any(COMMUNITY.startswith(one.area) or one.area in {GRID, BESIDE} for one in able)


@settings(deadline=None)
@given(st.integers(0, 5), st.integers(0, 5))
def test_among_equals_the_less_busy_is_sent(left, right):
    found = chosen([OnShift("a", GRID, tasks=left), OnShift("b", GRID, tasks=right)])

    assert found.username == ("a" if left <= right else "b")


# -- the verbs and the sweep -----------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _fresh():
    forget_catalog()


@pytest.fixture
def confirming(reported):
    return actions.ask_to_confirm(reported, act=act("ask_to_confirm", at(2, 9, 5)))


def system(when):
    return act("assign", when)


def roster(username, day=2, shift="day"):
    staff = person(username, post="collector", area="440511")
    unit = Appointment.objects.filter(staff=staff).first().unit or _office()
    DutyRoster.objects.create(unit=unit, date=date(2026, 3, day), shift=shift, staff=staff)
    return staff


def _office():
    from changxiao.orgs.models import Unit

    return Unit.objects.get_or_create(
        code="JD",
        defaults={
            "name": "监督中心",
            "kind": Unit.Kind.SUPERVISION_CENTER,
            "path": "8.",
            "since_date": date(2020, 1, 1),
        },
    )[0]


def swept(case, *when):
    jobs.assign_tasks(at(*when))
    return Case.everything.get(pk=case.pk)


def test_a_task_goes_to_who_is_on_shift_and_is_no_other_ones(confirming):
    roster("wang")
    roster("wu", shift="night")

    case = swept(confirming, 2, 9, 10)

    assert (case.checker, case.head.verb, case.head.data["why"]) == ("wang", "assign", "own")
    with pytest.raises(Refused, match="其他监督员"):
        actions.confirm(case, act=act("confirm", at(2, 9, 11), by="wu"))
    assert actions.confirm(case, act=act("confirm", at(2, 9, 11))).confirmation == "real"


def test_where_no_roster_is_kept_everybody_counts_as_present(confirming):
    person("wang", area="440511")

    assert swept(confirming, 2, 9, 10).checker == "wang"


def test_nobody_on_shift_stops_the_clock_and_who_comes_starts_it(confirming):
    roster("wang", shift="night")
    due = confirming.due_at

    case = swept(confirming, 2, 9, 10)
    assert (case.checker, case.due_at, case.head.verb) == ("", None, "await_collector")
    assert waits(case)
    count = Entry.objects.count()
    assert swept(confirming, 2, 15).n == case.n and Entry.objects.count() == count

    roster("wu")
    case = swept(confirming, 2, 16)
    assert (case.checker, case.head.verb) == ("wu", "assign")
    assert not waits(case)
    left = due - at(2, 9, 10)
    assert case.due_at == at(2, 16) + left


def test_a_step_just_taken_may_still_be_recalled(confirming):
    person("wang", area="440511")

    assert swept(confirming, 2, 9, 5).n == confirming.n
    assert swept(confirming, 2, 9, 6).checker == "wang"


def test_who_fed_back_does_not_check(handled):
    person("zhao", post="collector", area="440511")
    case = swept(handled, 2, 11, 20)
    assert case.checker == "" and waits(case)
    with pytest.raises(Refused, match="不能核查自己"):
        actions.assign(case, collector="zhao", why="own", act=act("assign", at(2, 11, 25)))
    assert Case.everything.get(pk=case.pk).n == case.n

    person("wang", area="440511")
    assert swept(handled, 2, 11, 30).checker == "wang"


def test_who_is_named_by_hand_starts_a_clock_that_waited(handled):
    case = swept(handled, 2, 11, 20)
    assert waits(case)

    case = actions.ask_to_verify(case, collector="wang", act=act("ask_to_verify", at(2, 11, 30)))

    assert not waits(case) and case.due_at is not None
    assert swept(handled, 2, 11, 40).n == case.n


def test_a_pause_forgives_no_overrun(confirming):
    late = confirming.due_at + timedelta(minutes=1)

    assert jobs.assign_tasks(late) == 0
    with pytest.raises(Refused) as no:
        actions.await_collector(confirming, act=act("await_collector", late))
    assert no.value.code == "overdue"
    assert Case.everything.get(pk=confirming.pk).n == confirming.n


@pytest.mark.parametrize("verb", ["assign", "await_collector"])
def test_a_named_collector_is_not_replaced(confirming, verb):
    more = {"collector": "wu", "why": "own"} if verb == "assign" else {}
    case = actions.assign(confirming, collector="wang", why="own", act=act("assign", at(2, 9, 10)))

    with pytest.raises(Refused) as no:
        getattr(actions, verb)(case, act=act(verb, at(2, 9, 11)), **more)
    assert no.value.code == "assigned"
    assert Case.everything.get(pk=case.pk).checker == "wang"


def test_the_page_says_that_nobody_is_there_and_names_the_collector_to_few(confirming):
    case = swept(confirming, 2, 9, 10)
    address = f"/cases/{case.number}/"
    assert "没有监督员在岗" in signed_in("chen").get(address).content.decode()

    person("wang", area="440511")
    swept(confirming, 2, 9, 20)
    assert "已派给监督员 王监督" in signed_in("chen").get(address).content.decode()
    assert "王监督" not in signed_in("li").get(address).content.decode()


def test_one_row_says_when_the_day_watch_begins_for_all_who_ask(confirming):
    staff = roster("wang")
    early = at(2, 7, 30)
    assert not DutyRoster.objects.running(watches_at(early)).exists()
    assert collectors.on_shift(early) == []

    set_policy("day_shift", value="07:00-19:00", act=system(early))

    assert [row.staff for row in DutyRoster.objects.running(watches_at(early))] == [staff]
    assert [one.username for one in collectors.on_shift(early)] == ["wang"]
    assert collectors.on_shift(at(2, 19, 30)) == []


def test_before_the_hours_change_one_reads_what_hangs_on_them(confirming):
    person("wang", area="440511")
    swept(confirming, 2, 9, 10)

    page = signed_in("admin").get("/settings/cases/touched/watch/")

    assert (page.context["present"], page.context["tasks"]) == (1, 1)


# -- shift change ----------------------------------------------------------------------------------


def passed(case, *when):
    jobs.hand_on_tasks(at(*when))
    return Case.everything.get(pk=case.pk)


@pytest.fixture
def late(reported):
    """派核实 at 19:50, ten minutes before the day watch ends."""
    return actions.ask_to_confirm(reported, act=act("ask_to_confirm", at(2, 19, 50)))


def test_a_task_not_done_passes_to_who_comes_on_shift_once(late):
    roster("wang")
    roster("wu", shift="night")
    case = swept(late, 2, 19, 55)
    assert passed(late, 2, 19, 59).n == case.n

    after = passed(late, 2, 20)

    assert (after.checker, after.due_at) == ("wu", case.due_at)
    told = after.head.data
    assert (after.head.verb, told["leaver"], told["why"]) == ("hand_on", "wang", "own")
    assert after.head.at == at(2, 20) and after.head.actor == "system:sweep"
    assert passed(late, 2, 20).n == after.n == passed(late, 2, 21).n
    with pytest.raises(Refused, match="其他监督员"):
        actions.confirm(after, act=act("confirm", at(2, 20, 1)))


def test_with_nobody_on_shift_the_task_is_nobodys_and_its_clock_waits(late):
    roster("wang")
    due = swept(late, 2, 19, 55).due_at

    case = passed(late, 2, 20)
    assert (case.checker, case.due_at, waits(case)) == ("", None, True)
    assert passed(late, 2, 23).n == case.n

    roster("wu", day=3)
    case = swept(late, 3, 8)
    assert (case.checker, case.due_at) == ("wu", at(3, 8) + (due - at(2, 20)))


def test_a_late_task_passes_on_and_stays_late(confirming):
    roster("wang")
    due = swept(confirming, 2, 9, 10).due_at

    assert passed(confirming, 2, 20).checker == ""
    assert Case.everything.get(pk=confirming.pk).due_at == due


def test_whom_intake_named_keeps_the_task_until_his_own_shift_has_ended(handled):
    roster("wang", day=3)
    roster("wu")
    roster("wu", shift="night")
    named = actions.ask_to_verify(
        handled, collector="wang", act=act("ask_to_verify", at(2, 11, 30))
    )

    assert passed(named, 2, 20).n == passed(named, 3, 12).n == named.n
    roster("wu", day=3, shift="night")
    assert passed(named, 3, 20).checker == "wu"


def test_the_task_of_who_is_no_collector_any_more_passes_on(handled):
    person("wang", area="440511")
    person("wu", post="collector", area="440511")
    named = actions.ask_to_verify(
        handled, collector="wang", act=act("ask_to_verify", at(2, 11, 30))
    )
    assert passed(named, 2, 12).n == named.n

    Appointment.objects.filter(staff__username="wang").update(until_date=date(2026, 3, 2))

    assert passed(named, 3, 12).checker == "wu"


def test_only_the_leavers_task_is_handed_on(confirming):
    case = actions.assign(confirming, collector="wang", why="own", act=act("assign", at(2, 9, 10)))

    with pytest.raises(Refused) as no:
        actions.hand_on(case, leaver="wu", collector="li", act=act("hand_on", at(2, 9, 11)))
    assert no.value.code == "assigned"
    assert Case.everything.get(pk=case.pk).n == case.n


def test_a_sweep_with_nothing_to_hand_on_costs_the_same_for_one_task_and_for_many(
    confirming, problem, django_assert_max_num_queries
):
    person("wang", area="440511")
    with django_assert_max_num_queries(1):
        jobs.hand_on_tasks(at(2, 9, 10))
    for _number in range(3):
        more = actions.report(problem, act=act("report", at(2, 9, 6)))
        actions.ask_to_confirm(more, act=act("ask_to_confirm", at(2, 9, 7)))
    jobs.assign_tasks(at(2, 9, 10))

    with django_assert_max_num_queries(5):
        assert jobs.hand_on_tasks(at(2, 9, 11)) == 0


def test_the_story_tells_of_the_change_in_plain_words_and_names_only_to_who_knows_people(late):
    roster("wang")
    roster("wu", shift="night")
    swept(late, 2, 19, 55)
    passed(late, 2, 20)
    address = f"/cases/{late.number}/"

    page = signed_in("chen").get(address).content.decode()
    assert "换班转交" in page and "王监督" in page and "本网格在岗监督员" in page
    assert "王监督" not in signed_in("li").get(address).content.decode()
