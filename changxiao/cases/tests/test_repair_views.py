"""Pages of walk 3 and 4: several steps as one, many at once, urgent, before and after, undo."""

import json
import re
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from changxiao.cases import actions
from changxiao.cases.models import Case
from changxiao.cases.tests.pages import forget_catalog, person, signed_in
from changxiao.cases.tests.test_amend import drain, longer
from changxiao.cases.tests.test_chains import urgent
from changxiao.catalog.models import FilingCriterion, Responsibility, Subcategory
from changxiao.orgs.models import DutyRoster
from changxiao.orgs.posts import Post
from tests.support.cast import act, at

__all__ = ["drain", "longer", "urgent"]
HTMX = {"HX-Request": "true"}
NIGHT = (Post.INTAKE, Post.SHIFT_LEADER, Post.DISPATCHER)


@pytest.fixture(autouse=True)
def _monday():
    forget_catalog()
    with time_machine.travel(at(2, 9, 20), tick=False):
        yield


@pytest.fixture
def night(db):
    for post in NIGHT[:-1]:
        person("night", post=post)
    return signed_in("night", post=NIGHT[-1])


@pytest.fixture
def answers(damaged, roads):
    return Responsibility.objects.create(
        subcategory=damaged.subcategory,
        area_code="440511",
        unit=roads,
        since_date=date(2020, 1, 1),
    )


def chains_on(client, case):
    text = client.get(reverse("case", args=[case.number])).content.decode()
    return sorted(set(re.findall(rf'href="/cases/{case.number}/steps/([a-z-]+)/"', text)))


def test_a_chain_is_offered_only_to_who_holds_every_post(reported, night):
    assert chains_on(night, reported) == ["accepting", "intake"]
    assert chains_on(signed_in("chen"), reported) == []


def test_one_click_takes_three_steps_and_offers_to_take_them_back(
    reported, night, answers, damaged, roads
):
    address = reverse("case_chain", args=[reported.number, "intake"])
    form = night.get(address, headers=HTMX).context["chain_form"]
    assert form["unit"].initial == roads.code  # the only criterion was chosen, and its unit
    told = {"key": form["key"].initial, "criterion": damaged.code, "unit": roads.code, "base_n": 1}

    answer = night.post(address, told, headers=HTMX)

    assert Case.everything.get(pk=reported.pk).stage == "dispatched"
    undo = json.loads(answer["HX-Trigger"])["toast"]["undo"]
    assert undo["fields"]["since"] == "2"
    night.post(undo["url"], undo["fields"], headers=HTMX)
    case = Case.everything.get(pk=reported.pk)
    assert (case.stage, case.n) == ("reported", 5)


def test_a_refused_chain_keeps_what_was_written(reported, night, damaged):
    address = reverse("case_chain", args=[reported.number, "accepting"])
    key = night.get(address).context["chain_form"]["key"].initial
    actions.decline(reported, reason="不归我们", act=act("decline", at(2, 9, 10)))
    answer = night.post(address, {"key": key, "criterion": damaged.code})
    assert answer.status_code == 422
    assert "不能受理" in answer.content.decode()


def test_an_urgent_case_shows_whom_to_ring(public_problem, night, answers, urgent, roads):
    case = actions.report(public_problem, act=act("report"))
    DutyRoster.objects.create(
        unit=roads,
        date=date(2026, 3, 2),
        shift="day",
        staff=person("zhao", post=Post.HANDLER, unit=roads),
        phone="0754-88880000",
    )
    address = reverse("case_chain", args=[case.number, "urgent"])
    page = night.get(f"{address}?criterion={urgent.code}", headers=HTMX)
    assert 'href="tel:0754-88880000"' in page.content.decode()

    key = page.context["chain_form"]["key"].initial
    told = {"key": key, "criterion": urgent.code, "unit": roads.code}
    night.post(address, told)
    case.refresh_from_db()
    assert (case.stage, case.owed) == ("dispatched", "confirm,criterion,note")
    assert "?owed=1" in night.get(reverse("case", args=[case.number])).content.decode()
    assert case.number in night.get(reverse("cases") + "?owed=1").content.decode()


@pytest.mark.parametrize("htmx", [{}, HTMX])
def test_many_are_previewed_then_done_and_refused_rows_say_why(
    problem, filed, night, answers, htmx
):
    other = actions.report(problem, act=act("report"))
    address, ticked = reverse("cases_many"), [filed.number, other.number]
    page = night.post(address, {"verb": "dispatch", "number": ticked})
    assert [row.number for row in page.context["able"]] == [filed.number]
    assert "不能派遣" in page.content.decode()
    assert Case.everything.get(pk=filed.pk).stage == "filed"

    told = {"verb": "dispatch", "number": ticked, "key": page.context["key"]}
    done = night.post(address, told, headers=htmx).content.decode()
    night.post(address, told, headers=htmx)

    assert "1 件已办" in done and "1 件没有办成" in done
    case = Case.everything.get(pk=filed.pk)
    assert (case.stage, case.n) == ("dispatched", filed.n + 1)


def test_a_page_with_script_goes_on_where_it_stopped(problem, night, monkeypatch):
    monkeypatch.setattr("changxiao.cases.views.many.PATIENCE", -1.0)
    numbers = [actions.report(problem, act=act("report")).number for _ in range(3)]
    told = {"verb": "accept", "number": numbers, "key": "0" * 36, "done": "0"}

    for done in (0, 1, 2):
        text = night.post(
            reverse("cases_many"), told | {"done": str(done)}, headers=HTMX
        ).content.decode()
        assert f"{done + 1} / 3" in text
        assert ("hx-trigger" in text) == (done < 2)
    assert set(Case.everything.values_list("stage")) == {("accepted",)}


def test_nothing_ticked_is_said_and_nothing_done(night):
    answer = night.post(reverse("cases_many"), {"verb": "accept"}, follow=True)
    assert "请先勾选案卷" in answer.content.decode()


def test_a_correction_is_shown_before_and_after_and_only_then_made(dispatched, longer, night):
    address = reverse("case_do", args=[dispatched.number, "ask_amend"])
    form = night.get(address, headers=HTMX).context["form"]
    told = {"key": form["key"].initial, "criterion": longer.code, "note": "面积大"}
    page = night.post(address, told)
    assert "2026-03-03 09:15" in page.content.decode()
    assert Case.everything.get(pk=dispatched.pk).n == dispatched.n

    night.post(address, told | {"confirmed": page.context["confirmed"]})
    assert dispatched.amendments.get().change == {"criterion": longer.code}
    li = signed_in("li")
    assert "待同意的更正" in li.get(reverse("case", args=[dispatched.number])).content.decode()


def test_the_criterion_of_another_kind_stays_chosen_in_the_preview(reported, damaged, night):
    other = Subcategory.objects.create(
        kind="event",
        edition="local",
        code="9798",
        category=damaged.subcategory.category,
        name="占道经营",
        status="local",
    )
    criterion = FilingCriterion.objects.create(
        code="9798-1",
        subcategory=other,
        condition="占用道路",
        amount=4,
        unit="work_hour",
        since_date=date(2020, 1, 1),
    )
    forget_catalog()
    address = reverse("case_do", args=[reported.number, "amend"])
    key = night.get(address, headers=HTMX).context["form"]["key"].initial
    told = {"key": key, "subcategory": other.key, "criterion": criterion.code, "note": "占道"}

    page = night.post(address, told)

    assert re.search(r'<option value="9798-1"[^>]* selected', page.content.decode())
    night.post(address, told | {"confirmed": page.context["confirmed"]})
    case = Case.everything.get(pk=reported.pk)
    assert (case.subcategory, case.criterion) == (other, criterion)


def test_related_cases_are_named_both_ways(problem, reported, night):
    lead = actions.report(problem, act=act("report"))
    actions.join(reported, to=lead, act=act("join", at(2, 9, 10)))
    for one, other in ((lead, reported), (reported, lead)):
        page = night.get(reverse("case", args=[one.number])).content.decode()
        assert f'href="/cases/{other.number}/"' in page

    apart = act("split_off", at(2, 9, 15), note="是另一处")
    actions.split_off(Case.everything.get(pk=reported.pk), act=apart)
    page = night.get(reverse("case", args=[reported.number])).content.decode()
    assert "撤销并案，续计剩余时限" in page and "split_off" not in page


def test_a_limit_edited_while_a_case_runs_is_told_on_its_page(dispatched, night):
    own = dispatched.criterion
    now = type(own).objects.get(pk=own.pk)
    type(own).objects.filter(pk=own.pk).update(until_date=date(2026, 3, 1))
    now.pk, now.version, now.amount = None, 2, 2
    now.since_date = date(2026, 3, 1)
    now.save()
    page = night.get(reverse("case", args=[dispatched.number])).content.decode()
    assert "不影响本案卷" in page
    assert Case.everything.get(pk=dispatched.pk).due_at == dispatched.due_at
