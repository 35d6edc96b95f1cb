"""Assets tests: a small known city of units and sub-classes, and census files made by hand."""

import csv
import uuid
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from changxiao.assets import actions
from changxiao.catalog.models import Category, Subcategory
from changxiao.kernel.act import Act
from changxiao.kernel.scope import system, viewing
from changxiao.orgs.models import Unit

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HEAD = ["部件代码", "名称", "经度", "纬度", "状态", "主管部门", "权属单位", "养护单位", "材质"]
COVER = ["4405110101000001", "上水井盖", "116.681", "23.354", "完好", "", "自来水公司", "", "铸铁"]
LAMP = ["4405110137000001", "路灯", "116.682000", "23.354000", "破损", "", "", "路灯所", "LED"]


@pytest.fixture
def city(db):
    """Two units and two sub-classes of component."""
    category = Category.objects.create(
        kind="component", edition="gb30428", code="01", name="公用设施"
    )
    for code, name in [("0101", "上水井盖"), ("0137", "路灯")]:
        Subcategory.objects.create(
            kind="component",
            edition="gb30428",
            code=code,
            category=category,
            name=name,
            status="sourced",
        )
    for number, (code, name) in enumerate([("WATER", "自来水公司"), ("LAMPS", "路灯所")], 1):
        Unit.objects.create(
            code=code,
            name=name,
            kind=Unit.Kind.OWNER_UNIT,
            path=f"{number:04}.",
            since_date=date(2020, 1, 1),
        )
    with viewing(system("test")):
        yield


@pytest.fixture
def act():
    """Acts of 系统管理员 zheng on the Monday."""

    def make(label="census"):
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, label))
        return Act(actor="zheng", post="city_admin", key=key, at=MONDAY, origin="demo")

    return make


@pytest.fixture
def census_file(tmp_path):
    """A CSV file of these rows under the usual heading."""

    def write(*rows, head=HEAD, name="census.csv", encoding="utf-8"):
        path = tmp_path / name
        with path.open("w", encoding=encoding, newline="") as out:
            csv.writer(out).writerows([head, *rows])
        return path

    return write


@pytest.fixture
def take(city, census_file, act):
    """Import rows and return the report."""

    def run(*rows, label="census", **options):
        return actions.import_census(
            census_file(*rows, name=f"{label}.csv"), act=act(label), **options
        )

    return run
