"""Behind the code: where it stands, until when, the answer, and the word after closing."""

import re
import uuid

import pytest
from django.test import Client

from changxiao.cases import actions
from changxiao.cases.models import Case, CasePhoto
from changxiao.surfaces.portal.tests.conftest import (
    code_of,
    live,
    released,
    send,
    to_close,
    to_dispatch,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(phone, photo):
    """A code and its case."""
    code = code_of(send(phone, photos_before=photo()))
    return code, Case.everything.get()


def page_of(phone, code):
    answer = phone.get(f"/p/c/{code}/")
    assert answer.status_code == 200
    return answer.content.decode()


def say(phone, code, **told):
    return phone.post(f"/p/c/{code}/", {"key": str(uuid.uuid4())} | told)


def test_progress_is_told_in_plain_words_with_the_deadline(phone, sent, town, roads):
    code, case = sent
    assert "已经收到" in page_of(phone, code)
    to_dispatch(case, town, roads)
    page = page_of(phone, code)
    assert "负责的单位正在处理" in page
    assert re.search(r"应于 \d+月\d+日 \d\d:\d\d 前处理", page)


def test_neither_names_nor_internal_remarks_are_told(phone, sent, town, roads):
    code, case = sent
    to_close(case, town, roads)
    page = page_of(phone, code)
    assert "坑已补平" in page
    for inner in ("老王", "内部备注", "wang", "zhao", "王监督"):
        assert inner not in page


@pytest.mark.parametrize("write", [str.lower, lambda c: c.replace("-", " "), lambda c: f"　{c}　"])
def test_a_code_is_found_however_it_is_typed(phone, sent, write):
    code, _case = sent
    answer = phone.post("/p/c/", {"code": write(code)})
    assert answer["Location"] == f"/p/c/{code}/"


def test_a_wrong_code_says_what_is_wrong_and_guessing_ends(phone, sent):
    code, _case = sent
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    for _guess in range(11):
        assert phone.post("/p/c/", {"code": wrong}).status_code == 422
    assert phone.post("/p/c/", {"code": code}).status_code == 429
    elsewhere = Client(REMOTE_ADDR="192.0.2.99")
    assert elsewhere.get(f"/p/c/{code}/").status_code == 200


@pytest.mark.parametrize("where", ["/p/c/{}/", "/p/r/{}/", "/p/r/{}/receipt.json"])
def test_what_is_behind_a_code_is_kept_by_no_cache(phone, sent, where):
    answer = phone.get(where.format(sent[0]))
    assert answer["Cache-Control"] == "no-store, private"
    assert "noindex" in answer["X-Robots-Tag"]
    assert phone.get(where.format("0000-0000-0000-0000"[:-1] + "1")).status_code == 404


def test_only_ones_own_photos_are_shown(phone, sent):
    code, case = sent
    row = CasePhoto.objects.get(case=case)
    assert f"/p/c/{code}/photo/{row.photo.rendition_sha256}.jpg" in page_of(phone, code)
    picture = phone.get(f"/p/c/{code}/photo/{row.photo.rendition_sha256}.jpg?size=thumb")
    assert b"".join(picture.streaming_content)[:3] == b"\xff\xd8\xff"
    assert phone.get(f"/p/c/{code}/photo/{'0' * 64}.jpg").status_code == 404


def test_a_yes_is_thanked_and_asked_no_more(phone, sent, town, roads):
    code, case = sent
    assert "真的解决了吗" not in page_of(phone, code)
    to_close(case, town, roads)
    assert "真的解决了吗" in page_of(phone, code)
    assert say(phone, code, fixed="yes").status_code == 302
    page = page_of(phone, code)
    assert "真的解决了吗" not in page and "您说已经解决" in page
    assert Case.everything.get().satisfaction == "satisfied"


def test_a_no_goes_to_the_shift_leader_with_reason_and_photo(phone, sent, town, roads, photo):
    code, case = sent
    to_close(case, town, roads)
    answer = say(
        phone, code, fixed="no", reason="坑还在，更大了", photos_document=photo("again.png")
    )
    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.stage, case.satisfaction) == ("verified", "unsatisfied")
    assert CasePhoto.objects.filter(case=case, role="document").exists()
    assert "值班长正在复查" in page_of(phone, code)


def test_a_no_without_a_reason_changes_nothing(phone, sent, town, roads):
    code, case = sent
    to_close(case, town, roads)
    answer = say(phone, code, fixed="no", reason=" ")
    assert answer.status_code == 422 and "请填写没有解决的情况" in answer.content.decode()
    case.refresh_from_db()
    assert case.stage == "closed"


def test_the_same_no_sent_twice_is_one(phone, sent, town, roads):
    code, case = sent
    to_close(case, town, roads)
    told = {"fixed": "no", "reason": "坑还在", "key": str(uuid.uuid4())}
    assert [phone.post(f"/p/c/{code}/", told).status_code for _n in range(2)] == [302, 302]
    case.refresh_from_db()
    assert case.contest_count == 1


def test_who_joined_may_say_no_for_the_one_that_leads(phone, sent, town, roads):
    _code, case = sent
    lead = released(to_dispatch(case, town, roads))
    code = code_of(send(phone, into=lead.number))
    lead.refresh_from_db()
    lead = actions.feed_back(lead, act=live("feed_back", note="已修补"))
    lead = actions.verify(lead, act=live("verify"))
    actions.close(lead, answer="补好了", act=live("close"))
    assert "补好了" in page_of(phone, code)
    say(phone, code, fixed="no", reason="没有补")
    lead.refresh_from_db()
    assert lead.stage == "verified"
