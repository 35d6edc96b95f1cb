"""Evidence that fits the case: what the criterion asks for, what an act brings, what is lacking."""

import json
from decimal import Decimal

import pytest

from changxiao.cases import actions, evidence
from changxiao.cases.actions.evidence import lacking
from changxiao.cases.evidence import Given, Held, Measured, Outcome, Vouched
from changxiao.cases.models import Case
from changxiao.cases.models_evidence import CaseReading, CaseWitness
from changxiao.cases.story import story
from changxiao.catalog.models import Need
from changxiao.kernel import scope
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.orgs.models import Staff
from tests.support.cast import act, at

NOISE = Need.read("reading:噪声:dB(A):..55")
WITNESS = Need.read("witness")
GUARD = Vouched(name="林大爷", post="小区门卫")
QUIET = Given([Measured("噪声", Decimal("52.5"))], GUARD, Outcome.RESTORED.value)

LOUD = Given([Measured("噪声", Decimal(60))], outcome="restored")


def wants(damaged, *needs):
    damaged.closing_needs = list(needs)
    damaged.save(update_fields=["closing_needs"])


@pytest.fixture
def noisy(dispatched, damaged):
    """A case whose closing needs a reading and a witness."""
    wants(damaged, str(NOISE), "witness")
    dispatched.criterion.refresh_from_db()
    return dispatched


def rows(case):
    return (
        Entry.objects.filter(stream=case.stream).count(),
        CaseReading.objects.count(),
        CaseWitness.objects.count(),
        Case.everything.filter(pk=case.pk).values().get(),
    )


# -- the need itself -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["before", "document", "witness", "reading:噪声:dB(A):..55", "reading:余氯:mg/L:0.3..4"],
)
def test_a_need_reads_back_what_it_writes(written):
    assert str(Need.read(written)) == written


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("selfie", "needs_unknown"),
        ("", "needs_unknown"),
        ("after:x", "need_unreadable"),
        ("reading", "need_unreadable"),
        ("reading:噪声:dB:", "need_unreadable"),
        ("reading:噪声:dB:..", "need_unreadable"),
        ("reading:噪声:dB:5..4", "need_unreadable"),
        ("reading:噪声:dB:a..4", "need_unreadable"),
        ("reading:噪声:dB:..Infinity", "need_unreadable"),
        ("reading::dB:..4", "need_unreadable"),
        ("reading:" + "长" * 21 + ":dB:..4", "need_unreadable"),
    ],
)
def test_a_need_that_means_nothing_is_refused(written, code):
    with pytest.raises(Refused) as refused:
        Need.read(written)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("bounds", "value", "holds"),
    [("..55", "55", True), ("..55", "55.001", False), ("0.3..4", "0.3", True),
     ("0.3..4", "0.29", False), ("2..", "2", True), ("2..", "1.9", False)],
)  # fmt: skip
def test_bounds_include_their_ends(bounds, value, holds):
    assert Need.read(f"reading:x:y:{bounds}").holds(Decimal(value)) is holds


ASKED = [Need.read("after"), NOISE, WITNESS]
ROLES, READ = frozenset({"after"}), (Measured("噪声", Decimal(50)),)


@pytest.mark.parametrize(
    ("held", "lacks"),
    [
        (Held(), ["after", "reading", "witness"]),
        (Held(ROLES, READ, True), []),
        (Held(ROLES, (Measured("噪声", Decimal(56)),), True), ["reading"]),
        (Held(ROLES, (*READ, Measured("噪声", Decimal(60))), True), ["reading"]),
        (Held(ROLES, (), True, Outcome.RESTORED), ["reading"]),
        (Held(ROLES, (), True, Outcome.PERSUADED), []),
        (Held(ROLES, (), False, Outcome.NOT_FOUND), ["witness"]),
        (Held(frozenset(), (), False, Outcome.HANDED_OVER), ["after", "witness"]),
    ],
)
def test_what_is_lacking(held, lacks):
    assert [need.kind for need in evidence.missing(ASKED, held)] == lacks


# -- with the verbs --------------------------------------------------------------------------------


def test_a_reading_and_a_witness_come_with_the_feedback_and_stay_with_it(noisy):
    case = actions.feed_back(noisy, act=act("feed_back", at(2, 10), note="已停工"), given=QUIET)

    assert (case.outcome, lacking(case)) == ("restored", [])
    body = json.loads(case.head.body)
    assert body["readings"] == [{"name": "噪声", "unit": "dB(A)", "value": "52.5"}]
    assert "林大爷" not in case.head.body  # a passer-by's name is committed to, not written
    kept = CaseReading.objects.get()
    assert (kept.value, kept.unit, kept.entry) == (Decimal("52.5"), "dB(A)", case.head)
    actions.verify(case, act=act("verify", at(2, 10, 30)))
    assert actions.close(case, act=act("close", at(2, 11))).stage == "closed"


def test_the_story_tells_the_name_to_the_supervision_side_only(noisy):
    case = actions.feed_back(noisy, act=act("feed_back", at(2, 10), note="已停工"), given=QUIET)
    handler = scope.Viewer("staff", "zhao", (scope.Grant("handler", unit="9001."),))

    told = dict(story(case, scope.current())[-1].facts)
    masked = dict(story(case, handler)[-1].facts)

    assert (told["见证人"], told["噪声"], told["处置结果"]) == (
        "小区门卫 林大爷",
        "52.5 dB(A)",
        "恢复",
    )
    assert masked["见证人"] == "小区门卫"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (LOUD, "reading_out_of_bounds"),
        (Given(outcome="restored", readings=[Measured("余氯", Decimal(1))]), "reading_unknown"),
        (Given(witness=GUARD), "outcome_missing"),
        (Given(witness=GUARD, outcome="gone"), "outcome_unknown"),
        (Given(witness=Vouched(name="林大爷"), outcome="restored"), "witness_unclear"),
        (Given(witness=Vouched(post="门卫"), outcome="restored"), "witness_unclear"),
        (Given(witness=Vouched(account="zhao"), outcome="restored"), "same_person"),
        (Given(witness=Vouched(account="nobody"), outcome="restored"), "person_unknown"),
    ],
)  # fmt: skip
def test_a_feedback_with_evidence_that_does_not_hold_changes_nothing(noisy, given, code):
    before = rows(noisy)
    with pytest.raises(Refused) as refused:
        actions.feed_back(noisy, act=act("feed_back", at(2, 10), note="已停工"), given=given)
    assert refused.value.code == code
    assert rows(noisy) == before


def test_whoever_stood_in_is_no_witness_either(noisy):
    Staff.objects.create(username="qian", name="钱")
    given = Given(witness=Vouched(account="qian"), outcome="persuaded")
    with pytest.raises(Refused, match="不能为自己作证"):
        actions.feed_back(
            noisy, act=act("feed_back", at(2, 10), note="已劝离", on_behalf="qian"), given=given
        )


def test_a_colleague_may_be_the_witness_and_then_nothing_is_lacking(noisy):
    Staff.objects.create(username="qian", name="钱")
    given = Given(witness=Vouched(account="qian"), outcome="persuaded")

    case = actions.feed_back(noisy, act=act("feed_back", at(2, 10), note="已劝离"), given=given)

    assert lacking(case) == []


def test_closing_says_what_is_lacking_and_the_checker_can_bring_it(noisy):
    case = actions.feed_back(
        noisy, act=act("feed_back", at(2, 10), note="已停工"), given=Given(outcome="restored")
    )
    actions.verify(case, act=act("verify", at(2, 10, 30)))
    before = rows(case)
    with pytest.raises(Refused, match="噪声读数（≤ 55 dB\\(A\\)）、见证人"):
        actions.close(case, act=act("close", at(2, 11)))
    assert rows(case) == before

    actions.add_photo(case, act=act("verify", at(2, 11, 5)), given=Given(QUIET.readings, GUARD))
    assert actions.close(case, act=act("close", at(2, 11, 10))).stage == "closed"


def test_what_was_measured_before_a_rework_counts_no_more(noisy):
    case = actions.feed_back(noisy, act=act("feed_back", at(2, 10), note="已停工"), given=QUIET)
    loud = Given([Measured("噪声", Decimal(70))])
    case = actions.rework(case, act=act("rework", at(2, 11), note="仍在施工"), given=loud)

    assert [need.kind for need in lacking(case)] == ["reading", "witness"]


def test_a_checker_who_reads_too_much_cannot_pass_it(noisy):
    case = actions.feed_back(noisy, act=act("feed_back", at(2, 10), note="已停工"), given=QUIET)
    loud = Given([Measured("噪声", Decimal(70))])
    before = rows(case)
    with pytest.raises(Refused, match="未达到结案标准"):
        actions.verify(case, act=act("verify", at(2, 11)), given=loud)
    assert rows(case) == before
