"""Reading one row of a census: what is taken, what is refused, in which words."""

import pytest

from changxiao.assets import rules
from changxiao.assets.tests.conftest import COVER, HEAD
from changxiao.kernel.refused import Refused

KNOWN = rules.Known({"0101": "上水井盖"}, {"自来水公司": "WATER"})
NAMES = rules.heading(HEAD)


def read(known=KNOWN, **changes):
    cells = list(COVER)
    for column, value in changes.items():
        cells[NAMES.index(column)] = value
    return rules.read(7, NAMES, cells, known)


def test_a_good_row_is_a_component():
    draft = read()

    assert (draft.code, draft.state, draft.lon) == ("4405110101000001", "intact", 116.681)
    assert draft.units == {"oversight": None, "owner_unit": "WATER", "maintainer": None}
    assert draft.attributes == {"材质": "铸铁"}


@pytest.mark.parametrize(
    ("column", "value", "title", "words"),
    [
        ("code", "440511010100001", "部件代码", "16 位"),
        ("code", "44051101０1000001", "部件代码", "16 位"),
        ("code", "4.40511010100000E+15", "部件代码", "末位已失真"),
        ("code", "4405110199000001", "部件代码", "不是目录中的部件小类"),
        ("lon", "", "经度", "以度表示"),
        ("lon", "116°40'", "经度", "以度表示"),
        ("lon", "nan", "经度", "不在 -180 到 180"),
        ("lat", "116.68", "纬度", "不在 -90 到 90"),
        ("owner_unit", "某公司", "权属单位", "机构表中没有"),
        ("state", "坏了", "状态", "完好、破损"),
        ("name", "井\0盖", "名称", "不可见字符"),
        ("材质", "铁" * 201, "材质", "200 字"),
    ],
)
def test_a_bad_cell_is_named_with_its_row_column_value_and_reason(column, value, title, words):
    (fault,) = read(**{column: value})

    assert (fault.row, fault.column, fault.value) == (7, title, value[:80])
    assert words in fault.reason


def test_all_faults_of_a_row_are_told_at_once():
    assert [fault.column for fault in read(code="1", lon="x", state="?")] == [
        "部件代码",
        "经度",
        "状态",
    ]


def test_coordinates_of_another_datum_are_converted():
    moved = read(rules.Known(KNOWN.subcategories, KNOWN.units, "gcj02"))

    assert abs(moved.lon - 116.681) > 0.003


def test_a_row_shorter_than_its_heading_lacks_what_is_missing():
    assert [f.column for f in rules.read(2, NAMES, COVER[:2], KNOWN)] == ["经度", "纬度"]


@pytest.mark.parametrize(
    "head", [["名称", "经度", "纬度"], ["代码", "部件代码", "经度", "纬度"], []]
)
def test_a_heading_without_its_columns_or_with_one_twice_is_refused(head):
    with pytest.raises(Refused) as refused:
        rules.heading(head)
    assert refused.value.code == "census_columns"


def test_english_headings_do_as_well():
    assert rules.heading(["Code", "lon", "LAT", "owner_unit"])[:4] == [
        "code",
        "lon",
        "lat",
        "owner_unit",
    ]
