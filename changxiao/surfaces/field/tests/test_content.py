"""What an item is: its content keeps its key over an update, changed content uses the old key up,
and a phone whose clock is wrong is told of (reliability.md §6.2)."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from changxiao.cases import api, story
from changxiao.cases.models import Case
from changxiao.cases.tests.pages import signed_in
from changxiao.catalog.actions import set_policy
from changxiao.kernel import scope
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post
from changxiao.surfaces.field.tests.phones import KEY, jpeg, put, report_of, send
from tests.support.cast import act

OTHER = KEY[:-1] + "7"


def test_what_was_put_right_comes_with_both_photos_and_is_one_case(phone, damaged):
    set_policy("on_spot_kinds", value="e9799", act=act("wake"))
    before, after = jpeg("#101010"), jpeg("#f0f0f0")
    body = report_of(damaged, before, after, on_spot=True)
    body["photos"][1]["role"] = "after"

    said = [send(phone, body) for _turn in range(2)]
    put(phone, before)
    put(phone, after)

    assert [(s.status_code, s.json()["stage"]) for s in said] == [
        (201, "on_spot"),
        (200, "on_spot"),
    ]
    case = Case.everything.get()
    assert [row.role for row in case.photos.order_by("id")] == ["before", "after"]
    assert send(phone, body).json()["missing"] == []


def test_a_kind_that_is_not_small_is_refused_and_reports_nothing(phone, damaged):
    no = send(phone, report_of(damaged, on_spot=True))

    assert (no.status_code, no.json()["code"], Case.everything.count()) == (422, "on_spot_kind", 0)


def test_fields_that_came_later_change_no_content_of_before():
    told = {"subcategory": "e9799", "lon": 1.0, "lat": 1.0}

    body = api.ReportIn(**told)
    said = api.ReportIn(**told, on_spot=True, supersedes=KEY)

    assert not {"on_spot", "supersedes"} & set(body.model_dump(mode="json"))
    assert set(said.model_dump()) - set(body.model_dump()) == {"on_spot", "supersedes"}


def test_changed_content_uses_up_the_key_that_it_replaces(phone, damaged):
    changed = report_of(damaged, description="改过", supersedes=KEY)

    said = [send(phone, changed, key=OTHER) for _turn in range(2)]
    late = send(phone, report_of(damaged))

    assert [s.status_code for s in said] == [201, 200]
    assert (late.status_code, late.json()["code"]) == (409, "key_reused")
    assert Case.everything.get().description == "改过"


def test_content_whose_old_form_was_taken_after_all_is_no_second_report(phone, damaged):
    number = send(phone, report_of(damaged)).json()["number"]

    no = send(phone, report_of(damaged, description="改过", supersedes=KEY), key=OTHER)

    assert (no.status_code, no.json()["code"]) == (409, "superseded_taken")
    assert number in no.json()["detail"]
    assert (Case.everything.count(), Entry.objects.filter(act_key=OTHER).count()) == (1, 0)


def test_nobody_uses_up_another_s_key(phone, damaged):
    send(signed_in("wu", post=Post.COLLECTOR, area="440511"), report_of(damaged))

    no = send(phone, report_of(damaged, supersedes=KEY), key=OTHER)

    assert (no.status_code, no.json()["code"]) == (409, "superseded_foreign")
    assert Case.everything.count() == 1


@pytest.mark.parametrize(
    ("ahead", "late", "told"),
    [
        (86400, 0, [("手机时钟", "快 1 天")]),
        (-7200, 0, [("手机时钟", "慢 2 小时")]),
        (60, 0, []),
        (0, 30, [("现场时间", "早于上传 30 天")]),
        (86400, 5, [("手机时钟", "快 1 天"), ("现场时间", "早于上传 5 天")]),
    ],
)
def test_a_clock_that_is_wrong_and_a_report_that_is_old_are_told(phone, damaged, ahead, late, told):
    clock = timezone.now() + timedelta(seconds=ahead)
    seen = clock - timedelta(days=late)
    body = report_of(damaged, occurred_at=seen.isoformat())

    number = send(phone, body, HTTP_X_SENT_AT=clock.isoformat()).json()["number"]

    line = story.story(Case.everything.get(number=number), scope.system("test"))[0]
    assert [fact for fact in line.facts if fact[0] in {"手机时钟", "现场时间"}] == told
    assert json.loads(Entry.objects.get(verb="report").body)["_act"].get(
        "skew", 0
    ) == pytest.approx(ahead, abs=60)
