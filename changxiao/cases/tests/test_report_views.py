"""The report and the export: drafts survive a refusal, sheets hold no formula and no name."""

import io

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from changxiao.cases import actions, export
from changxiao.cases.models import Case
from changxiao.cases.tests.conftest import act, at
from changxiao.cases.tests.pages import forget_catalog, key_in, signed_in
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post

ADDRESS = "/cases/report/"


@pytest.fixture(autouse=True)
def _monday():
    forget_catalog()
    with time_machine.travel(at(2, 9, 20), tick=False):
        yield


def told(damaged, **more):
    return {
        "channel": "hotline",
        "subcategory": damaged.subcategory.key,
        "description": "路面有坑",
        "lon": "116.703",
        "lat": "23.365",
        "crs": "wgs84",
        "reporter_name": "陈大文",
        "reporter_phone": "13800138000",
    } | more


def photo():
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "#884422").save(file, "JPEG")
    return SimpleUploadedFile("pit.jpg", file.getvalue(), "image/jpeg")


def send(client, damaged, **more):
    key = key_in(client.get(ADDRESS))
    return client.post(ADDRESS, {"key": key} | told(damaged, **more))


def test_intake_reports_a_call_and_lands_on_its_case(city, damaged):
    answer = send(signed_in("chen"), damaged, photos_before=photo())

    case = Case.everything.get()
    assert answer["Location"] == f"/cases/{case.number}/"
    assert (case.channel, case.photos.count()) == ("hotline", 1)
    assert case.waits_for_answer


def test_a_place_outside_the_city_is_refused_beside_its_field_with_the_draft(city, damaged):
    answer = send(signed_in("chen"), damaged, lon="113.2", photos_before=photo())
    text = answer.content.decode()

    assert answer.status_code == 422
    assert "不在汕头市范围内" in str(answer.context["form"].errors["lon"])
    assert "路面有坑" in text and "已上传的照片" in text
    assert Case.everything.count() == 0


def test_photos_of_a_refused_draft_come_along_when_it_is_sent_again(city, damaged):
    client = signed_in("chen")
    refused = send(client, damaged, lon="113.2", photos_before=photo())
    kept = refused.context["form"].kept_rows[0][0]

    client.post(
        ADDRESS, {"key": refused.context["form"]["key"].value(), "kept": kept} | told(damaged)
    )

    assert Case.everything.get().photos.get().role == "before"


def test_a_report_needs_a_place(city, damaged):
    answer = send(signed_in("chen"), damaged, lon="", lat="")

    assert "请填写位置" in str(answer.context["form"].errors["lon"])


def test_coordinates_of_another_datum_are_turned_to_ours(city, damaged):
    send(signed_in("chen"), damaged, crs="gcj02")

    case = Case.everything.get()
    assert abs(case.lon - 116.703) > 0.003


@pytest.mark.parametrize("post", [Post.CITY_ADMIN, Post.SECURITY_ADMIN, Post.AUDITOR])
def test_administrators_report_nothing(city, damaged, post):
    assert signed_in("admin", post=post).get(ADDRESS).status_code == 403


def test_two_characters_find_a_subcategory(city, damaged):
    answer = signed_in("chen").get("/cases/report/subcategories", {"words": "破损"})

    assert damaged.subcategory.key in answer.content.decode()


def test_the_export_is_the_list_as_filtered_without_people(city, public_problem, roads):
    case = actions.report(public_problem, act=act("report"))
    answer = signed_in("li").get("/cases/export.xlsx", {"stage": "reported"})

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.values)
    assert "待受理" in rows[0][0]
    assert rows[2][0] == case.number
    assert "陈大文" not in str(rows) and "13800138000" not in str(rows)
    assert Entry.objects.filter(verb="export").get().data["filters"] == {"stage": "reported"}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_text_becomes_a_formula(text):
    assert export.neutral(text) == f"'{text}"


def test_a_description_that_looks_like_a_formula_stays_text(city, problem):
    from dataclasses import replace

    actions.report(replace(problem, description="=HYPERLINK(1)"), act=act("report"))
    answer = signed_in("li").get("/cases/export.xlsx")

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet.cell(3, 7).value == "'=HYPERLINK(1)"
