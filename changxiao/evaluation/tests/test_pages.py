"""The pages, over HTTP: who may open what, a walk from the list to a decision, files, schemes."""

import io
import zipfile

import pytest
import time_machine
from django.urls import reverse

from changxiao.cases.tests.pages import key_in, signed_in
from changxiao.evaluation import working
from changxiao.evaluation.models import Evaluation, Objection, SchemeVersion
from changxiao.evaluation.tests.rounds import APRIL, SCHEME
from changxiao.kernel.scope import system, viewing
from changxiao.orgs.models import Staff
from changxiao.orgs.posts import Post
from tests.support.budgets import budget

pytestmark = pytest.mark.django_db
ON_TIME = "on_time_handling_rate"
READERS = {Post.CENTER_DIRECTOR, Post.COMMAND_DIRECTOR, Post.LEADER, Post.AUDITOR}


@pytest.fixture(autouse=True)
def _april():
    with time_machine.travel(APRIL, tick=False):
        yield


@pytest.fixture
def office(city):
    return signed_in("huang", post=Post.CENTER_DIRECTOR)


def posted(client, url, **told):
    """The form as the page gave it, filled in and sent."""
    key = key_in(client.get(url))
    return client.post(url, {"key": key, "base_n": 0, **told})


def worked():
    with viewing(system("test")):
        working.work()


def test_the_office_computes_and_the_page_shows_the_ranking(march, scheme, office):
    sent = posted(office, reverse("evaluations"), scheme="small", period="2026-03")
    page = sent["Location"]
    assert page == reverse("evaluation", args=["small-2026-03-1"])
    assert "排队中" in office.get(page).content.decode()
    polled = office.get(page, headers={"HX-Target": "evaluation-progress"})
    assert 'hx-trigger="every 1s"' in polled.content.decode()
    worked()
    assert office.get(page, headers={"HX-Target": "evaluation-progress"})["HX-Refresh"] == "true"
    with budget("page:evaluation"):
        told = office.get(page).content.decode()
    assert "75.00" in told and "市政道路处" in told and "3/4" in told


def test_a_period_that_is_none_is_said_beside_the_field(scheme, office):
    sent = posted(office, reverse("evaluations"), scheme="small", period="2026-04")
    assert sent.status_code == 422
    assert "还没有过完" in sent.content.decode()
    assert not Evaluation.everything.exists()


@pytest.mark.parametrize("post", list(Post))
def test_who_reads_a_draft_and_who_what_is_published(post, draft, city):
    client = signed_in("someone", post=post)
    page = reverse("evaluation", args=[draft.number])
    closed = post in {Post.CITY_ADMIN, Post.SECURITY_ADMIN}
    expected = 403 if closed else 200 if post in READERS else 404
    assert client.get(page).status_code == expected
    Evaluation.everything.update(state="published")
    assert client.get(page).status_code == (403 if closed else 200)


def test_an_objection_goes_from_the_cell_to_two_persons(published, roads, parks, office):
    lead = signed_in("chen", post=Post.UNIT_LEAD, unit=roads)
    Staff.objects.filter(username="chen").update(unit=roads)
    cell = reverse("evaluation_cell", args=[published.number, ON_TIME, "SZ-DL"])
    with budget("page:evaluation-cell"):
        assert "对这一格申诉" in lead.get(cell).content.decode()
    assert posted(lead, cell, note="五号停电").status_code == 302
    page = reverse("evaluation_objection", args=[published.number, 1])
    own = lead.get(page)
    assert "拟成立" not in own.content.decode()
    told = {"note": "属实", "numerator": 1, "denominator": 0, "verb": "uphold"}
    assert posted(office, page, **told).status_code == 302
    assert posted(office, page, note="", verb="agree").status_code == 422  # not the same person
    leader = signed_in("zheng", post=Post.LEADER)
    assert "75.00 → 100.00" in leader.get(page).content.decode()
    assert posted(leader, page, note="", verb="agree").status_code == 302
    assert Objection.everything.get().state == "upheld"
    other = signed_in("qian", post=Post.UNIT_LEAD, unit=parks).get(page)
    seen = [one.context["by"] for one in (own, office.get(page), other)]
    assert seen == ["市政道路处 · 陈受理", "市政道路处 · 陈受理", "市政道路处"]
    assert "陈受理" not in other.content.decode()


def test_an_objector_without_a_unit_is_told_by_his_post(published, roads, parks, office):
    lead = signed_in("chen", post=Post.UNIT_LEAD, unit=roads)
    cell = reverse("evaluation_cell", args=[published.number, ON_TIME, "SZ-DL"])
    assert posted(lead, cell, note="五号停电").status_code == 302
    page = reverse("evaluation_objection", args=[published.number, 1])
    other = signed_in("qian", post=Post.UNIT_LEAD, unit=parks).get(page)
    label = str(Post.UNIT_LEAD.label)
    told = [one.content.decode() for one in (lead.get(page), office.get(page), other)]
    assert all(f"<dd>{label} · 陈受理 · " in one for one in told[:2])
    assert f"<dd>{label} · <time" in told[2] and "陈受理" not in told[2]


def test_another_department_finds_no_form(published, parks):
    other = signed_in("qian", post=Post.UNIT_LEAD, unit=parks)
    cell = reverse("evaluation_cell", args=[published.number, ON_TIME, "SZ-DL"])
    assert "对这一格申诉" not in other.get(cell).content.decode()
    sent = other.post(cell, {"key": "00000000-0000-4000-8000-000000000001", "note": "不服"})
    assert sent.status_code == 200
    assert not Objection.everything.exists()


def test_the_files_are_those_of_the_evaluation(draft, office):
    bundle = office.get(reverse("evaluation_bundle", args=[draft.number]))
    with zipfile.ZipFile(io.BytesIO(b"".join(bundle.streaming_content))) as file:
        assert {"MANIFEST", "scheme.toml", "result.json"} <= set(file.namelist())
    table = office.get(reverse("evaluation_ranking", args=[draft.number]))
    assert b"SZ-DL" in b"".join(table.streaming_content)


def test_what_is_not_there_is_not_found(draft, office):
    unknown = [
        reverse("evaluation", args=["none-2026-03-1"]),
        reverse("evaluation_objection", args=[draft.number, 9]),
        reverse("evaluation_cell", args=[draft.number, "filed", "SZ-DL"]),
        reverse("evaluation_cell", args=[draft.number, ON_TIME, "nobody"]),
    ]
    assert {office.get(page).status_code for page in unknown} == {404}


def test_a_scheme_is_previewed_in_words_then_saved(scheme, office):
    page = reverse("evaluation_scheme", args=["small"])
    text = SCHEME.replace("cases = 1", "cases = 5")
    preview = posted(office, page, text=text)
    assert preview.status_code == 200
    assert "将要改动" in preview.content.decode()
    assert SchemeVersion.objects.count() == 1
    key = preview.context["form"]["key"].value()
    told = {"key": key, "base_n": 0, "text": text, "confirm": "1", "note": "提高下限"}
    assert office.post(page, told).status_code == 302
    assert SchemeVersion.objects.first().version == 2


def test_a_broken_scheme_keeps_its_text_and_says_what_is_wrong(scheme, office):
    page = reverse("evaluation_scheme", args=["small"])
    sent = posted(office, page, text=SCHEME.replace("weight = 100", "weight = -3"), confirm="1")
    assert sent.status_code == 422
    assert "weight = -3" in sent.content.decode()
    assert SchemeVersion.objects.count() == 1


def test_who_is_not_of_the_office_reads_the_rules_only(scheme, city):
    reader = signed_in("lin", post=Post.HANDLER)
    told = reader.get(reverse("evaluation_scheme", args=["small"])).content.decode()
    assert "按期处置率" in told and "预览改动" not in told
    assert "small" in reader.get(reverse("evaluation_schemes")).content.decode()
