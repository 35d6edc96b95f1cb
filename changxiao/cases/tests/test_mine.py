"""我的案卷 and the guided feedback: what the unit has in hand, in the order in which it burns."""

from dataclasses import replace

import pytest
import time_machine
from django.urls import reverse

from changxiao.cases import actions
from changxiao.cases.models import Case
from changxiao.cases.tests.pages import forget_catalog, signed_in
from tests.support.cast import act, at

KEY = "3f1c3c1e-0000-4000-8000-00000000000"


def in_hand(problem, damaged, unit, start, step):
    """A case that 市政道路处 got at `start`: four working hours from then."""
    case = actions.report(replace(problem, lon=problem.lon + step / 1000), act=act("report", start))
    case = actions.accept(case, act=act("accept", start))
    case = actions.file(case, criterion=damaged, act=act("file", start))
    return actions.dispatch(case, to=unit, act=act("dispatch", start))


@pytest.fixture
def hand(problem, damaged, roads, parks):
    """One of each: reworked, late, due today, later, suspended, and one of another unit."""
    late = in_hand(problem, damaged, roads, at(2, 9), 1)
    reworked = in_hand(problem, damaged, roads, at(2, 9), 2)
    reworked = actions.feed_back(reworked, act=act("feed_back", at(2, 10), note="已修"))
    actions.rework(reworked, act=act("rework", at(2, 10, 30), note="仍有坑"))
    asleep = in_hand(problem, damaged, roads, at(2, 9), 3)
    actions.ask_suspend(asleep, until=at(20), act=act("ask_suspend", at(2, 9, 5), note="等材料"))
    actions.suspend(asleep, act=act("suspend", at(2, 9, 10)))
    today = in_hand(problem, damaged, roads, at(2, 17), 4)
    later = in_hand(problem, damaged, roads, at(3, 9), 5)
    actions.ask_extend(later, act=act("ask_extend", at(3, 9, 1), note="路口封闭"))
    actions.refuse_request(later, act=act("refuse_request", at(3, 9, 2), note="请按期办"))
    in_hand(problem, damaged, parks, at(2, 9), 6)
    with time_machine.travel(at(3, 9, 10), tick=False):
        yield {
            "rework": reworked, "overdue": late, "suspended": asleep, "today": today, "later": later
        }  # fmt: skip


def numbers(answer):
    return [one.case.number for _label, lines in answer.context["groups"] for one in lines]


def test_rework_comes_first_then_late_then_today_and_no_other_units(hand, roads):
    answer = signed_in("zhao", unit=roads).get(reverse("mine"))
    counts = {part.value: part.count for part in answer.context["parts"]}

    assert counts["rework"] == counts["overdue"] == counts["suspended"] == 1
    assert counts["today"] + counts["later"] == 2
    shown = numbers(answer)
    assert shown[:2] == [hand["rework"].number, hand["overdue"].number]
    assert shown[-1] == hand["suspended"].number
    assert sorted(shown) == sorted(case.number for case in hand.values())


@pytest.mark.parametrize("part", ["rework", "overdue", "suspended"])
def test_a_count_opens_exactly_its_rows(hand, roads, part):
    answer = signed_in("zhao", unit=roads).get(reverse("mine"), {"show": part})
    assert numbers(answer) == [hand[part].number]


def test_what_was_refused_to_the_unit_stands_in_its_row(hand, roads):
    assert "请按期办" in signed_in("zhao", unit=roads).get(reverse("mine")).content.decode()


def test_a_group_that_is_none_is_said_in_words(hand, roads):
    answer = signed_in("zhao", unit=roads).get(reverse("mine"), {"show": "tomorrow"})
    assert answer.status_code == 400


def test_another_post_has_nothing_in_hand(hand):
    assert numbers(signed_in("li").get(reverse("mine"))) == []


def test_the_guided_form_feeds_back_and_a_refusal_keeps_the_text(hand, roads, damaged):
    case = hand["overdue"]
    damaged.closing_needs = ["reading:噪声:dB(A):..55"]
    damaged.save(update_fields=["closing_needs"])
    forget_catalog()
    client, url = signed_in("zhao", unit=roads), reverse("case_feedback", args=[case.number])
    told = {"note": "已停工", "key": KEY + "1", "outcome": "restored"}

    loud = client.post(url, told | {"reading_0": "60"})
    assert (loud.status_code, Case.everything.get(pk=case.pk).stage) == (422, "dispatched")
    assert "已停工" in loud.content.decode()
    assert "未达到结案标准" in loud.content.decode()
    assert client.post(url, told | {"reading_0": "５４"}).status_code == 302
    assert Case.everything.get(pk=case.pk).stage == "handled"


def test_what_is_not_to_be_fed_back_now_sends_to_the_reason(hand, roads):
    url = reverse("case_feedback", args=[hand["suspended"].number])
    answer = signed_in("zhao", unit=roads).get(url)
    assert (answer.status_code, answer.url[-14:]) == (302, "/do/feed_back/")
