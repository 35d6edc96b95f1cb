"""Facts from the log: what the tables say, exactly once, however the log is cut."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changxiao.areas.home import settle
from changxiao.cases import actions
from changxiao.cases.models import Case
from changxiao.cases.samples.building import build
from changxiao.cases.samples.plan import Wish
from changxiao.cases.tests import test_recall
from changxiao.cases.tests.pages import forget_catalog
from changxiao.cases.tests.test_recall import at_stage, photo  # noqa: F401 - fixtures
from changxiao.catalog.load import load as load_catalog
from changxiao.evaluation import counting
from changxiao.evaluation.engines import engine
from changxiao.evaluation.facts import store
from changxiao.evaluation.facts.generate import Plan, generate
from changxiao.evaluation.feed.checking import check
from changxiao.evaluation.feed.export import export
from changxiao.evaluation.feed.fold import Said, fold
from changxiao.evaluation.feed.tasks import DOES, EVENTS
from changxiao.evaluation.periods import read_period
from changxiao.evaluation.tests.worked import ZONE
from changxiao.kernel.city import city as city_of
from changxiao.kernel.refused import Refused
from changxiao.ledger import log, sequencer
from changxiao.ledger.models import Entry
from changxiao.orgs.load import load as load_orgs
from tests.support.cast import MONDAY, act, at

ALIKE = "00007f6817159ea61c486397c4d87be3f4768cf64cd47f808005f53104b01773"
MARCH = read_period("2026-03", ZONE)


@pytest.fixture(autouse=True)
def _fresh():
    forget_catalog()
    yield
    forget_catalog()


@pytest.fixture
def told(tmp_path):
    """The facts of all cases as they stand now, which the tables must confirm."""

    def facts():
        export(tmp_path)
        found = store.opened(tmp_path)
        assert list(check(found)) == []
        return found

    return facts


def folded(case):
    entries = Entry.objects.filter(stream=case.stream).order_by("n")
    return fold("440500", case.number, [said_by(entry) for entry in entries])


def said_by(entry):
    body = json.loads(entry.body)
    return Said(entry.n, entry.verb, entry.actor, entry.at, body, entry.hash)


def tasks_of(case, kind):
    return [row for row in folded(case).tasks if row["kind"] == kind]


def test_a_case_handled_and_closed_in_time(closed, told):
    told()
    row = folded(closed).case

    assert (row["stage"], row["department"], row["late"]) == ("closed", "SZ-DL", False)
    assert row["filed_at"] < row["dispatched_at"] < row["handled_at"] < row["closed_at"]
    assert row["handled_at"] <= row["due_at"] < row["close_due_at"]
    kinds = [(task["kind"], task["person"]) for task in folded(closed).tasks]
    assert kinds == [
        *(("report", "wang"), ("accept", "chen"), ("file", "lin"), ("dispatch", "li")),
        *(("handle", "zhao"), ("check", "wang"), ("close", "lin")),
    ]
    assert all(task["done_at"] for task in folded(closed).tasks)


def test_what_waits_is_a_task_of_nobody_yet(dispatched, told):
    told()
    [waiting] = tasks_of(dispatched, "handle")

    assert waiting["done_at"] is None
    assert waiting["due_at"] == folded(dispatched).case["due_at"]
    assert (waiting["department"], waiting["person"]) == ("SZ-DL", "")


def test_a_feedback_that_the_check_sent_back_did_not_stand(handled, told):
    case = actions.rework(handled, act=act("rework", at(2, 11, 40), note="没修好"))
    told()

    assert folded(case).case["handled_at"] is None
    assert folded(case).case["reworks"] == 1
    assert [task["sound"] for task in tasks_of(case, "handle")] == [False, None]
    case = actions.feed_back(case, act=act("feed_back", at(2, 14, 30), note="修好了"))
    told()
    assert folded(case).case["handled_at"] is not None


def sent_back(case, to):
    case = actions.send_back(case, act=act("send_back", at(2, 9, 20), note="不属本单位"))
    case = actions.take_back(case, act=act("take_back", at(2, 9, 30)))
    note = {"note": "已核对权属"}
    return actions.dispatch(case, to=to, act=act("dispatch", at(2, 9, 40), **note))


def test_sent_back_and_given_to_another_unit_it_was_dispatched_wrongly(dispatched, parks, told):
    case = sent_back(dispatched, parks)
    told()

    assert folded(case).case["misdispatched"]
    assert folded(case).case["returns"] == 1
    assert [task["sound"] for task in tasks_of(case, "dispatch")] == [False, True]
    assert [task["department"] for task in tasks_of(case, "dispatch")] == ["SZ-DL", "YL-LH"]


def test_sent_back_and_given_to_the_same_unit_it_was_not(dispatched, roads, told):
    case = sent_back(dispatched, roads)
    told()

    assert not folded(case).case["misdispatched"]
    assert [task["sound"] for task in tasks_of(case, "dispatch")] == [True, True]


def test_a_hung_case_tells_the_limit_it_had(dispatched, told):
    due = folded(dispatched).case["due_at"]
    case = actions.ask_suspend(
        dispatched, until=at(20, 9), act=act("ask_suspend", at(2, 9, 20), note="雨季")
    )
    case = actions.suspend(case, act=act("suspend", at(2, 9, 30)))
    told()

    row = folded(case).case
    assert (row["suspended"], row["due_at"], case.handle_due_at) == (True, due, None)
    assert len(tasks_of(case, "suspend")) == 1


def test_a_voided_case_was_not_filed_soundly(filed, told):
    case = actions.void(filed, act=act("void", at(2, 10), note="重复立案"))
    told()

    assert folded(case).case["voided_at"] is not None
    assert [task["sound"] for task in tasks_of(case, "file")] == [False]


@pytest.mark.parametrize("verb", sorted(test_recall.ROADS))
def test_what_was_recalled_leaves_the_facts_as_they_were(at_stage, told, verb):  # noqa: F811
    case, asks = at_stage(verb)
    before = folded(case)
    case = test_recall.took(case, verb, at(2, 10), **asks)
    case = test_recall.take_back(case, verb, at(2, 10, 2))

    told()
    after = folded(case)
    assert after.case == before.case
    assert [dict(t, n=0) for t in after.tasks] == [dict(t, n=0) for t in before.tasks]


# -- the log, cut anywhere ------------------------------------------------------------------------


CASES: dict[str, list[Said]] = {}  # entries of the small city, for those who only read them
of_small_city = pytest.mark.xdist_group("small_city")  # in one process, it is built once


@pytest.fixture
def small_city(city):
    """Forty cases of every fate, as the demonstration has them; how many entries."""
    place = city_of("440500")
    load_catalog(place)
    load_orgs(place)
    settle(place)
    build(Wish(weeks=2, cases=40, seed=3, until=MONDAY))
    sequencer.drain()
    CASES.clear()
    for entry in Entry.objects.filter(stream__startswith="case:").order_by("stream", "n"):
        CASES.setdefault(entry.stream, []).append(said_by(entry))
    return log.size()


def parts(folder):
    return store.opened(folder).cities, [p.sha256 for p in store.opened(folder).parts]


@of_small_city
def test_in_slices_broken_off_and_at_once_give_the_same_bytes(small_city, tmp_path, monkeypatch):
    export(tmp_path / "once")
    whole = parts(tmp_path / "once")
    assert list(check(store.opened(tmp_path / "once"))) == []
    place = iter(range(100))

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.integers(0, small_city), max_size=3))
    def sliced(cuts):
        folder = tmp_path / f"cut{next(place)}"
        for size in [*sorted(cuts), small_city, small_city]:
            export(folder, size=size)
        assert parts(folder) == whole

    sliced()
    _break_off(tmp_path / "broken", small_city // 2, monkeypatch)
    export(tmp_path / "broken")
    assert parts(tmp_path / "broken") == whole


def _break_off(folder, size, monkeypatch):
    """Half way, and then the power goes before the manifest is written: the half still holds."""
    export(folder, size=size)
    half = parts(folder)
    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr(store, "save", _fail)
        export(folder)
    assert parts(folder) == half
    assert not list(store.faults(store.opened(folder)))


def _fail(_facts):
    raise RuntimeError("the power went")


# -- every kind of entry ---------------------------------------------------------------------------
#
# Whatever is changed in a log, a reader of its export refuses it (ledger/tests/test_exported.py).
# Here all hashes were made anew after the change: then the figures themselves must tell.

# Who did it and when is a figure of its own: a task, or what happened in one.
DONE = {*DOES, *EVENTS, "report"}
# Something of the case, or that it is over; when is told by the moments that the entry sets.
SETS = {"extend", "force_close", "grant_appeal", "handle_on_spot", "supervise", "void", "wake",
        "join", "recall", "contest", "reopen"}  # fmt: skip
# What people said to each other on the way. Only the last entry of a case shows, by its number.
SAID = {"receive", "forward", "nudge", "publish", "answer_order", "appeal", "endorse_appeal",
        "refuse_appeal", "ask_extend", "ask_suspend", "refuse_request", "send_back",
        "assist"}  # fmt: skip
STOPS = {"hold", "release"}  # the clock, where one runs: else there is nothing to tell


@pytest.fixture
def cases(request):
    """The entries of each case of the small city."""
    if not CASES:
        request.getfixturevalue("small_city")
    return CASES


def facts_of(said):
    """What the facts say of a case; nothing can be said of one without its report."""
    return fold("440500", "x", said) if said and said[0].verb == "report" else None


def unmoved(cases, verbs, change):
    """Entries of these kinds whose change the facts do not show."""
    return [
        (stream, one.n, one.verb)
        for stream, said in cases.items()
        for place, one in enumerate(said)
        if one.verb in verbs
        and facts_of([*said[:place], *change(one), *said[place + 1 :]]) == facts_of(said)
    ]


@of_small_city
def test_every_kind_of_entry_is_told_here(cases):
    kinds = {one.verb for said in cases.values() for one in said}
    assert not kinds - DONE - SETS - SAID - STOPS
    assert len(kinds & DONE) > 11 and kinds & SETS and kinds & SAID


@of_small_city
def test_an_entry_that_is_taken_away_changes_the_facts(cases):
    assert unmoved(cases, DONE | SETS, lambda _one: []) == []


@of_small_city
def test_another_person_or_moment_changes_the_facts_of_whatever_was_done(cases):
    tick = timedelta(microseconds=1)
    assert unmoved(cases, DONE, lambda one: [one._replace(actor=f"{one.actor}x")]) == []
    assert unmoved(cases, DONE, lambda one: [one._replace(at=one.at + tick)]) == []


@of_small_city
def test_another_kind_of_entry_in_its_place_changes_the_facts(cases):
    assert unmoved(cases, DONE, lambda one: [one._replace(verb="nudge")]) == []


@of_small_city
def test_what_people_said_on_the_way_decides_no_figure(cases):
    """Else it would belong above: told otherwise, with the case as it stood, nothing moves."""
    changed = unmoved(cases, SAID, lambda one: [one._replace(actor="x", verb="nudge")])
    assert len(changed) == sum(one.verb in SAID for said in cases.values() for one in said)


def test_a_change_made_beside_the_log_is_found(closed, tmp_path):
    export(tmp_path)
    Case.everything.filter(pk=closed.pk).update(rework_count=9)

    [sentence] = check(store.opened(tmp_path))
    assert closed.number in sentence and "reworks" in sentence


def test_facts_that_were_made_up_are_not_added_to(closed, tmp_path):
    generate(Plan(20, seed=1, months=1, tasks=False), tmp_path)
    facts = store.opened(tmp_path)
    facts.cities = {"440500": store.Source("Asia/Shanghai")}
    facts.parts = [replace(part, city="440500") for part in facts.parts]
    store.save(facts)
    made_up = parts(tmp_path)
    with pytest.raises(Refused) as no:
        export(tmp_path)
    assert no.value.code == "facts_of_another_log"
    assert parts(tmp_path) == made_up
    export(tmp_path, rebuild=True)
    assert store.opened(tmp_path).rows("cases") == 1


def test_facts_of_another_log_are_refused_and_nothing_is_written(closed, tmp_path):
    export(tmp_path)
    facts = store.opened(tmp_path)
    facts.cities["440500"] = store.Source("Asia/Shanghai", 3, "0" * 64)
    store.save(facts)
    before = parts(tmp_path)

    with pytest.raises(Refused, match="--rebuild"):
        export(tmp_path)
    assert parts(tmp_path) == before
    assert any("--rebuild" in told for told in check(store.opened(tmp_path)))
    export(tmp_path, rebuild=True)
    assert list(check(store.opened(tmp_path))) == []


def test_the_counts_of_a_month_come_out_of_the_log(closed, told):
    with engine("duckdb", told()) as run:
        keys = ["on_time_handling_rate", "sl_file_accurate", "filed"]
        found = {
            one.indicator: (one.numerator, one.denominator)
            for key, by in zip(keys, ("department", "person", "street"), strict=True)
            for one in counting.count(run, keys=[key], by=by, period=MARCH)
            if one.numerator
        }
    assert found == {
        "on_time_handling_rate": (1, 1),
        "sl_file_accurate": (1, 1),
        "filed": (1, 0),
    }


def test_the_same_acts_give_the_same_facts_on_both_databases(closed, told):
    """Run on SQLite and on PostgreSQL against one digest; a change of the schema changes it."""
    assert told().digest == ALIKE
