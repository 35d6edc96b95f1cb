"""A small catalogue of its own: a manhole and rubbish, two units, the known Monday."""

import itertools
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from changxiao.catalog.models import Category, FilingCriterion, Subcategory
from changxiao.catalog.snapshot import policies, rules
from changxiao.kernel.act import Act
from changxiao.orgs.models import Unit
from changxiao.orgs.posts import Post

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
SINCE = date(2020, 1, 1)
_keys = itertools.count(1)


def act(post=Post.CITY_ADMIN, at=MONDAY):
    return Act(actor="he", post=post, key=f"catalog-{next(_keys)}", at=at, origin="demo")


def make_unit(code, kind="department", **columns):
    path = f"{Unit.objects.count() + 1:04d}."
    return Unit.objects.create(
        code=code, name=code, kind=kind, path=columns.pop("path", path), since_date=SINCE, **columns
    )


@pytest.fixture(autouse=True)
def _fresh():
    rules.clear()
    policies.clear()
    yield
    rules.clear()
    policies.clear()


@pytest.fixture
def rubbish(db):
    category = Category.objects.create(kind="event", edition="gb30428", code="01", name="市容环境")
    return Subcategory.objects.create(
        kind="event",
        edition="gb30428",
        code="0110",
        category=category,
        name="暴露垃圾",
        status="sourced",
    )


@pytest.fixture
def criterion(rubbish):
    return FilingCriterion.objects.create(
        code="E0110-01",
        subcategory=rubbish,
        condition="暴露垃圾",
        amount=Decimal(4),
        unit="work_hour",
        since_date=SINCE,
    )


@pytest.fixture
def sanitation(db):
    return make_unit("HW")


@pytest.fixture
def parks(db):
    return make_unit("YL")
