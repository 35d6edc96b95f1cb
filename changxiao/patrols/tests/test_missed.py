"""漏报: proposed where a collector had just walked, decided by people, objected to, judged anew."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changxiao.cases.models import Case
from changxiao.cases.tests.pages import forget_catalog, key_in, signed_in
from changxiao.catalog.actions import set_policy
from changxiao.catalog.models import CityPolicy
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post
from changxiao.patrols import actions, jobs, listing, rules
from changxiao.patrols.models import MissedReport, Patrol
from changxiao.patrols.rules import Walk
from changxiao.patrols.tests.conftest import did, own
from tests.support.budgets import budget
from tests.support.cast import at

FOUR = timedelta(hours=4)
END = at(2, 20)


def walk(key=1, *, end=None, shift=END, own_end=True):
    return Walk(key, "wang", at(2, 8), end, shift, own_end)


@pytest.mark.parametrize(
    ("walks", "found_at", "expected"),
    [
        ([], at(2, 10), None),
        ([walk(end=at(2, 9))], at(2, 10), 1),
        ([walk(end=at(2, 9))], at(2, 13), 1),  # at the very end of the span
        ([walk(end=at(2, 9))], at(2, 13, 1), None),
        ([walk(end=at(2, 9))], at(2, 8, 59), None),  # found before he had finished
        ([walk(end=None)], at(2, 10), None),  # he may yet come by
        ([walk(end=at(2, 19))], at(2, 20), None),  # another shift
        ([walk(end=at(2, 9), own_end=False)], at(2, 10), None),  # the clock ended it
        ([walk(1, end=at(2, 9)), walk(2, end=at(2, 9, 30))], at(2, 10), 2),
    ],
)
def test_whose_walk_missed_it(walks, found_at, expected):
    said = rules.missed_by(walks, found_at, FOUR)
    assert (said.key if said else None) == expected


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 700), max_size=5), st.integers(0, 900))
def test_a_walk_that_is_named_had_ended_before_the_find_and_not_long_ago(ends, minute):
    walks = [walk(n, end=at(2, 8) + timedelta(minutes=end)) for n, end in enumerate(ends)]
    found_at = at(2, 8) + timedelta(minutes=minute)
    said = rules.missed_by(walks, found_at, FOUR)
    if said is not None:
        assert timedelta() <= found_at - said.finished_at <= FOUR and found_at < END


def heard(case):
    entry = Entry.objects.get(stream=case.stream, verb="file")
    for _twice in range(2):
        jobs.propose(entry)
    return MissedReport.everything.filter(case=case).first()


@pytest.mark.parametrize(
    ("channel", "minute", "expected"),
    [
        *(("hotline", 30, True), ("public", 0, True), ("inspection", 0, True)),
        *(("open311", 0, True), ("collector", 0, False), ("machine", 0, False)),
        ("sensor", 0, False),
    ],
)
def test_a_find_of_others_in_a_walked_grid_is_proposed_once(
    walked, must_find, found, channel, minute, expected
):
    row = heard(found(at(2, 10, minute), channel))

    assert bool(row) is expected
    assert MissedReport.everything.count() == int(expected)
    if row:
        assert (row.patrol, row.state) == (walked, "proposed")
        assert Entry.objects.get(verb="propose_missed").data["collector"] == "wang"


@pytest.mark.parametrize(
    ("key", "value"), [("missed_kinds", ""), ("missed_kinds", "e0110"), ("missed_hours", "0")]
)
def test_the_citys_rows_say_what_must_be_found(walked, must_find, found, key, value):
    CityPolicy.objects.update_or_create(key=key, defaults={"value": value})
    forget_catalog()
    assert heard(found()) is None


@pytest.mark.parametrize(
    ("written", "kept"), [("*", "*"), ("e9799 *", "*"), (" e9799  e9799 ", "e9799"), ("", "")]
)
def test_what_must_be_found_is_read_when_it_is_set(damaged, written, kept):
    forget_catalog()
    assert set_policy("missed_kinds", value=written, act=Act.system("test")).value == kept


@pytest.mark.parametrize("written", ["e979", "道路破损", "e9799,e0110", "e0199", "c0101"])
def test_what_is_no_kind_of_the_catalogue_is_refused_and_nothing_is_kept(damaged, written):
    forget_catalog()
    with pytest.raises(Refused) as no:
        set_policy("missed_kinds", value=written, act=Act.system("test"))
    assert (no.value.code, no.value.field) == ("policy_unreadable", "missed_kinds")
    assert not CityPolicy.objects.filter(key="missed_kinds").exists()


def test_elsewhere_or_much_later_nothing_was_missed(walked, must_find, found):
    assert heard(found(at(2, 13, 31))) is None
    Patrol.everything.update(duty_grid_code="elsewhere")
    assert heard(found()) is None


@pytest.fixture
def proposed(walked, must_find, found):
    return heard(found())


def intake(by="chen", when=None, note="路面的坑很明显", post=Post.INTAKE):
    return did(by, post, when or at(3, 9), note)


def test_the_whole_way_to_a_second_persons_word(proposed):
    actions.confirm_missed(proposed, act=intake())
    proposed.refresh_from_db()
    assert proposed.object_until == at(9, 18) or proposed.object_until > at(6, 9)
    assert proposed.counts
    actions.object_missed(proposed, act=did(when=at(3, 10), note="当时有车停在坑上"))
    with pytest.raises(Refused, match="由他人复核"):
        actions.overturn_missed(proposed, act=intake(when=at(3, 11)))
    actions.overturn_missed(proposed, act=intake("lin", at(3, 12), "属实", Post.SHIFT_LEADER))

    proposed.refresh_from_db()
    assert (proposed.state, proposed.judged_by, proposed.counts) == ("overturned", "lin", False)
    verbs = Entry.objects.filter(stream__startswith="missed:").order_by("n")
    assert [e.verb.partition("_")[0] for e in verbs] == [
        "propose",
        "confirm",
        "object",
        "overturn",
    ]


ACTS = {
    "confirm_missed": intake,
    "dismiss_missed": intake,
    "object_missed": lambda **more: did(when=at(3, 10), note="当时有车停在坑上", **more),
    "uphold_missed": lambda: intake("lin", at(3, 12), "看得见", Post.SHIFT_LEADER),
    "overturn_missed": lambda: intake("lin", at(3, 12), "看不见", Post.SHIFT_LEADER),
}
OPEN = {
    "proposed": {"confirm_missed", "dismiss_missed"},
    "confirmed": {"object_missed"},
    "objected": {"uphold_missed", "overturn_missed"},
}


@pytest.mark.parametrize("state", MissedReport.State.values)
@pytest.mark.parametrize("verb", ACTS)
def test_each_verb_leaves_from_its_states_alone(proposed, state, verb):
    MissedReport.everything.update(state=state, decided_by="chen")
    before = Entry.objects.count()
    if verb in OPEN.get(state, ()):
        getattr(actions, verb)(proposed, act=ACTS[verb]())
        assert Entry.objects.count() == before + 1
        return
    with pytest.raises(Refused, match="不能这样办理"):
        getattr(actions, verb)(proposed, act=ACTS[verb]())
    assert MissedReport.everything.get().state == state and Entry.objects.count() == before


def test_no_word_no_decision_no_late_and_no_foreign_objection(proposed):
    with pytest.raises(Refused, match="认定理由"):
        actions.confirm_missed(proposed, act=intake(note=" "))
    with pytest.raises(Refused, match="受理员"):
        actions.confirm_missed(proposed, act=intake("li", post=Post.DISPATCHER))
    assert MissedReport.everything.get().state == "proposed"

    actions.confirm_missed(proposed, act=intake())
    with pytest.raises(Refused, match="本人申诉"):
        actions.object_missed(proposed, act=did("wu", when=at(3, 10), note="不是我"))
    with pytest.raises(Refused, match="期限已过"):
        actions.object_missed(proposed, act=did(when=at(20, 9), note="才看到"))
    assert MissedReport.everything.get().state == "confirmed"


def test_the_rate_counts_what_stands_over_what_was_found(proposed, found):
    found(at(2, 11), "collector")
    span = (at(2, 0), at(3, 0))
    assert listing.rate(*span) == (0, 1)
    actions.confirm_missed(proposed, act=intake())
    assert listing.rate(*span) == (1, 2)
    MissedReport.everything.update(state="overturned")
    assert listing.rate(*span) == (0, 1)


def test_intake_decides_on_its_page_and_the_collector_objects_on_his(proposed, grid):
    number, chen = proposed.case.number, signed_in("chen")
    page = chen.get("/patrols/missed/").content.decode()
    assert number in page and "王监督" in page and "待认定" in page
    assert "没有这样的漏报" in chen.get("/patrols/missed/?state=upheld").content.decode()
    assert chen.get("/patrols/missed/?state=lost").status_code == 400

    assert "待认定 1" in chen.get("/patrols/waiting/").content.decode()
    one = f"/patrols/missed/{number}/"
    empty = chen.post(one, {"key": key_in(chen.get(one)), "verb": "confirm_missed", "note": ""})
    assert empty.status_code == 422 and "认定理由" in empty.content.decode()
    told = {"key": key_in(chen.get(one)), "verb": "confirm_missed", "note": "看得见"}
    assert chen.post(one, told).status_code == 302
    assert "confirm_missed" not in chen.get(one).content.decode()

    phone = signed_in("wang", area=grid.code)
    assert "1 件被认定漏报" in phone.get("/patrols/waiting/").content.decode()
    assert "已认定" in phone.get("/patrols/mine/").content.decode()
    told = {"key": key_in(phone.get(one)), "verb": "object_missed", "note": "有车停在上面"}
    assert phone.post(one, told).status_code == 302
    assert "uphold_missed" not in chen.get(one).content.decode()  # his own decision
    lin = signed_in("lin").get(one).content.decode()
    assert "uphold_missed" in lin and "有车停在上面" in lin
    sheet = chen.get("/patrols/missed/export.xlsx")
    assert b"".join(sheet).startswith(b"PK")
    assert signed_in("wu", post=Post.COLLECTOR, area="440599").get(one).status_code == 404
    assert signed_in("zhao").get(one).status_code == 403
    assert Case.everything.get().stage == "filed"


def test_one_looks_at_another_than_ones_own(walked):
    with own("wu"):
        assert not Patrol.objects.exists() and not MissedReport.objects.exists()
    with own():
        assert Patrol.objects.get() == walked


def test_both_lists_keep_their_budgets(walked, must_find, found):
    for minute in range(8):
        assert heard(found(at(2, 10, minute)))
    chen = signed_in("chen")
    chen.get("/patrols/missed/")

    with budget("page:missed"):
        page = chen.get("/patrols/missed/").content.decode()
    assert page.count("王监督") >= 8
    with budget("page:patrols"):
        assert "王监督" in chen.get("/patrols/?day=2026-03-02").content.decode()
    with budget("page:coverage"):
        assert chen.get("/patrols/coverage/").status_code == 200
