"""What the worker sweeps of sign-in: rows that have had their time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from changxiao.orgs import jobs, throttle
from changxiao.orgs.models import ThrottleCount

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)


def test_what_is_over_goes_and_what_counts_stays():
    Session.objects.create(session_key="old", expire_date=MONDAY - timedelta(seconds=1))
    Session.objects.create(session_key="live", expire_date=MONDAY + timedelta(hours=1))
    throttle.allow("login_ip", "10.0.0.1", MONDAY - timedelta(days=1))
    throttle.allow("login_ip", "10.0.0.2", MONDAY)

    assert jobs.sweep_expired(MONDAY) == 2
    assert jobs.sweep_expired(MONDAY) == 0
    assert [row.session_key for row in Session.objects.all()] == ["live"]
    assert ThrottleCount.objects.count() == 1
