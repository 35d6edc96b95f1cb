"""立案标准、小类、环节时限、区域等级的页面: edits that hold from now on, undone one by one."""

from datetime import date
from decimal import Decimal

import pytest

from changxiao.areas.home import settle
from changxiao.catalog import actions, timetable
from changxiao.catalog.models import (
    AreaGrade,
    Category,
    FilingCriterion,
    Responsibility,
    StageLimit,
    Subcategory,
)
from changxiao.catalog.tests import browsing
from changxiao.catalog.tests.browsing import (
    changes,
    confirmed,
    edit,
    entries,
    opened,
    previewed,
    signed_in,
)
from changxiao.catalog.tests.conftest import act
from changxiao.kernel.city import city
from changxiao.ledger.models import Entry

pytestmark = pytest.mark.django_db
CRITERIA = "/settings/catalog/criteria/"
ONE = f"{CRITERIA}E0110-01/"


@pytest.fixture
def client():
    return signed_in()


def now(code="E0110-01"):
    return FilingCriterion.objects.current().get(code=code)


def undone(client, kind, key, n):
    return browsing.undone(client, f"/settings/catalog/undo/{kind}/{key}/?n={n}")


def test_an_edited_limit_is_a_new_version_and_says_what_it_leaves_alone(client, criterion):
    shown = previewed(client, ONE, opened(client, ONE), amount="２", unit="urgent_hour")

    assert ("处置时限", "4 工作时", "2 紧急工作时") in changes(shown)
    text = shown.content.decode()
    assert "在办案卷仍按各自立案时的版本" in text
    assert "/settings/cases/touched/?criterion=E0110-01" in text
    assert now().version == 1

    edit(client, ONE, amount="２", unit="urgent_hour")
    assert (now().version, str(now().limit)) == (2, "2 紧急工作时")


def test_an_undo_opens_a_version_that_says_what_the_former_one_said(client, criterion):
    edit(
        client,
        ONE,
        condition="成片暴露垃圾",
        closing_needs=["after", "witness"],
        readings="噪声:dB(A):..55",
    )
    assert now().closing_needs == ["after", "witness", "reading:噪声:dB(A):..55"]
    undone(client, "criterion", "E0110-01", 1)

    row = now()
    assert (row.version, row.condition) == (3, "暴露垃圾")
    assert row.closing_needs == ["before", "after"]
    assert Entry.objects.filter(stream="criterion:E0110-01").last().act["undoes"] == 1


def test_a_retired_criterion_comes_back_by_undo_and_its_page_is_gone_until_then(client, criterion):
    edit(client, f"{ONE}end/")
    assert not FilingCriterion.objects.current().exists()
    assert client.get(ONE).status_code == 404
    assert "E0110-01" in client.get(f"{CRITERIA}?retired=1").content.decode()

    undone(client, "criterion", "E0110-01", 1)
    assert now().version == 2


def test_a_new_criterion_takes_the_next_code_of_its_subcategory(client, criterion):
    told = {"subcategory": "e0110", "condition": "死角垃圾", "amount": "1", "unit": "work_day"}
    edit(client, f"{CRITERIA}new/", **told)

    assert now("E0110-02").condition == "死角垃圾"
    undone(client, "criterion", "E0110-02", 1)
    assert not FilingCriterion.objects.current().filter(code="E0110-02").exists()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"amount": "0"}, "0.0001 至 10000"),
        ({"amount": "-4"}, "0.0001 至 10000"),
        ({"amount": "10001"}, "0.0001 至 10000"),
        ({"amount": "1.00001"}, "最多四位小数"),
        ({"amount": "很快"}, "不是数字"),
        ({"amount": "NaN"}, "0.0001 至 10000"),
        ({"unit": "fortnight"}, "fortnight"),
        ({"condition": "  "}, ""),
        ({"closing_needs": ["selfie"]}, "selfie"),
        ({"readings": "噪声"}, "噪声"),
        ({"successor": "X"}, "X"),
    ],
)
def test_a_criterion_that_cannot_be_is_refused_beside_its_field(client, criterion, told, words):
    (field,) = told
    shown = previewed(client, ONE, opened(client, ONE), note="我的理由", **told)

    assert shown.status_code == 422
    field = {"readings": "closing_needs"}.get(field, field)
    assert field in shown.context["form"].errors, shown.context["form"].errors
    assert words in str(shown.context["form"].errors[field])
    assert shown.context["form"]["note"].value() == "我的理由"
    assert not Entry.objects.exists()
    assert now().version == 1


def test_stages_cannot_run_in_a_circle(client, rubbish):
    draft = {
        "subcategory": rubbish,
        "condition": "围护",
        "limit": timetable.STAGE_DEFAULTS["filed"],
    }
    actions.set_criterion(actions.Draft(code="B", is_first=False, **draft), act=act())
    actions.set_criterion(actions.Draft(code="A", successor="B", **draft), act=act())
    shown = previewed(client, f"{CRITERIA}B/", opened(client, f"{CRITERIA}B/"), successor="A")

    assert shown.status_code == 422
    assert "不回到本标准" in str(shown.context["form"].errors["successor"])
    assert client.get(f"{CRITERIA}A/").context["chain"]


def test_the_list_is_searched_and_paged(client, rubbish):
    limit = timetable.STAGE_DEFAULTS["filed"]
    for n in range(1, 61):
        actions.set_criterion(
            actions.Draft(
                code=f"E0110-{n:02d}", subcategory=rubbish, condition=f"第{n}种", limit=limit
            ),
            act=act(),
        )
    first = client.get(CRITERIA)
    assert len(first.context["rows"]) == 50
    second = client.get(f"{CRITERIA}?cursor={first.context['next_cursor']}")
    assert len(second.context["rows"]) == 10
    assert client.get(f"{CRITERIA}?q=第7种").context["total"] == 1
    assert client.get(f"{CRITERIA}?category=gb30428-e01").context["total"] == 60
    assert client.get(f"{CRITERIA}?category=gb30428-e02").context["total"] == 0
    assert client.get(f"{CRITERIA}?cursor=nonsense").status_code == 404


def test_local_categories_and_subcategories_count_down_from_99(client, rubbish):
    edit(client, "/settings/catalog/categories/new/", kind="event", name="创文事项")
    own = Category.objects.get(edition="local")
    assert own.code == "99"
    for name in ("宣传栏破损", "公益广告褪色"):
        edit(client, "/settings/catalog/subjects/new/", category="e99", name=name)
    codes = Subcategory.objects.filter(category=own).values_list("code", flat=True)
    assert sorted(codes) == ["9998", "9999"]

    shown = previewed(
        client,
        "/settings/catalog/subjects/new/",
        opened(client, "/settings/catalog/subjects/new/"),
        category="e99",
        name="宣传栏破损",
    )
    assert shown.status_code == 422
    edit(client, "/settings/catalog/subjects/e9999/", name="宣传栏损坏")
    undone(client, "subcategory", "e9999", 2)
    assert Subcategory.objects.get(code="9999").name == "宣传栏破损"
    undone(client, "subcategory", "e9998", 1)
    assert not Subcategory.objects.get(code="9998").enabled


def test_a_national_subcategory_is_switched_off_and_on_but_not_renamed(client, rubbish):
    edit(client, "/settings/catalog/subjects/e0110/switch/")
    rubbish.refresh_from_db()
    assert not rubbish.enabled
    assert client.get("/settings/catalog/subjects/e0110/").status_code == 404
    undone(client, "subcategory", "e0110", 1)
    rubbish.refresh_from_db()
    assert rubbish.enabled


def test_a_stage_limit_is_set_and_goes_back_to_the_default(client, db):
    address = "/settings/catalog/stages/filed:normal/"
    edit(client, address, amount="30", unit="work_hour", window="sanitation")
    assert StageLimit.objects.get().window_kind == "sanitation"
    undone(client, "stage", "filed:normal", 1)
    assert not StageLimit.objects.exists()
    assert client.get("/settings/catalog/stages/dispatched:normal/").status_code == 404


@pytest.mark.parametrize("factor", ["0", "-1", "11", "0.00001", "半", "NaN"])
def test_an_area_grade_needs_a_factor_that_can_be(client, factor):
    settle(city("440500"))
    told = {"area": "金平区", "grade": "一类", "factor": factor}
    address = "/settings/catalog/grades/new/"
    shown = previewed(client, address, opened(client, address), **told)

    assert shown.status_code == 422
    assert "factor" in shown.context["form"].errors
    assert not AreaGrade.objects.exists()


def test_an_area_grade_begins_changes_ends_and_each_is_undone(client):
    settle(city("440500"))
    edit(client, "/settings/catalog/grades/new/", area="金平区", grade="一类", factor="０.5")
    address = "/settings/catalog/grades/440511/"
    edit(client, address, grade="一类", factor="0.8")
    edit(client, f"{address}end/")
    current = AreaGrade.objects.filter(until_date=None)
    assert not current.exists()
    undone(client, "grade", "440511", 3)
    assert current.get().factor == Decimal("0.8")
    page = client.get("/settings/catalog/history/grade/440511/").content.decode()
    assert page.count("<li class") == 4


@pytest.mark.parametrize(
    "path",
    [
        *("criteria/E9/", "criteria/E9/end/", "subjects/e9999/", "subjects/e9999/switch/"),
        *("grades/440599/", "grades/440599/end/", "stages/x/", "responsibilities/9/"),
        *("responsibilities/9/end/", "categories/e77/", "history/criterion/E9/"),
        *("history/subcategory/e77/", "history/responsibility/e77@*/", "history/category/e77/"),
    ],
)
def test_rows_that_are_not_there_are_not_found(client, path):
    assert client.get(f"/settings/catalog/{path}").status_code == 404


def test_an_empty_house_has_pages_too(client):
    for name in ("criteria", "subjects", "responsibilities", "trial", "gaps", "grades", "stages"):
        assert client.get(f"/settings/catalog/{name}/").status_code == 200, name


def test_a_second_administrator_s_criterion_is_not_overwritten(client, criterion):
    slow = signed_in("zheng", name="郑管理")
    filled = opened(slow, ONE)
    edit(client, ONE, amount="2")
    shown = previewed(slow, ONE, filled, amount="8", condition="我写的长条件")

    assert shown.status_code == 422
    text = shown.content.decode()
    assert "吴管理" in text and "我写的长条件" in text
    assert str(now().limit) == "2 工作时"
    assert entries("criterion:E0110-01") == 1


def test_responsibilities_follow_an_edit_and_its_undo(client, criterion, sanitation):
    duty = Responsibility.objects.create(
        criterion=criterion, unit=sanitation, since_date=date(2020, 1, 1)
    )
    edit(client, ONE, amount="2")
    undone(client, "criterion", "E0110-01", 1)
    duty.refresh_from_db()
    assert duty.criterion == now()


def test_confirmed_after_a_look_nobody_else_took(client, criterion):
    filled = opened(client, ONE)
    confirmed(client, ONE, filled, amount="3")
    assert str(now().limit) == "3 工作时"
