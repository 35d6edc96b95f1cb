"""Rewards and penalties: proposed by the rules, decided by a person, lifted only by two."""

import pytest
import time_machine
from django.urls import reverse

from changxiao.cases.tests.pages import key_in, signed_in
from changxiao.evaluation import actions
from changxiao.evaluation.flow import JUDGES
from changxiao.evaluation.models_rewards import HonorDecision
from changxiao.evaluation.rewards.rules import Outcome, needs_second_look
from changxiao.evaluation.tests.rounds import SCHEME, did, drafted
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post
from tests.support.budgets import budget
from tests.support.cast import at

pytestmark = pytest.mark.django_db
LISTS = SCHEME.replace('source = "测试"', 'source = "测试"\nrewards = "rank"')
LISTS += '[[honors]]\nkey = "black"\ntitle = "黑榜"\ncolor = "black"\ntake = "last"\nn = 1\n'
LISTS += 'proposal = "分管领导约谈"\n'
RED, BLACK, MAY = ("red", "YL-LH"), ("black", "SZ-DL"), at(8, month=5)


@pytest.fixture
def open_one(march):
    scheme = actions.save_scheme(text=LISTS, act=did())
    return actions.publish(drafted(scheme), act=did())


@pytest.fixture
def sealed(open_one):
    return actions.seal(open_one, act=did(when=MAY))


def decided(row, place=RED, outcome=Outcome.GRANT, measure="", **more):
    more = {"note": "按办法执行", "when": MAY, **more}
    return actions.decide_honor(row, place=place, outcome=outcome, measure=measure, act=did(**more))


def looked(row, *, agree=True, post=Post.LEADER, by="zheng", note=""):
    return actions.confirm_honor(row, agree=agree, act=did(post, by, MAY, note))


def refused(code, do):
    """It is refused so, and nothing has changed."""
    before = Entry.objects.count(), list(HonorDecision.everything.values())
    with pytest.raises(Refused) as no:
        do()
    assert no.value.code == code
    assert (Entry.objects.count(), list(HonorDecision.everything.values())) == before


def test_only_a_lifted_penalty_needs_a_second_look():
    found = {(c, o) for c in ("red", "black") for o in Outcome if needs_second_look(c, o)}
    assert found == {("black", Outcome.WAIVE), ("black", Outcome.OTHER)}


def test_what_the_rules_propose_is_decided_by_one_person(sealed):
    row = decided(sealed)
    assert (row.state, row.words, row.proposal) == ("decided", "通报表扬", "通报表扬")
    entry = Entry.objects.filter(stream=sealed.stream).last()
    assert (entry.verb, entry.data["outcome"]) == ("decide_honor", "grant")
    refused("not_now", lambda: decided(sealed, outcome=Outcome.WAIVE))


def test_a_penalty_is_lifted_by_two_persons(sealed):
    row = decided(sealed, BLACK, Outcome.WAIVE, note="汛期抢险")
    assert (row.state, row.words) == ("waiting", "免予执行")
    refused("same_person", lambda: looked(row, post=Post.CENTER_DIRECTOR, by="huang"))
    row = looked(row)
    assert (row.state, row.confirmed_by) == ("decided", "zheng")
    sealed.refresh_from_db()
    assert sealed.state == "sealed"


def test_a_second_person_who_disagrees_has_it_decided_again(sealed):
    row = decided(sealed, BLACK, Outcome.OTHER, "书面检查")
    refused("note_missing", lambda: looked(row, agree=False))
    assert looked(row, agree=False, note="理由不足").state == "returned"
    again = decided(sealed, BLACK, Outcome.GRANT)
    assert (again.pk, again.state, again.words) == (row.pk, "decided", "分管领导约谈")


def test_what_is_not_on_a_list_or_not_said_is_refused(sealed):
    refused("note_missing", lambda: decided(sealed, note=" "))
    refused("honor_unknown", lambda: decided(sealed, ("red", "SZ-DL")))
    refused("outcome_unknown", lambda: decided(sealed, outcome="forget"))
    refused("measure_missing", lambda: decided(sealed, outcome=Outcome.OTHER))
    for post in set(Post) - JUDGES:
        refused("not_yours", lambda post=post: decided(sealed, post=post))


def test_before_the_seal_nothing_is_decided(open_one):
    refused("not_now", lambda: decided(open_one))


def test_the_page_shows_proposed_and_decided_to_all_and_the_form_to_judges(sealed, roads):
    with time_machine.travel(MAY, tick=False):
        office = signed_in("huang", post=Post.CENTER_DIRECTOR)
        page = reverse("honor", args=[sealed.number, *BLACK])
        told = {"key": key_in(office.get(page)), "base_n": 0, "measure": ""}
        assert office.post(page, told).status_code == 422
        with budget("page:honor"):
            office.get(page)
        told |= {"outcome": "waive", "note": "汛期抢险"}
        assert office.post(page, told).status_code == 302
        assert "待他人复核" in office.get(page).content.decode()
        leader = signed_in("zheng", post=Post.LEADER)
        told = {"key": key_in(leader.get(page)), "base_n": 0, "note": "", "verb": "agree"}
        assert leader.post(page, told).status_code == 302
        lead = signed_in("chen", post=Post.UNIT_LEAD, unit=roads)
        shown = lead.get(reverse("evaluation", args=[sealed.number])).content.decode()
        assert "决定：免予执行" in shown and "待决定" in shown
        told = lead.get(reverse("bulletin", args=[sealed.number])).content.decode()
        assert "决定免予执行" in told and "汛期抢险" in told and "建议通报表扬" in told
        assert "作决定" not in lead.get(page).content.decode()
        told = {"key": "00000000-0000-4000-8000-000000000001", "outcome": "grant", "note": "x"}
        assert lead.post(page, told).status_code == 200
        assert HonorDecision.everything.count() == 1
        nobody = reverse("honor", args=[sealed.number, "black", "YL-LH"])
        assert office.get(nobody).status_code == 404
