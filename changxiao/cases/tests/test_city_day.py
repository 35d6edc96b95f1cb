"""A day is a day in the city: posts, edits and lists begin and end at its own midnight."""

from datetime import UTC, date, datetime

import pytest

from changxiao.cases import listing
from changxiao.catalog import actions, policy
from changxiao.catalog.snapshot import policies
from changxiao.kernel.act import Act
from changxiao.kernel.day import local_date
from changxiao.kernel.refused import Refused
from changxiao.orgs import access
from changxiao.orgs import actions as orgs
from changxiao.orgs.models import Appointment, Staff

pytestmark = pytest.mark.django_db
# Moments around midnight of 2 March 2026: the city, the moment, the day there.
MIDNIGHTS = [
    ("America/Chicago", datetime(2026, 3, 2, 5, 59, 59, tzinfo=UTC), date(2026, 3, 1)),
    ("America/Chicago", datetime(2026, 3, 2, 6, tzinfo=UTC), date(2026, 3, 2)),
    ("America/Chicago", datetime(2026, 3, 1, 17, tzinfo=UTC), date(2026, 3, 1)),
    ("Asia/Shanghai", datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC), date(2026, 3, 1)),
    ("Asia/Shanghai", datetime(2026, 3, 1, 16, tzinfo=UTC), date(2026, 3, 2)),
    ("UTC", datetime(2026, 3, 1, 16, tzinfo=UTC), date(2026, 3, 1)),
]


@pytest.fixture(autouse=True)
def _fresh():
    policies.clear()
    yield
    policies.clear()


@pytest.mark.parametrize(("zone", "at", "day"), MIDNIGHTS)
def test_a_post_begins_at_the_city_s_midnight_and_not_thirteen_hours_early(zone, at, day):
    actions.set_policy("timezone", value=zone, act=Act.system("test"))
    staff = Staff.objects.create(username="li", name="李派遣")
    Appointment.objects.create(staff=staff, post="dispatcher", since_date=date(2026, 3, 2))

    assert local_date(at) == day
    assert access.viewer_for(staff, at).holds("dispatcher") == (day == date(2026, 3, 2))


@pytest.mark.parametrize(("zone", "at", "day"), MIDNIGHTS)
def test_a_verb_of_units_and_one_of_the_catalogue_write_the_same_day(zone, at, day):
    actions.set_policy("timezone", value=zone, act=Act.system("test"))
    unit = orgs.create_unit(
        code="SZ", name="市政处", kind="department", act=Act.system("test", at=at)
    )

    assert unit.since_date == day


@pytest.mark.parametrize(("zone", "at", "day"), MIDNIGHTS)
def test_what_is_due_today_ends_with_the_city_s_day(zone, at, day):
    actions.set_policy("timezone", value=zone, act=Act.system("test"))
    last = dict(listing.due_today(at).children)["due_at__lt"]

    assert (last - datetime.resolution).date() == day == local_date(last - datetime.resolution)


@pytest.mark.parametrize("zone", ["Asia/Shantou", "", "../etc/passwd", "上海"])
def test_a_zone_that_nobody_knows_is_refused_and_nothing_changes(zone):
    with pytest.raises(Refused) as no:
        actions.set_policy("timezone", value=zone, act=Act.system("test"))

    assert no.value.code == "policy_unreadable"
    assert policy.text("timezone") == "Asia/Shanghai"
