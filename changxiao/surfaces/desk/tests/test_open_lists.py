"""The public list of emergencies, and exceptional ends counted by name."""

from datetime import timedelta

import pytest
from django.utils import timezone

from changxiao.cases import actions
from changxiao.cases.models import Case
from changxiao.catalog.models import Emergency
from changxiao.kernel import scope
from changxiao.orgs.models import Appointment, Staff
from changxiao.orgs.posts import Post
from tests.support.cast import act, at


@pytest.fixture
def order(db):
    now = timezone.now()
    return Emergency.objects.create(
        order_number="汕应急〔2026〕1号", name="台风", from_at=now - timedelta(hours=1), to_at=None
    )


def sign_in(client, post, area=""):
    staff = Staff.objects.create(username=f"{post}{area}", name="黄主任")
    Appointment.objects.create(staff=staff, post=post, area_code=area, since_date=at().date())
    client.force_login(staff)


def test_anybody_reads_the_orders_and_how_many_limits_stand(client, order, dispatched):
    with scope.viewing(scope.system("test")):
        actions.hold(dispatched, order=order.order_number, act=act("hold", at(2, 10)))

    page = client.get("/emergencies/").content.decode()
    assert "汕应急〔2026〕1号" in page
    assert "生效中" in page
    assert "道路破损" in page
    assert dispatched.number not in page
    assert dispatched.code not in page


def test_an_empty_list_says_what_will_stand_here(client, db):
    assert "还没有发布过应急令" in client.get("/emergencies/").content.decode()


@pytest.fixture
def voided(dispatched):
    reason = act("void", timezone.now(), note="重复上报")
    with scope.viewing(scope.system("test")):
        return actions.void(Case.everything.get(pk=dispatched.pk), act=reason)


def test_who_voided_is_counted_by_name_with_the_reason(client, voided):
    Staff.objects.create(username="huang", name="黄主任甲")
    sign_in(client, Post.AUDITOR)

    page = client.get("/exceptional/").content.decode()
    assert "黄主任甲" in page
    assert "重复上报" in page
    assert voided.code in page


def test_what_collectors_put_right_themselves_is_counted_beside_it(client, reported):
    Case.everything.filter(pk=reported.pk).update(
        stage="on_spot", ended_at=timezone.now(), handled_by="wang"
    )
    Staff.objects.create(username="wang", name="王监督")
    sign_in(client, Post.AUDITOR)

    page = client.get("/exceptional/").content.decode()
    assert "自处置" in page and "<td>王监督</td><td>0</td><td>0</td><td>1</td>" in page
    assert reported.number not in page  # ten a day each: counted, and listed in the sheet


def test_another_district_s_ends_are_not_counted(client, voided):
    sign_in(client, Post.LEADER, "440507")
    assert voided.code not in client.get("/exceptional/").content.decode()


@pytest.mark.parametrize("post", [Post.HANDLER, Post.DISPATCHER, Post.CITY_ADMIN])
def test_others_may_not_look(client, voided, post):
    sign_in(client, post)
    assert client.get("/exceptional/").status_code == 403
