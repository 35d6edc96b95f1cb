"""The report and the export: drafts survive a refusal, sheets hold no formula and no name."""

import io

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from changxiao.cases import actions, export
from changxiao.cases.models import Case
from changxiao.cases.tests.pages import forget_catalog, key_in, signed_in
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post
from tests.support.cast import act, at

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


def photo(colour="#884422"):
    file = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(file, "JPEG")
    return SimpleUploadedFile("pit.jpg", file.getvalue(), "image/jpeg")


def send(client, damaged, **more):
    key = key_in(client.get(ADDRESS))
    return client.post(ADDRESS, {"key": key} | told(damaged, **more))


def test_intake_reports_a_call_and_lands_on_its_case(city, damaged):
    answer = send(signed_in("chen"), damaged, photos_before=photo())

    case = Case.everything.get()
    assert answer["Location"] == f"/cases/{case.number}/reported/"
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

    assert "请填写位置" in str(answer.context["form"].errors["address"])


def test_coordinates_of_another_datum_are_turned_to_ours(city, damaged):
    send(signed_in("chen"), damaged, crs="gcj02")

    case = Case.everything.get()
    assert abs(case.lon - 116.703) > 0.003


@pytest.mark.parametrize("post", [Post.CITY_ADMIN, Post.SECURITY_ADMIN, Post.AUDITOR])
def test_administrators_report_nothing(city, damaged, post):
    assert signed_in("admin", post=post).get(ADDRESS).status_code == 403


def test_two_characters_find_a_criterion_with_what_it_costs(city, damaged):
    for words in ("破损", "路面", "测试", "9799", "ｅ９７９９"):
        (row,) = signed_in("chen").get("/cases/report/subjects", {"words": words}).context["rows"]
        assert row.criterion == damaged, words
    text = signed_in("chen").get("/cases/report/subjects", {"words": "破损"}).content.decode()
    assert 'data-set-subcategory="e9799" data-set-criterion="9799-1"' in text
    assert str(damaged.limit) in text


@pytest.mark.parametrize("words", ["", "破", "没有的", "破损 没有的", "x" * 5000, "\u202e"])
def test_other_words_find_no_criterion(city, damaged, words):
    answer = signed_in("chen").get("/cases/report/subjects", {"words": words})

    assert answer.status_code == 200
    assert 'role="option"' not in answer.content.decode()


def test_places_are_areas_grids_components_and_what_was_reported_before(city, public_problem):
    from dataclasses import replace

    from changxiao.cases.indexing import index_streams

    case = actions.report(replace(public_problem, address="金砂路12号"), act=act("report"))
    hidden = replace(public_problem, address="金砂路13800138000")
    index_streams([case.stream, actions.report(hidden, act=act("report")).stream])
    client = signed_in("chen")

    def kinds(words):
        rows = client.get("/cases/report/places", {"words": words}).context["rows"]
        return [(row.kind, row.name) for row in rows]

    assert kinds("东方")[0] == ("street", "东方街道")
    assert kinds("金砂路") == [("address", "金砂路12号")]
    assert kinds("金砂路１２")[0] == ("address", "金砂路12号")
    assert kinds(case.unit_grid_code) == [("unit_grid", case.unit_grid_code)]
    assert kinds("东") == kinds("没有的地方") == []


def test_an_address_beyond_ones_reach_is_no_candidate(city, public_problem):
    from dataclasses import replace

    from changxiao.cases.indexing import index_streams

    case = actions.report(replace(public_problem, address="金砂路12号"), act=act("report"))
    index_streams([case.stream])
    client = signed_in("chen", area="440507")

    assert client.get("/cases/report/places", {"words": "金砂路"}).context["rows"] == []


HERE = "/cases/report/here"
POINT = {"lon": "116.703", "lat": "23.365", "crs": "wgs84"}


def here(client, **told):
    return client.get(HERE, POINT | told).context["here"]


def test_the_side_says_whose_the_place_is_and_who_would_get_it(city, damaged, roads):
    from changxiao.catalog.models import Responsibility

    Responsibility.objects.create(
        subcategory=damaged.subcategory, unit=roads, since_date=at(1).date(), basis="三定方案"
    )
    told = here(signed_in("chen"), subcategory=damaged.subcategory.key)

    assert told.place.district == "金平区"
    assert [one.unit for one in told.proposals] == [roads]
    assert "三定方案" in told.proposals[0].reason
    assert not told.gap


def test_a_gap_shows_before_it_hurts_and_does_not_hinder(city, damaged):
    client = signed_in("chen")

    assert not here(client).gap  # nothing was asked yet
    assert here(client, subcategory=damaged.subcategory.key).gap
    assert "责任空白" in client.get(HERE, POINT | {"subcategory": "e9799"}).content.decode()
    assert send(client, damaged).status_code == 302


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"lon": "113.2"}, "不在汕头市范围内"),
        ({"lon": ""}, "一起填写"),
        ({"lon": "abc"}, "数"),
        ({"lon": "", "lat": "", "grid": "440511999999999"}, "没有代码为"),
        ({"lon": "", "lat": "", "component": "4405110101000001"}, "没有代码为"),
        ({"lon": "nan"}, "数"),
    ],
)
def test_the_side_answers_an_unreadable_place_in_words(city, damaged, told, words):
    assert words in here(signed_in("chen"), **told).refusal


def test_full_width_digits_are_read(city, damaged):
    client = signed_in("chen")
    told = {"lon": "１１６．７０３", "reporter_phone": "（０７５４）８８８８－１２３４"}

    assert here(client, lon=told["lon"]).place.district == "金平区"
    assert send(client, damaged, **told).status_code == 302
    case = Case.everything.get()
    assert case.lon == 116.703
    assert '"phone": "075488881234"' in actions.unmask(
        case, act=act("unmask", at(2, 10), note="回访")
    )


@pytest.mark.parametrize("post", [Post.CITY_ADMIN, Post.AUDITOR])
def test_who_reports_nothing_asks_nothing_here(city, damaged, post):
    assert signed_in("admin", post=post).get(HERE, POINT).status_code == 403


def test_the_number_is_read_out_and_the_next_report_begins(city, damaged):
    client = signed_in("chen")
    page = client.get(send(client, damaged)["Location"])
    case = Case.everything.get()

    assert page.context["parts"] == ("2026", "0302", "0001")
    assert f"/cases/{case.number}/" in page.content.decode()
    again = client.get(ADDRESS, {"channel": "hotline", "grid": case.unit_grid_code})
    assert again.context["form"]["grid"].value() == case.unit_grid_code
    assert signed_in("lin", area="440507").get(page.request["PATH_INFO"]).status_code == 404


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
