"""The known cast of the cases, and 张领导 who heads 市政道路处."""

from datetime import date

import pytest

from changxiao.cases.tests.pages import forget_catalog, person
from changxiao.orgs.models import UnitRole


@pytest.fixture(autouse=True)
def _fresh():
    forget_catalog()


@pytest.fixture
def zhang(roads):
    """张领导, 一把手 of 市政道路处."""
    staff = person("zhang")
    UnitRole.objects.create(unit=roads, role="head", staff=staff, since_date=date(2020, 1, 1))
    return staff
