"""连办: several steps as one act: all entries or none, whoever holds the posts, once."""

import itertools
from datetime import date
from decimal import Decimal

import pytest

from changxiao.cases import actions, chains, flow, replay, rules
from changxiao.cases.actions.chained import Part, take_steps
from changxiao.cases.chains import CHAINS
from changxiao.cases.flow import Stage
from changxiao.cases.models import Case
from changxiao.cases.tests.test_actions import unchanged, verbs_of
from changxiao.catalog.models import FilingCriterion
from changxiao.kernel.refused import Refused
from changxiao.ledger.refusals import KeyReused, Replayed
from changxiao.orgs.models import Unit
from changxiao.orgs.posts import Post
from tests.support.cast import act, at

DESKS = (Post.INTAKE, Post.SHIFT_LEADER, Post.DISPATCHER)


@pytest.fixture
def urgent(damaged):
    return FilingCriterion.objects.create(
        code="9799-9",
        subcategory=damaged.subcategory,
        condition="塌陷",
        amount=Decimal(2),
        unit="urgent_hour",
        urgent=True,
        closing_needs=[],
        since_date=date(2020, 1, 1),
    )


def parts(damaged, roads, **dispatched):
    return [
        Part("受理", Post.INTAKE, lambda c, a: actions.accept(c, act=a)),
        Part("立案", Post.SHIFT_LEADER, lambda c, a: actions.file(c, criterion=damaged, act=a)),
        Part(
            "派遣",
            Post.DISPATCHER,
            lambda c, a: actions.dispatch(c, to=roads, act=a, **dispatched),
            note="请尽快",
        ),
    ]


@pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: chain.name)
def test_a_chain_is_open_exactly_where_each_step_would_be_admitted(chain):
    for stage in Stage:
        for size in range(len(DESKS) + 1):
            for posts in itertools.combinations(DESKS, size):
                assert chains.is_open(flow.DEFAULT, chain, stage, posts) == walks(
                    chain, stage, posts
                )


def walks(chain, stage, posts):
    for verb in chain.verbs:
        admitted = []
        for post in posts:
            try:
                admitted.append(flow.DEFAULT.check(verb, stage, post))
            except Refused:
                continue
        if not admitted:
            return False
        stage = admitted[0].target
    return True


def test_a_fast_lane_is_offered_where_the_case_is_urgent():
    def offered(urgent):
        return {c.name for c in chains.open_to(flow.DEFAULT, "reported", DESKS, urgent=urgent)}

    assert offered(True) - offered(False) == {"urgent"}


def test_a_city_that_gives_steps_to_other_posts_moves_its_chains_too():
    own = flow.Flow(posts={"file": [Post.INTAKE]})
    assert chains.is_open(own, chains.named("accepting"), "reported", {Post.INTAKE})


def test_three_steps_are_one_act_and_three_entries(reported, damaged, roads):
    sent = act("accept", at(2, 9, 5), by="li")
    entries = take_steps(reported, parts(damaged, roads), act=sent)

    case = Case.everything.get(pk=reported.pk)
    assert case.stage == "dispatched"
    assert verbs_of(case) == ["report", "accept", "file", "dispatch"]
    assert [e.act["post"] for e in entries] == ["intake", "shift_leader", "dispatcher"]
    assert [e.act.get("note", "") for e in entries] == ["", "", "请尽快"]
    assert len({e.act_key for e in entries}) == 3
    assert list(replay.check()) == []


def test_the_same_act_again_repeats_nothing_and_answers_with_the_last(reported, damaged, roads):
    sent = act("accept", at(2, 9, 5), by="li")
    entries = take_steps(reported, parts(damaged, roads), act=sent)

    with pytest.raises(Replayed) as again:
        take_steps(reported, parts(damaged, roads), act=sent)
    assert again.value.entry == entries[-1]
    unchanged(reported, 4)


def test_a_key_that_comes_back_with_more_steps_is_refused(reported, damaged, roads):
    sent = act("accept", at(2, 9, 5), by="li")
    take_steps(reported, parts(damaged, roads)[:2], act=sent)

    with pytest.raises(KeyReused):
        take_steps(reported, parts(damaged, roads), act=sent)
    unchanged(reported, 3)


def test_when_a_later_step_is_refused_nothing_was_taken(reported, damaged, city):

    desk = Unit.objects.create(
        code="JDZX", name="监督中心", kind="supervision_center", path="1.", since_date=at().date()
    )
    with pytest.raises(Refused, match="派遣：") as no:
        take_steps(reported, parts(damaged, desk), act=act("accept", at(2, 9, 5), by="li"))
    assert no.value.field == "unit"
    assert unchanged(reported, 1).stage == "reported"


# -- the fast lane -------------------------------------------------------------------------------


def fast(criterion, roads, owing=("criterion", "note")):
    return [
        Part(
            "受理",
            Post.INTAKE,
            lambda c, a: actions.accept(c, criterion=criterion, act=a, confirm_later=True),
        ),
        Part("立案", Post.SHIFT_LEADER, lambda c, a: actions.file(c, act=a)),
        Part(
            "派遣",
            Post.DISPATCHER,
            lambda c, a: actions.dispatch(c, to=roads, act=a, owing=owing),
        ),
    ]


def test_an_urgent_case_is_dispatched_first_and_owes_its_paper(public_problem, urgent, roads):
    case = actions.report(public_problem, act=act("report"))
    take_steps(case, fast(urgent, roads), act=act("accept", at(2, 9, 1), by="li"))

    case = Case.everything.get(pk=case.pk)
    assert (case.stage, case.due_at) == ("dispatched", at(2, 11, 1))
    assert case.owed == "confirm,criterion,note"

    case = actions.fill_in(
        case, items=["confirm", "note"], act=act("fill_in", at(2, 9, 30), note="电话回访属实")
    )
    assert (case.owed, case.confirmation) == ("criterion", "real")
    with pytest.raises(Refused, match="不在待补录之列"):
        actions.fill_in(case, items=["note"], act=act("fill_in", at(2, 9, 31), note="再记"))
    case = actions.fill_in(case, items=["criterion"], act=act("fill_in", at(2, 9, 32), note="核对"))
    with pytest.raises(Refused, match="没有待补录"):
        actions.fill_in(case, items=["note"], act=act("fill_in", at(2, 9, 33), note="再记"))
    assert list(replay.check()) == []


def test_an_ordinary_case_has_no_fast_lane(public_problem, damaged, roads):
    case = actions.report(public_problem, act=act("report"))
    with pytest.raises(Refused) as no:
        take_steps(case, fast(damaged, roads), act=act("accept", at(2, 9, 1), by="li"))
    assert no.value.code == "not_urgent"
    unchanged(case, 1)


def test_what_was_not_found_has_no_fast_lane_either(public_problem, urgent, roads):
    case = actions.report(public_problem, act=act("report"))
    actions.ask_to_confirm(case, act=act("ask_to_confirm", at(2, 9, 5)))
    actions.refute(case, act=act("refute", at(2, 9, 20), note="现场无坑"))
    with pytest.raises(Refused, match="不实"):
        take_steps(case, fast(urgent, roads), act=act("accept", at(2, 9, 21), by="li"))
    unchanged(case, 3)


@pytest.mark.parametrize(
    ("owed", "items", "rest"),
    [
        ("confirm,note", ["note"], "confirm"),
        ("confirm,criterion,note", ["confirm", "note"], "criterion"),
        ("note", ["note"], ""),
    ],
)
def test_what_is_filled_in_is_owed_no_more(owed, items, rest):
    assert rules.filled(owed, items) == rest


def test_what_is_owed_stands_once_and_in_one_order():
    assert rules.owing("note", "confirm", "note") == "confirm,note"
