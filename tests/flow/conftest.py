"""What the flow's tests add to the cast: a second part of 道路破损, and a larger damage."""

from decimal import Decimal

import pytest

from changxiao.catalog.models import FilingCriterion


@pytest.fixture
def mended(damaged):
    """修复, six working hours: the second part of 道路破损."""
    second = FilingCriterion.objects.create(
        code="9799-2",
        subcategory=damaged.subcategory,
        condition="修复",
        amount=Decimal(6),
        unit="work_hour",
        closing_needs=[],
        since_date=damaged.since_date,
    )
    damaged.successor = second
    damaged.save(update_fields=["successor"])
    return second


@pytest.fixture
def longer(damaged):
    """大面积破损, eight working hours in one part."""
    return FilingCriterion.objects.create(
        code="9799-3",
        subcategory=damaged.subcategory,
        condition="大面积",
        amount=Decimal(8),
        unit="work_hour",
        closing_needs=[],
        since_date=damaged.since_date,
    )
