"""The console over HTTP: pane and row, an act that brings the next case, the slower of two."""

import json

import pytest
import time_machine
from django.urls import reverse

from changxiao.cases import actions
from changxiao.cases.tests.pages import forget_catalog, key_in, signed_in
from changxiao.catalog.models import Responsibility
from changxiao.ledger.models import Entry
from tests.support.budgets import budget
from tests.support.cast import MONDAY, act, at

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _monday():
    forget_catalog()
    with time_machine.travel(at(2, 9, 20), tick=False):
        yield


@pytest.fixture
def two(problem, damaged):
    """Two filed cases, the second a minute later."""
    found = []
    for minute in (0, 1):
        case = actions.report(problem, act=act("report", at(2, 8, minute)))
        case = actions.accept(case, act=act("accept", at(2, 8, 10 + minute)))
        found.append(actions.file(case, criterion=damaged, act=act("file", at(2, 8, 20 + minute))))
    return found


def opened(client, case, verb):
    return client.get(reverse("case_do", args=[case.number, verb]), headers=HTMX)


def sent(client, case, verb, **told):
    address = reverse("case_do", args=[case.number, verb])
    told = {"base_n": case.n, **told}
    return client.post(address, told, headers=HTMX)


def told_in_the_corner(answer):
    return json.loads(answer["HX-Trigger"])["toast"]


def went_on(answer):
    return json.loads(answer["HX-Trigger-After-Settle"])["acted"]


def test_the_pane_is_the_case_alone_with_the_letters_on_its_buttons(filed):
    text = signed_in("li").get(reverse("case_pane", args=[filed.number])).content.decode()

    assert text.lstrip().startswith("<article") and "<html" not in text
    assert f'data-number="{filed.number}" data-n="{filed.n}"' in text
    assert f'/cases/{filed.number}/do/dispatch/" hx-target="#act" data-key="d"' in text


def test_whom_to_dispatch_to_and_why_is_read_without_opening_a_form(filed, parks):
    Responsibility.objects.create(
        criterion=filed.criterion, area_code="440511", unit=parks, since_date=MONDAY.date()
    )
    li, chen = signed_in("li"), signed_in("chen")
    address = reverse("case_pane", args=[filed.number])

    told = li.get(address)
    assert told.context["proposals"][0].unit == parks
    assert parks.name in told.content.decode() and "责任表" in told.content.decode()
    assert chen.get(address).context["proposals"] == []


def test_a_row_is_drawn_as_the_list_draws_it(filed):
    client = signed_in("li")
    row = client.get(reverse("case_row", args=[filed.number])).content.decode().strip()

    assert row.startswith("<li") and row in client.get("/cases/").content.decode()


@pytest.mark.parametrize("page", ["case_pane", "case_row"])
def test_pane_and_row_of_a_foreign_case_are_those_of_none(filed, page):
    client = signed_in("li", area="440507")

    for number in (filed.number, "209901010001"):
        assert client.get(reverse(page, args=[number])).status_code == 404


def test_a_step_in_the_console_is_answered_with_the_next_case_and_a_toast(two, roads):
    first, second = two
    client = signed_in("li")
    key = key_in(opened(client, first, "dispatch"))

    answer = sent(client, first, "dispatch", key=key, unit=roads.code, next=second.number)

    first.refresh_from_db()
    assert first.stage == "dispatched"
    assert f'id="case" data-number="{second.number}"' in answer.content.decode()
    assert went_on(answer) == {"number": first.number, "now": second.number}
    words = told_in_the_corner(answer)["words"]
    assert first.number in words and "派遣已记录" in words


def test_a_nudge_stays_with_its_case(two):
    first, second = two
    client = signed_in("li")
    key = key_in(opened(client, first, "nudge"))

    answer = sent(client, first, "nudge", key=key, next=second.number)

    assert went_on(answer)["now"] == first.number


def test_a_next_case_out_of_reach_is_not_shown(two, roads):
    client = signed_in("li")
    key = key_in(opened(client, two[0], "dispatch"))

    answer = sent(client, two[0], "dispatch", key=key, unit=roads.code, next="209901010001")

    assert went_on(answer) == {"number": two[0].number, "now": two[0].number}


def test_the_same_step_sent_twice_is_answered_and_counts_once(two, roads):
    client = signed_in("li")
    key = key_in(opened(client, two[0], "dispatch"))
    told = {"key": key, "unit": roads.code, "next": two[1].number}

    sent(client, two[0], "dispatch", **told)
    again = sent(client, two[0], "dispatch", **told)

    assert "此前已经办理" in told_in_the_corner(again)["words"]
    assert two[0].entries.filter(verb="dispatch").count() == 1


def test_the_slower_of_two_reads_who_was_faster_and_keeps_his_text(filed, roads, parks):
    slow, fast = signed_in("li"), signed_in("lu", post="dispatcher")
    key = key_in(opened(slow, filed, "dispatch"))
    other = key_in(opened(fast, filed, "dispatch"))
    sent(fast, filed, "dispatch", key=other, unit=roads.code, note="塌方，先去")
    entries = Entry.objects.count()

    answer = sent(slow, filed, "dispatch", key=key, unit=parks.code, note="请尽快清理")

    text = answer.content.decode()
    assert answer.status_code == 422
    assert [line.verb for line in answer.context["faster"]] == ["dispatch"]
    assert "您填写期间，案卷已有变化" in text and "塌方，先去" in text and roads.name in text
    assert "请尽快清理" in text and f'value="{parks.code}" selected' in text
    assert Entry.objects.count() == entries


def test_a_refusal_without_others_tells_of_nobody(dispatched, roads):
    client = signed_in("zhao", unit=roads)
    key = key_in(opened(client, dispatched, "ask_suspend"))

    answer = sent(client, dispatched, "ask_suspend", key=key, until="2026-02-01T09:00", note="等")

    assert answer.status_code == 422
    assert answer.context["faster"] == []


def test_a_button_that_is_no_longer_open_is_answered_with_the_case_and_the_reason(dispatched):
    answer = opened(signed_in("li"), dispatched, "dispatch")

    assert answer["HX-Retarget"] == "#case"
    assert told_in_the_corner(answer)["state"] == "near"
    assert 'id="case"' in answer.content.decode()


def test_the_next_case_keeps_its_budget(closed, filed, roads):
    for who, case in (("zhao", closed), ("li", filed)):
        client = signed_in(who, unit=roads if who == "zhao" else None)
        address = reverse("case_pane", args=[case.number])
        client.get(address)
        with budget("page:next-case"):
            client.get(address)
