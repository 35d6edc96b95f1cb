"""Pages of cases: who gets which, what a refusal leaves behind, how many statements they cost."""

import re
from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from changxiao.assets.models import Component
from changxiao.cases import access, actions
from changxiao.cases.flow import DEFAULT
from changxiao.cases.forms import acting
from changxiao.cases.models import Case
from changxiao.cases.tests.pages import forget_catalog, key_in, person, signed_in
from changxiao.cases.verbs import VERBS
from changxiao.catalog.models import Responsibility
from changxiao.kernel import scope
from changxiao.kernel.scope import Grant, Viewer
from changxiao.ledger.models import Entry
from changxiao.orgs.models import Unit, UnitRole
from changxiao.orgs.posts import Post
from tests.support.budgets import budget
from tests.support.cast import MONDAY, act, at

# The auditor's scope is the city, so no case is foreign to him.
STRANGERS = [*sorted(access.BY_PLACE - {Post.AUDITOR}), Post.CITY_ADMIN, Post.SECURITY_ADMIN]
PAGES = ("case", "case_print")


@pytest.fixture(autouse=True)
def _monday():
    forget_catalog()
    with time_machine.travel(at(2, 9, 20), tick=False):
        yield


def plain(response):
    """The body without what differs at every call: token, nonce and the number asked for."""
    text = response.content.decode()
    text = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]*"', "", text)
    return re.sub(r"/cases/\d+/[a-z_/]*", "", text)


def do(client, case, verb, **told):
    """Open the form of a verb as a person does, fill it in, send it."""
    address = reverse("case_do", args=[case.number, verb])
    opened = client.get(address, headers={"HX-Request": "true"})
    return client.post(address, {"key": key_in(opened), "base_n": case.n, **told})


@pytest.mark.parametrize("post", sorted(access.BY_PLACE))
@pytest.mark.parametrize("page", PAGES)
def test_who_reads_by_place_opens_the_page_of_his_place(dispatched, post, page):
    area = "" if post == Post.AUDITOR else "440511"
    client = signed_in("somebody", post=post, area=area)

    assert client.get(reverse(page, args=[dispatched.number])).status_code == 200


@pytest.mark.parametrize("post", STRANGERS)
@pytest.mark.parametrize("page", PAGES)
def test_a_foreign_case_looks_like_one_that_never_was(dispatched, post, page):
    area = "440507" if post in access.BY_PLACE else ""
    client = signed_in("somebody", post=post, area=area)

    foreign = client.get(reverse(page, args=[dispatched.number]))
    never = client.get(reverse(page, args=["209901010001"]))

    assert foreign.status_code == never.status_code == 404
    assert plain(foreign) == plain(never)


def test_a_foreign_case_takes_no_verb(filed, roads):
    client = signed_in("li", area="440507")
    address = reverse("case_do", args=[filed.number, "dispatch"])

    told = {"key": "0" * 36, "unit": roads.code}
    assert client.get(address).status_code == 404
    assert client.post(address, told).status_code == 404
    filed.refresh_from_db()
    assert filed.stage == "filed"


def test_a_handler_sees_the_cases_of_his_unit_only(dispatched, roads, parks):
    ours, theirs = signed_in("zhao", unit=roads), signed_in("xie", post=Post.HANDLER, unit=parks)

    assert dispatched.number in ours.get(reverse("cases")).content.decode()
    assert dispatched.number not in theirs.get(reverse("cases")).content.decode()
    assert theirs.get(reverse("case", args=[dispatched.number])).status_code == 404


def test_a_visitor_is_sent_to_sign_in_and_comes_back(client, db):
    answer = client.get(reverse("cases"))

    assert answer.status_code == 302
    assert answer["Location"].endswith("?next=/cases/")


def test_the_buttons_are_exactly_those_of_the_flow(dispatched, roads):
    viewer = Viewer("staff", "zhao", (Grant(Post.HANDLER, "", roads.path),))
    page = signed_in("zhao", unit=roads).get(reverse("case", args=[dispatched.number]))

    drawn = re.findall(rf'/cases/{dispatched.number}/do/([a-z_]+)/"', page.content.decode())
    with scope.viewing(viewer):
        expected = [step.verb for step in access.buttons(DEFAULT, viewer, dispatched)]
    assert sorted(set(drawn)) == sorted(expected)


def test_a_handler_reads_neither_names_nor_numbers_of_people(public_problem, damaged, roads):
    case = actions.report(public_problem, act=act("report", note="我是陈大文13800138000"))
    actions.ask_to_confirm(case, act=act("ask_to_confirm", at(2, 9, 1)))
    person("wang")
    actions.confirm(case, act=act("confirm", at(2, 9, 5)))
    actions.accept(case, act=act("accept", at(2, 9, 6)))
    actions.file(case, criterion=damaged, act=act("file", at(2, 9, 7)))
    actions.dispatch(case, to=roads, act=act("dispatch", at(2, 9, 8)))
    client = signed_in("zhao", unit=roads)

    for page in PAGES:
        text = client.get(reverse(page, args=[case.number])).content.decode()
        assert "王监督" not in text and "13800138000" not in text


def test_paper_names_nobody_whoever_prints_it(public_problem):
    case = actions.report(
        replace(public_problem, description="电话13800138000"), act=act("report", by="wang")
    )
    person("wang")
    client = signed_in("chen")

    assert "13800138000" in client.get(reverse("case", args=[case.number])).content.decode()
    paper = client.get(reverse("case_print", args=[case.number])).content.decode()
    assert "13800138000" not in paper and "王监督" not in paper


def test_a_refusal_shows_its_sentence_keeps_the_draft_and_changes_nothing(dispatched, roads):
    client = signed_in("zhao", unit=roads)
    entries = Entry.objects.count()

    answer = do(client, dispatched, "ask_suspend", until="2026-02-01T09:00", note="等材料")

    assert answer.status_code == 422
    assert "挂账截止时间须晚于现在" in answer.content.decode()
    assert "等材料" in answer.content.decode()
    assert Entry.objects.count() == entries


def test_an_empty_required_note_is_asked_for_beside_its_field(dispatched, roads):
    answer = do(signed_in("zhao", unit=roads), dispatched, "send_back", note=" ")

    assert answer.status_code == 422
    assert answer.context["form"].errors["note"]


def test_a_verb_that_is_not_open_says_why_and_goes_back(filed):
    client = signed_in("chen")
    answer = client.get(reverse("case_do", args=[filed.number, "dispatch"]), follow=True)

    assert "派遣须由派遣员办理" in answer.content.decode()


def test_dispatching_by_the_form_moves_the_case_and_says_so(filed, roads):
    answer = do(signed_in("li"), filed, "dispatch", unit=roads.code, note="请尽快")

    assert answer.status_code == 302
    filed.refresh_from_db()
    assert (filed.stage, filed.unit) == ("dispatched", roads)
    assert filed.entries.last().act["note"] == "请尽快"


def test_a_stand_in_is_named_in_the_form_and_nobody_else_is_taken(filed, roads):
    client = signed_in("li")
    answer = do(client, filed, "nudge", note="请尽快", on_behalf="nobody")
    assert answer.context["form"].errors["on_behalf"]
    assert filed.entries.count() == 3

    signed_in("zhang")
    do(client, filed, "nudge", note="请尽快", on_behalf="zhang")
    assert filed.entries.last().on_behalf == "zhang"


def test_the_same_form_sent_twice_counts_once(filed, roads):
    client = signed_in("li")
    address = reverse("case_do", args=[filed.number, "dispatch"])
    told = {"key": key_in(client.get(address)), "unit": roads.code}

    client.post(address, told)
    again = client.post(address, told, follow=True)

    assert "此前已经办理" in again.content.decode()
    assert filed.entries.filter(verb="dispatch").count() == 1


def test_a_changed_form_under_a_used_key_gets_a_new_key_and_a_sentence(dispatched, roads):
    client = signed_in("zhao", unit=roads)
    address = reverse("case_do", args=[dispatched.number, "ask_extend"])
    key = key_in(client.get(address))

    client.post(address, {"key": key, "note": "下雨"})
    again = client.post(address, {"key": key, "note": "下大雨"})

    assert again.status_code == 422
    assert "已经提交过一次" in again.content.decode()
    assert again.context["form"]["key"].value() != key


def test_the_dispatch_form_proposes_the_responsible_unit_with_its_reason(filed, roads, parks):
    Responsibility.objects.create(
        criterion=filed.criterion, area_code="440511", unit=parks, since_date=MONDAY.date()
    )
    form = signed_in("li").get(reverse("case_do", args=[filed.number, "dispatch"])).context["form"]

    assert form["unit"].initial == parks.code
    assert "责任表" in form["unit"].help_text


@pytest.mark.parametrize("verb", [*VERBS, "unmask"])
def test_every_verb_has_a_form_that_can_be_drawn_and_read(dispatched, verb):
    step = DEFAULT.step(verb)
    form = acting.of_step(dispatched, step, MONDAY.date())

    asked = set(form.fields) - {"key", "base_n"}
    assert str(form) and asked
    assert not {name for name in asked if not form[name].label}


def test_unmasking_needs_a_reason_shows_once_and_is_never_stored(public_problem):
    case = actions.report(public_problem, act=act("report"))
    client = signed_in("chen")

    refused = do(client, case, "unmask", note="")
    shown = do(client, case, "unmask", note="回访")

    assert refused.status_code == 422
    assert "13800138000" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert case.entries.last().verb == "unmask"


def test_a_filter_that_means_nothing_is_said_and_lists_nothing(reported):
    answer = signed_in("li").get(reverse("cases"), {"stage": "nowhere"})

    assert answer.status_code == 400
    assert "nowhere" in answer.content.decode()
    assert reported.number not in answer.content.decode()


def test_filters_narrow_and_an_empty_list_says_what_to_do(dispatched, roads):
    client = signed_in("li")

    assert dispatched.number in client.get("/cases/", {"unit": roads.code}).content.decode()
    assert dispatched.number in client.get("/cases/", {"since": "2026-03-02"}).content.decode()
    empty = client.get("/cases/", {"until": "2026-03-01"}).content.decode()
    assert "没有符合条件的案卷" in empty and "清除筛选" in empty


def test_several_stages_of_a_link_stay_chosen_in_the_form(filed):
    client, chosen = signed_in("li"), {"stage": "filed,suspended", "due": "today"}
    page = client.get("/cases/", chosen)
    fields = client.get("/cases/filters", chosen, headers={"HX-Request": "true"})

    assert [name for name, _value in page.context["narrowed"]] == ["stage", "due"]
    assert '<input type="hidden" name="stage" value="filed,suspended">' in page.content.decode()
    assert '<option value="filed,suspended" selected>' in fields.content.decode()
    assert fields.content.decode().lstrip().startswith('<div class="field">')


def test_the_filters_are_a_page_of_their_own_where_no_script_runs(filed):
    page = signed_in("li").get("/cases/filters", {"q": "石炮台", "overdue": "1"}).content.decode()

    assert '<form class="sheet" method="get" action="/cases/">' in page
    assert 'name="q" value="石炮台"' in page and '<option value="1" selected>' in page


def test_a_row_is_drawn_anew_when_what_it_shows_has_changed(dispatched, roads):
    client = signed_in("li")
    before = client.get(f"/cases/{dispatched.number}/row/").content.decode()
    Unit.objects.filter(pk=roads.pk).update(name="市政道路一处")
    after = client.get(f"/cases/{dispatched.number}/row/").content.decode()
    english = client.get(
        f"/cases/{dispatched.number}/row/", headers={"Accept-Language": "en"}
    ).content.decode()

    assert roads.name in before and "市政道路一处" in after
    assert roads.name not in after.replace("市政道路一处", "")
    assert "勾选" in after and "勾选" not in english


def test_a_whole_number_goes_straight_to_its_case(reported):
    answer = signed_in("li").get("/cases/", {"q": reported.number})

    assert answer["Location"] == f"/cases/{reported.number}/"


def test_htmx_gets_the_list_alone_and_the_page_includes_the_same(reported):
    client = signed_in("li")
    part = client.get("/cases/", headers={"HX-Request": "true"}).content.decode()

    assert part.lstrip().startswith("<section")
    assert reported.number in part


def test_a_page_of_twenty_cases_keeps_its_budget(problem, roads):
    for minute in range(25):
        actions.report(problem, act=act("report", at(2, 8, minute)))
    client = signed_in("li")
    client.get("/cases/")

    with budget("page:cases"):
        page = client.get("/cases/")
    assert page.content.decode().count('class="case-row"') == 20
    assert client.get("/cases/" + f"?cursor={page.context['next_cursor']}").status_code == 200


def test_a_case_page_keeps_its_budget(closed, roads):
    client = signed_in("zhao", unit=roads)
    client.get(f"/cases/{closed.number}/")

    with budget("page:case"):
        client.get(f"/cases/{closed.number}/")


def test_the_case_s_page_names_who_answers_for_its_unit(dispatched, roads):
    chief = person("he", post="unit_lead", unit=roads)
    chief.name = "何主任"
    chief.save()
    UnitRole.objects.create(unit=roads, role="head", staff=chief, since_date=date(2020, 1, 1))
    page = signed_in("li").get(f"/cases/{dispatched.number}/").content.decode()
    assert "负责人：何主任（市政道路处一把手）" in page
    paper = signed_in("li").get(f"/cases/{dispatched.number}/print/").content.decode()
    assert "何主任" not in paper


def test_a_component_s_page_gets_its_cases_within_reach(reported, damaged):
    thing = Component.everything.create(
        code="4405110104000001",
        name="雨水箅子",
        subcategory=damaged.subcategory,
        lon=116.703,
        lat=23.365,
        updated_at=MONDAY,
    )
    Case.everything.filter(pk=reported.pk).update(component=thing)
    address = reverse("component_cases", args=[thing.code])

    assert reported.number in signed_in("li").get(address).content.decode()
    foreign = signed_in("chen", area="440507").get(address).content.decode()
    assert reported.number not in foreign


def test_the_queue_of_nobody_s_area_is_empty(reported):
    client = signed_in("li", area="440507")

    assert Case.everything.count() == 1
    assert reported.number not in client.get("/cases/").content.decode()


def test_every_kind_of_request_is_opened_by_a_verb_that_the_page_looks_for():
    from changxiao.cases.models import CaseRequest
    from changxiao.cases.views.case import ASKS

    opened = {"send_back": "send_back", "extend": "ask_extend", "suspend": "ask_suspend"}
    assert {opened.get(kind, kind) for kind in CaseRequest.Kind.values} == ASKS
