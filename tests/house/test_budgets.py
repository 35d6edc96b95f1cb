"""Query budgets: the helper counts what it should, and each budget is used by a test."""

import pytest
from django.contrib.sessions.models import Session

from tests.house.source import HOUSE, PACKAGE
from tests.support.budgets import budget, budgets


def test_each_budget_is_used_by_a_test():
    tests = [*PACKAGE.rglob("tests/*.py"), *(HOUSE / "tests").rglob("test_*.py")]
    text = "".join(path.read_text(encoding="utf-8") for path in tests)

    assert not [name for name in budgets() if f'"{name}"' not in text]


@pytest.mark.django_db
def test_a_kept_budget_passes_and_an_exceeded_one_lists_what_was_asked():
    with budget("example", limit=1):
        Session.objects.count()

    with pytest.raises(AssertionError, match="2 > 1"), budget("example", limit=1):
        Session.objects.count()
        Session.objects.exists()
