"""A resident reports without an account: once, from anywhere in the city, with any browser."""

import re
from dataclasses import replace

import pytest
from django.test import Client

from changxiao.cases import actions
from changxiao.cases.models import Case, CasePhoto, Channel
from changxiao.catalog.actions import set_control_area
from changxiao.catalog.actions.residents import ControlDraft
from changxiao.kernel.act import Act
from changxiao.kernel.day import today
from changxiao.ledger.media.models import Photo
from changxiao.ledger.models import Entry
from changxiao.surfaces.portal.tests.conftest import code_of, filled, released, send, to_dispatch
from tests.support.cast import act

pytestmark = pytest.mark.django_db
PUBLIC_PAGES = ("/p/", "/p/near/", "/p/c/", "/p/like?lon=116.703&lat=23.365", "/p/kinds?words=路面")


@pytest.mark.parametrize("page", PUBLIC_PAGES)
def test_each_page_opens_without_signing_in(phone, page):
    assert phone.get(page).status_code == 200


def test_three_taps_make_a_case_with_code_receipt_and_qr(phone, photo):
    answer = send(phone, photos_before=photo())
    case = Case.everything.get()
    told = (case.channel, case.subcategory.key, case.stage)
    assert told == (Channel.PUBLIC, "e9799", "reported")
    assert CasePhoto.objects.get(case=case).role == "before"

    code = code_of(answer)
    page = phone.get(answer["Location"]).content.decode()
    assert code in page and "data:image/svg+xml" in page and case.number in page
    kept = phone.get(f"/p/r/{code}/receipt.json")
    assert set(kept.json()) == {"act_key", "hash", "recorded_at", "origin", "sig"}
    assert kept.json()["hash"] == Entry.objects.get(stream=case.stream).hash


def test_neither_the_code_nor_the_forms_key_is_stored_anywhere(phone):
    form = filled(phone)
    code = code_of(phone.post("/p/", form)).replace("-", "")
    held = "".join(Entry.objects.values_list("body", flat=True))
    held += "".join(Entry.objects.values_list("act_key", flat=True))
    assert code not in held + Case.everything.get().follow
    assert form["key"] not in held


def test_a_second_tap_and_the_back_button_give_the_same_receipt(phone, photo):
    form = filled(phone)
    first = phone.post("/p/", form | {"photos_before": photo()})
    again = phone.post("/p/", form | {"photos_before": photo()})
    assert first["Location"] == again["Location"]
    assert Case.everything.count() == 1 and Photo.objects.count() == 1


def test_other_words_under_a_used_key_are_not_dropped_silently(phone):
    form = filled(phone)
    phone.post("/p/", form)
    answer = phone.post("/p/", form | {"description": "另一个坑"})
    assert answer.status_code == 422 and "另一个坑" in answer.content.decode()
    assert Case.everything.count() == 1


def test_a_city_without_questions_draws_none(phone):
    page = phone.get("/p/").content.decode()

    assert '<script id="asked-definitions" type="application/json">{}</script>' in page
    assert re.search(r"data-asked [^>]*hidden", page)


REFUSED = {
    "nothing told": ({"description": ""}, "请拍一张照片，或写一句"),
    "no place": ({"lon": None, "lat": None}, "请告诉我们在哪里"),
    "outside the city": ({"lon": "113.3", "lat": "23.1"}, "汕头"),
    "not a number": ({"lon": "nan"}, "输入"),
    "no such place": ({"lon": None, "lat": None, "address": "火星基地"}, "没有找到“火星基地”"),
    "several places": ({"lon": None, "lat": None, "address": "东方"}, "有几处"),
    "no kind": ({"kind": "", "description": "。"}, "请选一类最接近的"),
    "trap": ({"website": "http://buy.example"}, "没有通过自动检查"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_is_refused_says_why_and_keeps_the_words(phone, why):
    change, sentence = REFUSED[why]
    answer = send(phone, **change)
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page
    assert change.get("description", "门口路面有个大坑") in page
    assert not Case.everything.exists()


def test_a_refused_report_costs_nothing_and_its_challenge_still_holds(phone):
    form = filled(phone, lon=None, lat=None)
    for _attempt in range(12):
        assert phone.post("/p/", form).status_code == 422
    assert phone.post("/p/", form | {"lon": "116.703", "lat": "23.365"}).status_code == 302


def test_a_place_may_be_written_and_chosen_without_script(phone):
    answer = send(phone, lon=None, lat=None, address="金平区")
    case = Case.everything.get()
    assert answer.status_code == 302 and case.district_code == "440511"


def test_words_alone_name_a_kind(phone):
    send(phone, kind=None, description="这里道路破损很严重")
    assert Case.everything.get().subcategory.key == "e9799"


def test_positions_of_chinese_maps_are_converted(phone):
    send(phone, crs="gcj02")
    case = Case.everything.get()
    assert 0.003 < 116.703 - case.lon < 0.007


def test_a_shown_script_stays_text(phone):
    bad = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    code = code_of(send(phone, description=bad, address=bad))
    page = phone.get(f"/p/c/{code}/").content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page


# -- the same? -------------------------------------------------------------------------------------


@pytest.fixture
def known_hole(town, problem, roads):
    by = act("report", None, origin="")
    return to_dispatch(actions.report(problem, act=by), town, roads)


def test_only_what_was_released_is_shown_nearby(phone, known_hole):
    where = "/p/like?lon=116.7031&lat=23.3651"
    assert known_hole.number not in phone.get(where).content.decode()
    released(known_hole)
    page = phone.get(where).content.decode()
    assert known_hole.number in page and "路面有坑" in page and "是同一件吗" in page


def test_following_joins_and_gives_a_code_of_ones_own(phone, known_hole):
    released(known_hole)
    code = code_of(send(phone, into=known_hole.number))
    mine = Case.everything.latest("pk")
    assert (mine.stage, mine.duplicate_of) == ("joined", known_hole)
    assert "已合并" in phone.get(f"/p/c/{code}/").content.decode()


def test_what_is_not_public_cannot_be_joined(phone, known_hole):
    answer = send(phone, into=known_hole.number)
    assert answer.status_code == 422
    assert Case.everything.count() == 1


# -- abuse -----------------------------------------------------------------------------------------


def test_without_a_solved_challenge_reports_go_slowly(phone):
    answers = [send(phone, work=None).status_code for _n in range(3)]
    assert answers == [302, 302, 429]
    assert Case.everything.count() == 2


def test_an_address_reports_so_often_and_no_more(phone):
    answers = [send(phone).status_code for _n in range(6)]
    assert answers == [302] * 5 + [429]


def test_a_device_is_counted_though_its_address_changes(phone):
    answers = []
    phone.get("/p/")
    for n in range(20):
        phone.defaults["REMOTE_ADDR"] = f"192.0.2.{100 + n}"
        answers.append(send(phone).status_code)
    phone.defaults["REMOTE_ADDR"] = "192.0.2.200"
    assert answers == [302] * 20 and send(phone).status_code == 429


def test_a_solution_opens_one_report(phone):
    form = filled(phone)
    phone.post("/p/", form)
    for _slow in range(2):
        phone.post("/p/", form | {"key": filled(phone)["key"]})
    assert phone.post("/p/", form | {"key": filled(phone)["key"]}).status_code == 429


@pytest.mark.parametrize("work", ["1.2", "9999999999-0-word~forged.7", "." * 300, "٣"])
def test_a_made_up_challenge_is_none(phone, work):
    answers = [send(phone, work=work).status_code for _n in range(3)]
    assert answers == [302, 302, 429]


def test_a_picture_of_another_device_is_not_taken_by_its_hash(phone, photo):
    send(phone, photos_before=photo())
    theirs = Photo.objects.get()
    other = Client(HTTP_ACCEPT_LANGUAGE="zh-hans", REMOTE_ADDR="192.0.2.9")
    send(other, kept=f"before:{theirs.sha256}")
    assert not CasePhoto.objects.filter(case=Case.everything.latest("pk")).exists()


def test_in_a_control_area_the_sentence_says_where_to_go(phone):
    draft = ControlDraft(
        first=today(), last=None, area_code="440511", sentence="请找项目部 88000000"
    )
    set_control_area("迎宾路施工", draft, act=Act.system("test"))
    answer = send(phone)
    assert answer.status_code == 422 and "请找项目部 88000000" in answer.content.decode()
    assert not Case.everything.exists()


def test_the_nearest_of_the_same_kind_is_offered_first(phone, town, problem, roads):
    for lon in (116.7042, 116.7034, 116.7031):
        by = act("report", None, origin="")
        case = to_dispatch(actions.report(replace(problem, lon=lon), act=by), town, roads)
        released(case, f"在{lon}")
    page = phone.get("/p/like?lon=116.703&lat=23.365&kind=e9799").content.decode()
    assert page.index("在116.7031") < page.index("在116.7034") < page.index("在116.7042")
