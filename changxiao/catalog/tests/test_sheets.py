"""表格往返: an untouched table is no edit, a touched one is exactly what was touched."""

import io
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from changxiao.areas.home import settle
from changxiao.catalog import actions
from changxiao.catalog.load import load
from changxiao.catalog.models import FilingCriterion, Responsibility, SheetDraft, Subcategory
from changxiao.catalog.sheets import criteria, duties, progress
from changxiao.catalog.sheets.book import marked
from changxiao.catalog.sheets.reading import day, whole, yes_or_no
from changxiao.catalog.tests.browsing import signed_in
from changxiao.catalog.tests.conftest import act, make_unit
from changxiao.catalog.tests.tables import (
    book_of,
    confirmed,
    draft,
    edited,
    exported,
    planned,
    uploaded,
)
from changxiao.kernel.city import city
from changxiao.kernel.day import today
from changxiao.kernel.limits import TimeUnit, parse_limit
from changxiao.ledger.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    settle(city("440500"))
    return signed_in()


@pytest.fixture
def three(criterion, rubbish):
    """E0110-01, and a chain of two stages beside it."""
    limit = parse_limit("1 工作日")
    told = {"subcategory": rubbish, "limit": limit}
    last = actions.Draft(code="Z-2", condition="修复", is_first=False, stage_name="修复", **told)
    actions.set_criterion(last, act=act())
    first = actions.Draft(code="Z-1", condition="围护", successor="Z-2", **told)
    actions.set_criterion(first, act=act())
    return [criterion, *FilingCriterion.objects.filter(code__startswith="Z").order_by("code")]


@pytest.fixture
def duty(criterion, sanitation):
    settle(city("440500"))
    return actions.set_responsibility(
        criterion.subcategory, unit=sanitation, area_code="440511", basis="甲", act=act()
    )


def remedies(plan):
    return {fault.cell: fault.remedy for fault in plan.faults}


# --- out and back -----------------------------------------------------------------------------

ANY_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40
)
NEEDS = st.lists(
    st.sampled_from(["before", "after", "near", "document", "witness", "reading:噪声:dB(A):..55"]),
    unique=True,
    max_size=4,
)


def test_export_then_import_unchanged_is_no_edit(rubbish):
    """Whatever a criterion says: formulas, line ends, control characters, digits, blanks, emoji."""
    amounts = st.decimals("0.0001", "10000", places=4)
    row = st.fixed_dictionaries(
        {
            "condition": ANY_TEXT.filter(str.strip),
            "closing_condition": ANY_TEXT,
            "capture_rule": ANY_TEXT,
            "condition_en": ANY_TEXT,
            "source": ANY_TEXT,
            "stage_name": ANY_TEXT,
            "grade": st.sampled_from(["slight", "normal", "serious"]),
            "urgent": st.booleans(),
            "is_first": st.booleans(),
            "amount": amounts,
            "unit": st.sampled_from([unit.value for unit in TimeUnit]),
            "closing_needs": NEEDS,
        }
    )

    @settings(
        max_examples=30,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(row, min_size=1, max_size=4))
    def law(rows):
        FilingCriterion.objects.all().delete()
        FilingCriterion.objects.bulk_create(
            FilingCriterion(
                code=f"H-{n}", subcategory=rubbish, since_date=date(2020, 1, 1), **columns
            )
            for n, columns in enumerate(rows)
        )
        plan = planned(criteria, exported(criteria))
        assert (plan.faults, plan.edits) == ([], [])
        assert (plan.rows, plan.unchanged, plan.missing) == (len(rows), len(rows), 0)

    law()


def test_duties_out_and_back_are_no_edit(duty, criterion, parks):
    actions.set_responsibility(criterion, unit=parks, basis="=1+1\n二", act=act())
    actions.set_responsibility(
        criterion.subcategory.category, unit=parks, priority=3, since=date(2030, 1, 1), act=act()
    )
    plan = planned(duties, exported(duties))

    assert (plan.faults, plan.edits, plan.unchanged) == ([], [], 3)


@pytest.mark.slow
def test_a_whole_city_out_and_back_is_no_edit_and_quick(db):
    settle(city("440500"))
    load("440500")
    duty = Subcategory.objects.get(kind="event", code="0110", edition="gb30428")
    actions.set_responsibility(duty, unit=make_unit("HW"), act=act())
    for table, least in ((criteria, 400), (duties, 1)):
        plan = planned(table, exported(table))
        assert (plan.faults, plan.edits, plan.unchanged) == ([], [], plan.rows)
        assert plan.rows >= least


def test_a_file_that_excel_has_saved_again_is_no_edit(three):
    book = load_workbook(io.BytesIO(exported(criteria)))
    sheet = book.active
    for row in sheet.iter_rows(min_row=3):
        for cell in row:
            if isinstance(cell.value, str) and cell.value.isdecimal():
                cell.value = float(cell.value)
    sheet.insert_rows(4)
    file = io.BytesIO()
    book.save(file)
    plan = planned(criteria, file.getvalue())

    assert (plan.faults, plan.edits, plan.unchanged) == ([], [], 3)


def test_the_table_offers_its_values_and_says_how_to_edit(three):
    sheet = load_workbook(io.BytesIO(exported(criteria))).active

    assert "删掉一行不等于停用" in sheet["A1"].value
    assert [cell.value for cell in sheet[2]] == [column.head for column in criteria.COLUMNS]
    offered = {rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert '"紧急工作时,紧急工作日,工作时,工作日,自然日"' in offered
    assert '"轻微,一般,严重"' in offered
    assert sheet.auto_filter.ref and sheet.freeze_panes == "B3"


# --- what was touched is what is planned ------------------------------------------------------


def test_one_touched_cell_is_one_edit_in_words(client, three):
    address = uploaded(
        client, "criteria", edited(criteria, {0: {"amount": "２", "unit": "紧急工作时"}})
    )
    page = client.get(address)
    (edit,) = page.context["plan"].edits
    assert [(c.label, c.before, c.after) for c in edit.changes] == [
        ("处置时限", "4 工作时", "2 紧急工作时")
    ]
    assert not Entry.objects.filter(stream="criterion:E0110-01").exists()

    confirmed(client, address, note="市府〔2026〕3号")
    row = FilingCriterion.objects.current().get(code="E0110-01")
    assert (row.version, str(row.limit)) == (2, "2 紧急工作时")
    entry = Entry.objects.get(stream="criterion:E0110-01")
    assert (entry.actor, entry.act["note"]) == ("wu", "市府〔2026〕3号")
    assert draft().edit_count == 1


def test_a_new_row_a_retired_row_and_a_deleted_row(client, three):
    new = {"name": "暴露垃圾", "condition": "成堆", "amount": 1, "unit": "工作日"}
    data = edited(criteria, {1: {"handling": "停用"}}, more=[new], drop=[0])
    address = uploaded(client, "criteria", data)
    plan = client.get(address).context["plan"]

    assert plan.counts == {"add": 1, "end": 1}
    assert plan.missing == 1
    confirmed(client, address)
    now = set(FilingCriterion.objects.current().values_list("code", flat=True))
    assert now == {"E0110-01", "E0110-02", "Z-2"}


def test_a_chain_edited_as_a_whole_names_the_newest_versions(client, three):
    data = edited(criteria, {1: {"condition": "先围护"}, 2: {"condition": "再修复"}})
    confirmed(client, uploaded(client, "criteria", data))
    first = FilingCriterion.objects.current().get(code="Z-1")

    assert first.successor == FilingCriterion.objects.current().get(code="Z-2")
    assert first.successor.condition == "再修复"


def test_a_chain_retired_as_a_whole_goes_first_stage_first(client, three):
    data = edited(criteria, {1: {"handling": "停用"}, 2: {"handling": "停用"}})
    confirmed(client, uploaded(client, "criteria", data))

    assert [row.code for row in FilingCriterion.objects.current()] == ["E0110-01"]


# --- faults: every kind at its cell -----------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "cell", "words"),
    [
        ({"amount": 0}, "E3", "0.0001 至 10000"),
        ({"amount": -4}, "E3", "0.0001 至 10000"),
        ({"amount": 1e9}, "E3", "0.0001 至 10000"),
        ({"amount": "四个"}, "E3", "不是数字"),
        ({"amount": None}, "E3", "时限数值为空"),
        ({"amount": "2 工作日"}, "E3", "这一列写 2，时限单位列写 工作日"),
        ({"amount": "#N/A"}, "E3", "不是数字"),
        ({"unit": "工作小"}, "F3", "是不是“工作时”"),
        ({"unit": "天"}, "F3", "可用 紧急工作时"),
        ({"urgent": "大概"}, "G3", "请写“是”或“否”"),
        ({"grade": "一殷"}, "H3", "是不是“一般”"),
        ({"condition": None}, "D3", "立案条件为空"),
        ({"closing_needs": "before；selfie"}, "J3", "selfie"),
        ({"closing_needs": "reading:噪声"}, "J3", "无法识别"),
        ({"stage": "长" * 41}, "L3", "最多 40 字"),
        ({"is_first": "2"}, "M3", "请写“是”或“否”"),
        ({"successor": "Z-9"}, "N3", "是不是“Z-"),
        ({"code": "E0110-O1"}, "A3", "是不是“E0110-01”"),
        ({"code": "Z-1"}, "A4", "出现了两次"),
        ({"subject": "e0199"}, "B3", "不能换小类"),
        ({"name": "别的"}, "C3", "不能换小类"),
        ({"handling": "停"}, "Q3", "停用"),
        ({"successor": "E0110-01"}, "N3", "绕回"),
    ],
)
def test_a_bad_cell_is_named_with_its_remedy_and_nothing_changes(client, three, cells, cell, words):
    before = Entry.objects.count()
    address = uploaded(client, "criteria", edited(criteria, {0: cells, 2: {"condition": "也改"}}))
    page = client.get(address)

    assert words in remedies(page.context["plan"])[cell], remedies(page.context["plan"])
    assert cell in page.content.decode()
    answer = confirmed(client, address)
    assert answer.status_code == 422
    assert "什么都没有改" in answer.content.decode()
    assert Entry.objects.count() == before
    assert SheetDraft.objects.filter(applied_at=None).count() == 1


@pytest.mark.parametrize(
    ("more", "cell", "words"),
    [
        ({"name": "暴露垃级", "condition": "x", "amount": 1, "unit": "工作日"}, "C6", "暴露垃圾"),
        (
            {"subject": "e0111", "condition": "x", "amount": 1, "unit": "工作日"},
            "B6",
            "是不是“e011",
        ),
        ({"subject": "e0110", "amount": 1, "unit": "工作日"}, "D6", "立案条件为空"),
        ({"subject": "e0110", "condition": "x", "unit": "工作日"}, "E6", "时限数值为空"),
        ({"subject": "e0110", "condition": "x", "amount": 1}, "F6", "时限单位"),
    ],
)
def test_a_new_row_that_cannot_be_is_named_too(three, more, cell, words):
    assert words in remedies(planned(criteria, edited(criteria, more=[more])))[cell]


def test_merged_cells_are_named_and_not_guessed(three):
    plan = planned(criteria, edited(criteria, merge=["D3:D5"]))

    assert "取消合并" in remedies(plan)["D3"]


def test_the_marked_table_carries_each_remedy_at_its_cell(client, three):
    data = edited(criteria, {0: {"amount": 0, "unit": "时分"}}, merge=["D4:D5"])
    address = uploaded(client, "criteria", data, "改.xlsx")
    answer = client.get(f"{address}marked.xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active

    assert "attachment" in answer["Content-Disposition"]
    for cell in ("E3", "F3", "D4"):
        assert sheet[cell].comment.text, cell
        assert sheet[cell].fill.start_color.rgb == "FFFFC7CE"
    assert sheet["E4"].comment is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "无法读取"),
        (b"PK\x03\x04 nothing", "不是完好的 xlsx"),
        (b"\xff\xfe\x00\x01", "无法读取"),
        (b"x" * (8 * 2**20 + 1), "超过 8 MB"),
    ],
)
def test_a_file_that_is_none_is_refused_at_once(client, criterion, data, words):
    answer = uploaded(client, "criteria", data)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not SheetDraft.objects.exists()


def test_no_file_at_all_is_said(client):
    answer = client.post("/settings/catalog/sheets/criteria/", {})
    assert "请选择一个表格文件" in answer.content.decode()


def test_a_table_without_its_columns_names_them_and_the_nearest(client, three):
    heads = [c.head.replace("时限数值", "时限数量") for c in criteria.COLUMNS]
    page = client.get(uploaded(client, "criteria", book_of(heads, ["E0110-01"])))

    assert page.status_code == 422
    assert "时限数值，是不是“时限数量”" in page.content.decode()


# --- responsibilities -------------------------------------------------------------------------


def test_a_unit_is_changed_by_its_name_alone(client, duty, parks):
    parks.name = "园林处"
    parks.save()
    address = uploaded(client, "duties", edited(duties, {0: {"unit_name": "园林处"}}))
    confirmed(client, address)
    row = Responsibility.objects.get(until_date=None)

    assert (row.unit, row.basis) == (parks, "甲")


def test_rows_are_added_by_names_and_ended_by_a_word(client, duty, parks):
    new = {"subject": "e0110", "area_name": "全市", "unit": "YL", "priority": 2}
    by_name = {"subject_name": "暴露垃圾", "area_name": "龙湖区", "unit": "YL"}
    data = edited(duties, {0: {"handling": "终止"}}, more=[new, by_name])
    address = uploaded(client, "duties", data)
    assert client.get(address).context["plan"].counts == {"add": 2, "end": 1}
    confirmed(client, address)

    rows = Responsibility.objects.filter(until_date=None)
    told = sorted(rows.values_list("area_code", "unit__code", "priority"))
    assert told == [("", "YL", 1), ("440507", "YL", 0)]


@pytest.mark.parametrize("style", ["datetime", "2031/3/1", "２０３１年３月１日", "2031-03-01"])
def test_days_of_either_style_are_read(client, duty, parks, style):
    since = datetime(2031, 3, 1) if style == "datetime" else style
    data = edited(duties, {0: {"unit": "YL", "unit_name": "YL", "since": since}})
    confirmed(client, uploaded(client, "duties", data))

    assert Responsibility.objects.get(until_date=None).since_date == date(2031, 3, 1)


@pytest.mark.parametrize(
    ("cells", "cell", "words"),
    [
        ({"subject": "e0111"}, "A3", "是不是“e0110”"),
        ({"subject_name": "暴露垃级"}, "B3", "与代码不符"),
        ({"area": "44051"}, "C3", "是不是"),
        ({"area": "金坪区", "area_name": None}, "C3", "金平区"),
        ({"area_name": "龙湖区"}, "D3", "与区域代码不符"),
        ({"area": None, "area_name": None}, "D3", "区域为空"),
        ({"unit": "HWW"}, "E3", "是不是“HW”"),
        ({"unit_name": "H W"}, "F3", "是不是“HW”"),
        ({"unit": "YL", "unit_name": "别处"}, "F3", "与单位代码不符"),
        ({"section": "一标"}, "G3", "没有标段“一标”"),
        ({"priority": 0}, "H3", "1 至 99"),
        ({"priority": "甲"}, "H3", "1 至 99"),
        ({"since": "明天", "unit": "YL", "unit_name": "YL"}, "J3", "日期看不懂"),
        ({"since": "2001-01-01", "unit": "YL", "unit_name": "YL"}, "J3", "不能早于今天"),
        ({"since": "2031-01-01"}, "J3", "只改了起始日期"),
        ({"handling": "结束"}, "K3", "终止"),
    ],
)
def test_a_bad_cell_of_the_duties_is_named(duty, parks, cells, cell, words):
    plan = planned(duties, edited(duties, {0: cells}))

    assert words in remedies(plan).get(cell, ""), remedies(plan)
    assert not plan.edits


def test_the_same_place_twice_is_named(duty):
    plan = planned(
        duties, edited(duties, more=[{"subject": "e0110", "area": "440511", "unit": "HW"}])
    )
    assert "与第 3 行" in remedies(plan)["A4"]


# --- whole or not at all, and nobody overtaken ------------------------------------------------


def test_what_was_edited_since_the_preview_is_previewed_again(client, three, rubbish):
    address = uploaded(client, "criteria", edited(criteria, {0: {"amount": 2}}))
    seen = client.get(address).context["plan"].digest
    actions.set_criterion(
        actions.Draft(
            code="E0110-01",
            subcategory=rubbish,
            condition="别人改了",
            limit=parse_limit("4 工作时"),
        ),
        act=act(),
    )
    answer = client.post(address, {"seen": seen})

    assert answer.status_code == 422
    assert "又有改动" in answer.content.decode()
    assert FilingCriterion.objects.current().get(code="E0110-01").condition == "别人改了"


def test_a_verb_that_refuses_takes_all_of_the_table_back(client, duty, parks, criterion):
    later = today() + timedelta(days=9)
    actions.set_responsibility(criterion, unit=parks, since=later, act=act())
    changes = {0: {"unit": "HW", "unit_name": "HW"}, 1: {"unit": "YL", "unit_name": "YL"}}
    address = uploaded(client, "duties", edited(duties, changes))
    before = Entry.objects.count()
    answer = confirmed(client, address)

    assert answer.status_code == 422
    assert "什么都没有改" in answer.content.decode()
    assert Entry.objects.count() == before
    assert draft().applied_at is None


def test_a_second_confirmation_is_not_a_second_edit(client, three):
    address = uploaded(client, "criteria", edited(criteria, {0: {"amount": 2}}))
    seen = client.get(address).context["plan"].digest
    for _twice in range(2):
        client.post(address, {"seen": seen})

    assert Entry.objects.filter(stream="criterion:E0110-01").count() == 1


def test_a_draft_is_its_owner_s_alone_and_can_be_dropped(client, three):
    address = uploaded(client, "criteria", edited(criteria, {0: {"amount": 2}}))
    other = signed_in("zheng", name="郑管理")
    for path in (address, f"{address}marked.xlsx", f"{address}progress/"):
        assert other.get(path).status_code == 404
    assert other.post(f"{address}drop/").status_code == 404
    assert SheetDraft.objects.exists()
    client.post(f"{address}drop/")
    assert not SheetDraft.objects.exists()


def test_an_untouched_table_says_so(client, three):
    page = client.get(uploaded(client, "criteria", exported(criteria)))
    assert "与现在的内容完全一样" in page.content.decode()


def test_drafts_of_last_month_go(client, three):
    address = uploaded(client, "criteria", exported(criteria))
    SheetDraft.objects.update(uploaded_at=datetime(2020, 1, 1).astimezone())
    uploaded(client, "criteria", exported(criteria))

    assert client.get(address).status_code == 404
    assert SheetDraft.objects.count() == 1


def test_a_long_edit_says_how_far_it_has_come(client, three):
    address = uploaded(client, "criteria", exported(criteria))
    with progress.reporting(str(draft().pk), 40) as tick:
        tick.written = 0
        tick(10)
        assert "10 / 40" in client.get(f"{address}progress/").content.decode()
    assert progress.read(str(draft().pk)) is None
    assert "正在核对" in client.get(f"{address}progress/").content.decode()


# --- a published standards table --------------------------------------------------------------

HEAD = ["类型", "大类代码", "大类名称", "小类代码", "小类名称", "处置单位", "主管部门"]
HEAD += ["立案条件", "结案条件", "处置时限"]
GOOD = ["事件", "1", "市容环境", "10", "暴露垃圾", "环卫", "城管局", "暴露垃圾", "清除", "4工作时"]


def test_a_published_table_is_previewed_and_its_bad_rows_are_left_out_by_a_person(client):
    load("440500")
    bad = [*GOOD[:-1], "尽快"]
    address = uploaded(client, "criteria", book_of(HEAD, GOOD, bad), "本市标准.xlsx")
    page = client.get(address)
    plan = page.context["plan"]
    assert (plan.counts, [fault.cell for fault in plan.faults]) == ({"add": 1}, ["J3"])
    assert not FilingCriterion.objects.filter(code__startswith="S-").exists()

    assert confirmed(client, address).status_code == 422
    confirmed(client, address, skip="1")
    row = FilingCriterion.objects.get(code="S-E0110-01")
    assert str(row.limit) == "4 工作时"
    again = client.get(uploaded(client, "criteria", book_of(HEAD, GOOD), "本市标准.xlsx"))
    assert again.context["plan"].edits == []


@pytest.mark.slow
def test_the_522_rows_of_yuncheng_come_through_excel(client, outside_data):
    load("440500")
    data = (outside_data / "cn_standards" / "yuncheng_case_standards_template.csv").read_bytes()
    address = uploaded(client, "criteria", data, "运城.csv")
    plan = client.get(address).context["plan"]
    assert plan.rows == 522
    assert {fault.cell[1:] for fault in plan.faults} == {"426", "428", "429"}
    assert plan.counts["add"] >= 519
    sheet = load_workbook(io.BytesIO(marked(data, "运城.csv", plan.faults))).active
    assert all(sheet[fault.cell].comment for fault in plan.faults)
    client.post(address, {"seen": plan.digest, "skip": "1"})
    assert FilingCriterion.objects.filter(code__startswith="S-").count() == plan.counts["add"]


# --- cells ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "read"),
    [
        *(("是", True), ("Ｙ", True), ("1", True), ("否", False), ("no", False), ("", None)),
        ("对吧", None),
    ],
)
def test_yes_and_no_are_read(text, read):
    assert yes_or_no(text) is read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026.3.1", date(2026, 3, 1)),
        ("2026年3月1日", date(2026, 3, 1)),
        ("2026-02-30", None),
        ("3/1/2026", None),
        ("46000", None),
    ],
)
def test_days_are_read(text, read):
    assert day(text) == read


@pytest.mark.parametrize(("text", "read"), [("３", 3), ("03", 3), ("-1", None), ("1.5", None)])
def test_whole_numbers_are_read(text, read):
    assert whole(text) == read


def test_an_amount_is_written_as_people_write_it(criterion):
    criterion.amount = Decimal("100.0000")
    assert criteria.told(criterion)["amount"] == "100"
