"""An administrator says what the public reads and what is asked besides; undone like any edit."""

import pytest

from changxiao.catalog import publicity, questions
from changxiao.catalog.models import PublicRule, Question
from changxiao.catalog.questions import answered
from changxiao.catalog.tests.browsing import (
    changes,
    confirmed,
    edit,
    opened,
    previewed,
    signed_in,
    undone,
)
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post

pytestmark = pytest.mark.django_db
RULES, ASKED = "/settings/catalog/public/", "/settings/catalog/questions/"


@pytest.fixture(autouse=True)
def _fresh():
    publicity.table.clear()
    questions.table.clear()


def test_a_rule_is_previewed_set_and_undone(rubbish):
    client = signed_in()
    assert "其他各类" in client.get(RULES).content.decode()
    address = f"{RULES}new/"
    told = {"subject": "e0110", "view": "live", "place": "hidden"}
    assert changes(previewed(client, address, opened(client, address), **told))
    assert not PublicRule.objects.exists()
    confirmed(client, address, opened(client, address), **told)
    assert publicity.of(rubbish.pk) == publicity.Publicity("live", "hidden")

    edit(client, f"{RULES}e0110/", view="none")
    n = Entry.objects.filter(stream="public_rule:e0110").count()
    undone(client, f"/settings/catalog/undo/public/e0110/?n={n}")
    assert PublicRule.objects.get().view == "live"
    assert client.get("/settings/catalog/history/public/e0110/").status_code == 200


def test_the_city_s_own_rule_and_a_category_s_may_go_again(rubbish):
    client = signed_in()
    edit(client, f"{RULES}*/", view="live")
    edit(client, f"{RULES}e01/", view="none")
    assert publicity.of(rubbish.pk).view == "none"
    edit(client, f"{RULES}e01/drop/")
    assert publicity.of(rubbish.pk).view == "live"


def test_a_question_is_set_asked_edited_and_dropped(rubbish):
    client = signed_in()
    assert "还没有附加问题" in client.get(ASKED).content.decode()
    told = {"subcategory": "e0110", "code": "smell", "label": "有没有异味"}
    told |= {"datatype": "singlevaluelist", "choices": "no:没有\nyes：有"}
    address = f"{ASKED}new/"
    confirmed(client, address, opened(client, address), **told)
    (row,) = questions.of(rubbish.pk)
    assert row.choices == [["no", "没有"], ["yes", "有"]]

    edit(client, f"{ASKED}e0110:smell/", label="有异味吗")
    assert Question.objects.get().label == "有异味吗"
    undone(client, "/settings/catalog/undo/question/e0110:smell/?n=2")
    assert Question.objects.get().label == "有没有异味"
    edit(client, f"{ASKED}e0110:smell/drop/")
    assert not questions.of(rubbish.pk)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"code": "Smell"}, "code"),
        ({"label": " "}, "label"),
        ({"datatype": "multivaluelist", "choices": ""}, "choices"),
        ({"datatype": "singlevaluelist", "choices": "a:1\na:2"}, "choices"),
        ({"datatype": "singlevaluelist", "choices": "nothing"}, "choices"),
    ],
)
def test_a_bad_question_is_refused_beside_its_field(rubbish, told, field):
    client = signed_in()
    address = f"{ASKED}new/"
    good = {"subcategory": "e0110", "code": "smell", "label": "异味", "datatype": "string"}
    shown = previewed(client, address, opened(client, address), **{**good, **told})
    assert shown.status_code == 422
    assert field in shown.context["form"].errors
    assert not Question.objects.exists()


@pytest.mark.parametrize("address", [RULES, ASKED, f"{RULES}new/", f"{ASKED}new/"])
def test_nobody_else_gets_in(rubbish, address):
    client = signed_in("li", Post.DISPATCHER, "李派遣")
    assert client.get(address).status_code == 403


KINDS = {
    "string": (["有"], "有"),
    "text": (["有\n味"], "有\n味"),
    "number": (["1.5"], "1.5"),
    "datetime": (["2026-03-02T09:00+08:00"], "2026-03-02T09:00+08:00"),
    "singlevaluelist": (["a"], "甲"),
    "multivaluelist": (["a", "b"], "甲、乙"),
}
BAD = {
    "string": [["a", "b"], ["长" * 1001]],
    "text": [["a\x00"]],
    "number": [["many"], ["NaN"], ["Infinity"]],
    "datetime": [["yesterday"]],
    "singlevaluelist": [["c"], ["a", "b"]],
    "multivaluelist": [["a", "c"]],
}


@pytest.mark.parametrize("kind", Question.DataType.values)
def test_an_answer_is_what_its_kind_takes(kind):
    listed = [["a", "甲"], ["b", "乙"]]
    row = Question(code="q", label="问", datatype=kind, required=True, choices=listed)
    given, words = KINDS[kind]
    (told,) = answered([row], {"q": given})
    assert (list(told.values), told.words) == (given, words)
    for values in [*BAD[kind], [], [" "]]:
        with pytest.raises(Refused) as no:
            answered([row], {"q": values})
        assert no.value.field == "q"
    with pytest.raises(Refused):
        answered([row], {"other": ["x"]})
