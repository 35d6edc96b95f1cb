"""The demo city: one seed gives one plan, acting it is repeatable, and the log gives it back."""

import hashlib
from collections import Counter

import pytest

from changxiao.areas.home import settle
from changxiao.cases import flow, replay
from changxiao.cases.finds.models import Find
from changxiao.cases.models import Case
from changxiao.cases.samples import building, pictures
from changxiao.cases.samples.building import build, settled
from changxiao.cases.samples.course import Facts
from changxiao.cases.samples.data import invented
from changxiao.cases.samples.plan import Planner, Wish
from changxiao.catalog import stamp
from changxiao.catalog.load import load as load_catalog
from changxiao.kernel.city import city as city_of
from changxiao.kernel.refused import Refused
from changxiao.kernel.worktime import parse_limit
from changxiao.kernel.worktime_city import city_calendar
from changxiao.ledger.media.models import Photo
from changxiao.ledger.models import Checkpoint, Entry
from changxiao.orgs.load import load as load_orgs
from tests.support.cast import MONDAY

pytestmark = pytest.mark.usefixtures("as_system")

SHANTOU = "440500"
SMALL = Wish(weeks=2, cases=40, seed=3, until=MONDAY)
CUT = Wish(weeks=2, cases=14, seed=4, until=MONDAY)


def wish(cases=600, seed=1):
    return Wish(weeks=3, cases=cases, seed=seed, until=MONDAY)


def facts():
    """The city's files without its tables: everybody works office hours."""
    import csv

    place = city_of(SHANTOU)
    with (place.folder / "criteria.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    limits = {row["code"]: parse_limit(row["limit"]) for row in rows}
    after = {row["code"]: row["successor"] for row in rows if row["successor"]}
    return Facts(
        limits, after, lambda kind: city_calendar(place, kind), lambda _kind, _spot: "office"
    )


def planned(**wanted):
    return Planner(invented(SHANTOU), facts(), wish(**wanted)).plan()


def stage_after(sample):
    """The stage a case reaches by its moves, a part that opens the next one staying dispatched."""
    stage, parts = "", sum(move.verb == "feed_back" for move in sample.moves)
    for move in sample.moves:
        step = flow.DEFAULT.step(move.verb)
        stage = str(step.target or stage)
        if move.verb == "feed_back" and sample.fate == "burst" and parts == 1:
            stage = "dispatched"
    return stage


@pytest.fixture(scope="module")
def plan():
    return planned()


def test_a_plan_of_600_cases_ends_at_every_stage(plan):
    stages = Counter(stage_after(sample) for sample in plan.samples)

    # A duplicate needs a second case of the same problem, and the plan makes each case alone.
    assert set(stages) == set(flow.Stage) - {flow.Stage.JOINED}
    assert min(stages.values()) >= 5


def test_a_plan_uses_every_channel_and_every_verb_of_the_road(plan):
    verbs = {move.verb for move, _sample, _at in plan.steps()}

    assert {sample.channel for sample in plan.samples} == set(invented(SHANTOU).told["channels"])
    apart = {
        "resume",
        "assign",
        "await_collector",
        "hand_on",
        *(
            "draw_recheck",
            "redraw_recheck",
            "recheck",
            "dispute_check",
            "follow_up",
            "excuse_check",
        ),
        "hold",
        "release",
        "pass_on",
        "unmask",
        "add_photo",
        "adopt_ruling",
        "drop_ruling",
    }
    apart |= {"recall", "amend", "ask_amend", "agree_amend", "refuse_amend", "fill_in"}
    apart |= {"split", "join", "split_off", "pass_answer", "complete_photo", "give_up_photo"}
    apart |= {"issue_link", "revoke_link", "withdraw", "supplement", "relay"}
    apart |= {"verify_again", "acknowledge", "contest", "follow"}
    apart |= {"call_again", "call_back", "reopen", "give_due"}
    assert verbs >= {step.verb for step in flow.STEPS} - apart


def test_moves_of_a_case_follow_each_other_and_none_lies_ahead(plan):
    for sample in plan.samples:
        times = [move.at for move in sample.moves]
        assert times == sorted(times), sample.fate
        assert times[-1] <= MONDAY


def test_the_same_seed_gives_the_same_plan_and_another_seed_another(plan):
    assert planned() == plan
    assert planned(seed=2).samples[0] != plan.samples[0]


def test_cases_lie_in_unit_grids_of_the_three_built_up_districts(plan):
    assert {sample.spot.district for sample in plan.samples} == {"440511", "440507", "440512"}
    assert all(
        sample.spot.address.startswith(("金平区", "龙湖区", "濠江区")) for sample in plan.samples
    )
    assert len({piece.code for piece in plan.pieces}) == len(plan.pieces) == 400


def test_a_picture_is_the_same_bytes_each_time_and_shows_before_and_after():
    assert pictures.drawn("cover", "before") == pictures.drawn("cover", "before")
    assert pictures.drawn("cover", "before") != pictures.drawn("cover", "after")


@pytest.fixture
def empty_home(tmp_path, monkeypatch):
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(building, "home", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def shantou(real_database, empty_home, monkeypatch):
    """汕头 with its rows, where verbs really commit; no picture is decoded."""
    settle(city_of(SHANTOU))
    load_orgs(city_of(SHANTOU))
    load_catalog(SHANTOU)
    monkeypatch.setattr(building.media, "store", stored)
    yield empty_home
    stamp.forget()


def stored(data, *, act, **_named):
    sha256 = hashlib.sha256(data).hexdigest()
    known = Photo.objects.filter(sha256=sha256).first()
    return known or Photo.objects.create(
        sha256=sha256,
        bytes=len(data),
        type="image/png",
        width=640,
        height=480,
        rendition_sha256=sha256,
        rendition_bytes=1,
        thumbnail_sha256=sha256,
        pipeline="test",
        phash="0" * 16,
        evidence={},
        uploaded_by=act.actor,
        created_at=act.at,
    )


def test_a_small_demo_is_acted_without_refusal_and_a_second_build_adds_nothing(shantou):
    built = build(SMALL)
    entries = Entry.objects.count()
    later = build(Wish(weeks=2, cases=40, seed=3, until=MONDAY.replace(day=5)))

    assert built.refused == {}
    seen = Find.everything.filter(state=Find.State.AFFIRMED).count()  # by a camera
    assert seen == 2
    assert built.cases == Case.everything.filter(origin="demo").count() == 40 + seen
    assert list(replay.check()) == []
    assert Checkpoint.objects.get().size == Entry.objects.count() == entries
    assert (later.cases, later.entries, later.photos, later.components) == (0, 0, 0, 0)


def test_a_build_that_was_cut_off_goes_on_where_it_stopped(shantou):
    def pull_the_plug(_what, done, _whole):
        if done >= 60:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(CUT, pull_the_plug)
    assert Case.everything.count() > 0
    built = build(CUT)

    assert built.refused == {}
    assert Case.everything.count() == 14 + Find.everything.filter(state="affirmed").count()
    assert list(replay.check()) == []


def test_another_demo_in_the_same_home_is_refused(city, empty_home):
    settled(SMALL)

    with pytest.raises(Refused, match="另建一座"):
        settled(Wish(weeks=2, cases=41, seed=3, until=MONDAY))


def test_a_home_with_real_cases_takes_no_demo(empty_home, reported):
    with pytest.raises(Refused, match="真实案卷"):
        settled(SMALL)
    assert not (empty_home / "demo").exists()


def test_a_city_without_demo_data_is_refused():
    with pytest.raises(Refused, match="没有演示数据"):
        invented("chicago")
