"""What residents are told, and where they cannot report: set, previewed, undone like any edit."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changxiao.catalog import residents
from changxiao.catalog.actions import set_control_area
from changxiao.catalog.actions.residents import ControlDraft
from changxiao.catalog.models import AnswerTemplate, ControlArea
from changxiao.catalog.tests.browsing import (
    changes,
    confirmed,
    edit,
    opened,
    previewed,
    signed_in,
    undone,
)
from changxiao.kernel.act import Act
from changxiao.kernel.day import today
from changxiao.ledger.models import Entry

pytestmark = pytest.mark.django_db
ANSWERS, CONTROL = "/settings/catalog/answers/", "/settings/catalog/control/"


@pytest.fixture(autouse=True)
def _fresh():
    residents.table.clear()


def test_a_template_is_previewed_with_a_sample_set_and_undone(rubbish):
    client = signed_in()
    assert "还没有本市的答复模板" in client.get(ANSWERS).content.decode()
    address = f"{ANSWERS}new/"
    told = {"subject": "e0110", "result": "restored", "text": "{地点}的{类别}已清理。"}
    shown = previewed(client, address, opened(client, address), **told)
    assert changes(shown) and "例如：金砂东路12号的道路破损已清理。" in shown.content.decode()
    assert not AnswerTemplate.objects.exists()
    confirmed(client, address, opened(client, address), **told)
    assert residents.template(rubbish, "restored") == told["text"]

    edit(client, f"{ANSWERS}e0110:restored/", text="已清理。")
    n = Entry.objects.filter(stream="answer_template:e0110:restored").count()
    undone(client, f"/settings/catalog/undo/answer/e0110:restored/?n={n}")
    assert AnswerTemplate.objects.get().text == told["text"]
    assert client.get("/settings/catalog/history/answer/e0110:restored/").status_code == 200
    edit(client, f"{ANSWERS}e0110:restored/drop/")
    assert residents.template(rubbish, "restored") == ""


def test_the_nearest_template_decides(rubbish):
    for subject in ("*", "e01", "e0110"):
        AnswerTemplate.objects.create(subject=subject, result="declined", text=subject)
    for nearest in ("e0110", "e01", "*"):
        residents.table.clear()
        assert residents.template(rubbish, "declined") == nearest
        AnswerTemplate.objects.get(subject=nearest).delete()


def test_a_blank_that_no_case_fills_is_refused_with_those_that_are(rubbish):
    client = signed_in()
    address = f"{ANSWERS}new/"
    told = {"subject": "*", "result": "restored", "text": "{电话}已清理"}
    page = previewed(client, address, opened(client, address), **told).content.decode()
    assert "“{电话}”没有可填的内容" in page
    assert not AnswerTemplate.objects.exists()


@given(
    st.text(max_size=60), st.dictionaries(st.sampled_from(residents.BLANKS), st.text(max_size=9))
)
def test_what_a_case_says_is_never_read_as_a_blank(around, words):
    text = around.replace("{", "").replace("}", "")
    held = residents.filled(text + "{地点}", words | {"地点": "{单位}"})
    assert held == text + "{单位}"


def test_a_control_area_is_set_holds_and_ends(rubbish):
    client = signed_in()
    assert "没有管控区" in client.get(CONTROL).content.decode()
    address = f"{CONTROL}new/"
    day = today()
    told = {"name": "迎宾路施工", "first": day.isoformat(), "last": "", "area": ""}
    told |= {"keys": "e01", "sentence": "这里在施工，请联系项目部 0754-88000000。"}
    confirmed(client, address, opened(client, address), **told)
    assert residents.control(rubbish, "440511001001", day).name == "迎宾路施工"
    assert residents.control(rubbish, "440511001001", day - timedelta(days=1)) is None

    edit(client, f"{CONTROL}迎宾路施工/", sentence="请打 12345")
    assert residents.control(rubbish, "440511001001", day).sentence == "请打 12345"
    undone(client, "/settings/catalog/undo/control/迎宾路施工/?n=2")
    assert ControlArea.objects.get().sentence == told["sentence"]
    edit(client, f"{CONTROL}迎宾路施工/drop/")
    assert residents.control(rubbish, "440511001001", day) is None


def test_a_control_area_holds_below_its_code_and_until_its_last_day(rubbish):
    day = today()
    draft = ControlDraft(first=day, last=day, sentence="请打 12345", area_code="440511")
    set_control_area("一天", draft, act=Act.system("test"))
    told = [residents.control(rubbish, code, day) for code in ("440511001001", "440507001001")]
    assert [bool(one) for one in told] == [True, False]
    assert residents.control(rubbish, "440511001001", day + timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"last": "2020-01-01"}, "早于开始日期"),
        ({"keys": "e9999"}, "e9999"),
        ({"sentence": " "}, ""),
    ],
)
def test_a_control_area_that_makes_no_sense_is_refused(rubbish, change, said):
    client = signed_in()
    address = f"{CONTROL}new/"
    told = {
        "name": "甲",
        "first": "2026-03-02",
        "last": "",
        "sentence": "请打 12345",
    }
    page = previewed(client, address, opened(client, address), **(told | change))
    assert page.status_code == 422 and said in page.content.decode()
    assert not ControlArea.objects.exists()
