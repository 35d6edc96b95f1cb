"""What is odd about evidence is flagged, blocks nothing, and a person decides it with a reason."""

import hashlib
import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from changxiao.cases import actions, flagging, jobs, likeness
from changxiao.cases.actions import Shown, Spot
from changxiao.cases.actions.flags import dismiss_flag, uphold_flag
from changxiao.cases.models import Case
from changxiao.cases.models_evidence import EvidenceFlag, PhotoPrint
from changxiao.cases.plausible import Claim, FlagKind, Limits, Stand, of_pace, of_photo
from changxiao.catalog.models import CityPolicy
from changxiao.catalog.snapshot import policies
from changxiao.kernel.geo import Point
from changxiao.kernel.refused import Refused
from changxiao.ledger.media.models import Photo
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import Replayed
from changxiao.orgs.posts import Post
from tests.support.cast import JINPING, MONDAY, act, at

HERE = Point(*JINPING)
NORTH = 1 / 110_700  # degrees of latitude a metre, at Shantou
PATTERN = 0x5A3C96F00F69C3A5


def away(metres):
    return Point(HERE.lon, HERE.lat + metres * NORTH)


@pytest.fixture(autouse=True)
def _fresh_rules():
    yield
    policies.clear()


def photo(name, *, bits=None, **more):
    """A stored photo without its files: the rules read rows only."""
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    bits = random.Random(name).getrandbits(64) if bits is None else bits
    return Photo.objects.create(
        sha256=sha256, bytes=1, type="image/jpeg", width=640, height=480,
        rendition_sha256=sha256, rendition_bytes=1, thumbnail_sha256=sha256, pipeline="test",
        phash=f"{bits:016x}", uploaded_by="wang", created_at=MONDAY,
        **({"evidence": {"source": "exif"}} | more),
    )  # fmt: skip


def kinds(entry=None):
    rows = EvidenceFlag.everything.order_by("id")
    return [f.kind for f in (rows.filter(entry=entry) if entry else rows)]


# -- the rules, without a database -----------------------------------------------------------------


def claim(**more):
    return Claim(**{"pin": HERE, "recorded_at": MONDAY, **more})


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (claim(), []),
        (claim(camera=away(99)), []),
        (claim(camera=away(102)), ["pin_away"]),
        (claim(browser=away(102)), ["pin_away"]),
        (claim(camera=HERE, browser=away(149)), []),
        (claim(camera=HERE, browser=away(152)), ["exif_away"]),
        (claim(camera=away(500), browser=HERE), ["exif_away", "pin_away"]),
        (claim(pin=None, camera=away(5000)), []),
        (claim(taken_at=MONDAY - timedelta(hours=24)), []),
        (claim(taken_at=MONDAY - timedelta(hours=24, minutes=6)), ["taken_apart"]),
        (claim(taken_at=MONDAY + timedelta(days=2)), ["taken_apart"]),
        (claim(pin=None, taken_at=MONDAY - timedelta(days=900)), []),
        (claim(software="Adobe Photoshop 25.0"), ["edited"]),
        (claim(software="HUAWEI P40 camera"), []),
    ],
)
def test_a_photo_is_odd_past_its_thresholds_only(told, found):
    limits = Limits(editors=("photoshop",))
    assert [odd.kind for odd in of_photo(told, limits)] == found


@pytest.mark.parametrize(
    ("metres", "seconds", "fast"),
    [(99, 0, False), (1000, 31, False), (1000, 29, True), (1000, -29, True), (200, 0, True)],
)
def test_a_pace_is_measured_between_two_places(metres, seconds, fast):
    before = Stand(MONDAY, HERE)
    now = Stand(MONDAY + timedelta(seconds=seconds), away(metres))
    assert [odd.kind for odd in of_pace(before, now, Limits())] == (["too_fast"] if fast else [])


def test_the_bands_find_every_likeness_of_up_to_seven_bits():
    rng = random.Random(7)
    for _ in range(500):
        bits = rng.getrandbits(64)
        other = bits
        for place in rng.sample(range(64), rng.randint(0, likeness.MOST)):
            other ^= 1 << place
        pairs = zip(likeness.bands(bits), likeness.bands(other), strict=True)
        assert any(theirs in likeness.near(ours) for ours, theirs in pairs)
        assert likeness.unsigned(likeness.signed(bits)) == bits


# -- through the consumer --------------------------------------------------------------------------


@pytest.fixture
def camera():
    """Taken at the place, in time, by a camera."""
    place = {"lon": Decimal(str(HERE.lon)), "lat": Decimal(str(HERE.lat))}
    return photo("honest", bits=PATTERN, taken_at=MONDAY, **place)


def shown(row, role="before", spot=None):
    return [Shown(row, role, spot)]


def test_an_honest_report_raises_nothing_and_costs_few_statements(
    problem, camera, django_assert_max_num_queries
):
    spot = Spot(*HERE, 12.0)
    case = actions.report(replace(problem, photos=shown(camera, spot=spot)), act=act("report"))

    with django_assert_max_num_queries(18):
        assert jobs.flag_evidence(case.head) == 0
    assert PhotoPrint.objects.count() == 1


def test_every_kind_is_raised_by_what_it_is_about(problem, camera, damaged, roads):
    first = actions.report(replace(problem, photos=shown(camera)), act=act("report", by="wu"))
    jobs.flag_evidence(first.head)
    near = photo("near", bits=PATTERN ^ 0b111, evidence={"software": "Snapseed 2.0"})
    spot = Spot(*away(400))
    both = [*shown(camera), *shown(near, "near", spot)]

    case = actions.report(replace(problem, photos=both), act=act("report", by="yu"))
    assert jobs.flag_evidence(case.head) == 4
    assert kinds(case.head) == ["reused", "pin_away", "edited", "near_copy"]
    reused, pin, edited, copy = EvidenceFlag.everything.order_by("id")
    assert (reused.photo, reused.other_case) == (camera, first)
    assert (pin.threshold, round(pin.measured, -1)) == (100, 400)
    assert (edited.measured, edited.told) == (None, "Snapseed 2.0")
    assert (copy.photo, copy.other, copy.measured) == (near, camera, 3)


def test_the_same_photo_before_and_after_is_no_repair(dispatched, problem):
    before, after = photo("b", bits=PATTERN), photo("a", bits=PATTERN ^ 1)
    actions.add_photo(dispatched, photos=shown(before), act=act("add_photo", at(2, 9, 20)))
    case = actions.feed_back(
        dispatched, photos=shown(after, "after"), act=act("feed_back", at(2, 10))
    )
    jobs.flag_evidence(case.head)

    flag = EvidenceFlag.everything.get()
    assert (flag.kind, flag.other, flag.measured) == ("unchanged", before, 1)


def test_a_plain_wall_resembles_nothing(problem):
    for name in ("one", "two"):
        wall = photo(name, bits=0b11)
        case = actions.report(replace(problem, photos=shown(wall)), act=act("report", by=name))
        assert jobs.flag_evidence(case.head) == 0
    assert PhotoPrint.objects.count() == 0


def test_a_near_copy_of_long_ago_is_none_but_the_same_file_always(problem):
    old = photo("old", bits=PATTERN)
    long_ago = MONDAY - timedelta(days=181)
    case = actions.report(replace(problem, photos=shown(old)), act=act("report", long_ago, by="wu"))
    jobs.flag_evidence(case.head)
    copy = [*shown(photo("copy", bits=PATTERN)), *shown(old)]

    case = actions.report(replace(problem, photos=copy), act=act("report"))
    jobs.flag_evidence(case.head)
    assert kinds() == ["reused"]


def test_a_collector_who_flew_is_flagged_on_the_second_act(problem):
    near, far = problem, replace(problem, lat=problem.lat + 2000 * NORTH)
    first = actions.report(near, act=act("report", MONDAY))
    second = actions.report(far, act=act("report", MONDAY + timedelta(seconds=50)))
    third = actions.report(near, act=act("report", MONDAY + timedelta(seconds=500)))
    for case in (first, second, third):
        jobs.flag_evidence(case.head)

    flag = EvidenceFlag.everything.get()
    assert (flag.entry, flag.kind) == (second.head, "too_fast")
    assert 140 < flag.measured < 150


def test_whoever_reports_from_a_desk_does_not_travel(problem):
    for step in range(2):
        there = replace(problem, channel="hotline", lat=problem.lat + step * 2000 * NORTH)
        done = act("report", MONDAY + timedelta(seconds=step), post=Post.INTAKE)
        jobs.flag_evidence(actions.report(there, act=done).head)
    assert kinds() == []


def test_the_consumer_may_hear_an_entry_twice(problem):
    edited = photo("e", evidence={"software": "GIMP 2.10"})
    case = actions.report(replace(problem, photos=shown(edited)), act=act("report"))
    assert [jobs.flag_evidence(case.head) for _ in range(2)] == [1, 0]
    assert Entry.objects.filter(verb="raise_flag").count() == 1


def test_a_threshold_is_the_citys_to_set(problem):
    CityPolicy.objects.create(key="flag_pin_m", value="5000")
    policies.clear()
    case = actions.report(
        replace(problem, photos=shown(photo("p"), spot=Spot(*away(400)))), act=act("report")
    )
    assert jobs.flag_evidence(case.head) == 0


def test_an_entry_of_another_stream_is_none_of_ours(problem, camera):
    entry = Entry(stream="photo:x", verb="add_photo", body="{}")
    assert jobs.flag_evidence(entry) == 0


# -- decided by a person ---------------------------------------------------------------------------


@pytest.fixture
def flag(problem):
    edited = photo("e", evidence={"software": "GIMP 2.10"})
    case = actions.report(replace(problem, photos=shown(edited)), act=act("report"))
    jobs.flag_evidence(case.head)
    return EvidenceFlag.everything.get()


def director(by="huang", **more):
    return act("void", by=by, **({"note": "相机自带的裁剪"} | more))


@pytest.mark.parametrize(("verb", "state"), [(dismiss_flag, "dismissed"), (uphold_flag, "upheld")])
def test_the_director_decides_once_with_a_reason(flag, verb, state):
    case = flag.case.n
    done = director(key="decision-0001")
    row = verb(flag, act=done)

    assert (row.state, row.reason, row.decided_by) == (state, "相机自带的裁剪", "huang")
    assert (row.head.stream, row.head.n) == (flag.stream, 2)
    assert Case.everything.get(pk=flag.case_id).n == case  # the unit's story says nothing of it
    with pytest.raises(Replayed):
        verb(flag, act=done)
    with pytest.raises(Refused, match="不能再次处理"):
        verb(flag, act=director())


@pytest.mark.parametrize("verb", [dismiss_flag, uphold_flag])
@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"note": " "}, "note_missing"),
        ({"by": "wang"}, "same_person"),
        *[({"post": post}, "not_yours") for post in Post if post != Post.CENTER_DIRECTOR],
    ],
)
def test_nobody_else_decides_and_then_nothing_changes(flag, verb, more, code):
    with pytest.raises(Refused) as refused:
        verb(flag, act=director(**more))
    assert refused.value.code == code
    row = EvidenceFlag.everything.get()
    assert (row.state, row.head_id) == ("open", flag.head_id)
    assert Entry.objects.filter(stream=flag.stream).count() == 1


def test_a_look_up_asks_one_statement_and_skips_the_far(problem, django_assert_num_queries):
    for step in range(300):
        row = photo(f"crowd-{step}")
        flagging.remember(row, MONDAY)
    new = photo("new", bits=int(row.phash, 16) ^ 0b1011)
    with django_assert_num_queries(1):
        found = flagging.alike(new, most=6, since=MONDAY - timedelta(days=180))
    assert found == [(3, row.pk)]


def test_the_kinds_all_have_words():
    assert all(str(FlagKind(kind).label) for kind in FlagKind.values)
