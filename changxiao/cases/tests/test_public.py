"""What a stranger reads of a case: released by a person, allowed by the rule of its kind."""

import pytest

from changxiao.cases import actions, public, replay
from changxiao.cases.models_public import Publication
from changxiao.catalog import publicity
from changxiao.catalog.actions import set_public_rule
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry, PrivateValue
from changxiao.orgs.posts import Post
from tests.support.cast import act, at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh():
    publicity.table.clear()


LATER = at(2, 13)


def release(case, text="路面有坑", when=LATER, **more):
    by = act("publish", when, by="chen", post=Post.INTAKE)
    return actions.publish(case, text=text, act=by, **more)


def seen():
    return [public.told(row) for row in public.public_cases()]


def test_a_published_case_is_read_in_the_released_words(closed):
    release(closed, "路面有坑")
    (told,) = seen()
    assert (told.number, told.text, told.unit) == (closed.number, "路面有坑", "市政道路处")
    assert "路面有坑" not in Entry.objects.get(verb="publish").body
    assert PrivateValue.objects.filter(value__contains="路面有坑").exists()
    assert list(replay.check()) == []


def test_publishing_again_corrects_the_words_and_withdrawing_ends_it(closed):
    case = release(closed)
    with pytest.raises(Refused, match="这样的文字"):
        release(case)
    case = release(case, "路口有坑", at(2, 14))
    assert [told.text for told in seen()] == ["路口有坑"]

    case = actions.withdraw(case, act=act("withdraw", at(2, 15), by="chen", post=Post.INTAKE))
    assert seen() == []
    with pytest.raises(Refused, match="没有公开"):
        actions.withdraw(case, act=act("withdraw", at(2, 16), by="chen", post=Post.INTAKE))


@pytest.mark.parametrize("text", ["电话13800138000", "证件440511199001011234", "138****8000"])
def test_words_that_hold_a_number_of_a_person_are_refused(closed, text):
    with pytest.raises(Refused) as no:
        release(closed, text)
    assert no.value.code == "text_personal"
    with pytest.raises(Refused):
        release(closed, "有坑", address=text)
    assert not Publication.objects.exists()
    assert not Entry.objects.filter(verb="publish").exists()


def test_a_kind_that_is_not_public_is_not_published(closed, damaged):
    rule = {"view": "none", "place": "hidden"}
    set_public_rule(damaged.subcategory, **rule, act=Act.system("test"))
    with pytest.raises(Refused) as no:
        release(closed)
    assert no.value.code == "kind_private"
    assert not Publication.objects.exists()


def test_what_is_not_accepted_yet_is_not_published(reported):
    with pytest.raises(Refused) as no:
        release(reported)
    assert no.value.code == "not_now"


def test_the_nearest_rule_decides(damaged):
    kind = damaged.subcategory
    levels = [None, kind.category, kind]
    held = []
    for subject, view in zip(levels, ["none", "live", "closed"], strict=True):
        set_public_rule(subject, view=view, place="exact", act=Act.system("test"))
        held.append(publicity.of(kind.pk).view)
    assert held == ["none", "live", "closed"]
    assert publicity.of(10**6) == publicity.UNKNOWN


def test_an_addition_from_outside_is_told_on_the_case_and_sealed_in_the_log(dispatched):
    from changxiao.cases import story
    from changxiao.kernel import scope

    case = actions.supplement(
        dispatched, text="打13800138000找我", act=Act.system("open311", "hear-0001")
    )
    assert "13800138000" not in Entry.objects.get(verb="supplement").body
    line = story.story(case, scope.current())[-1]
    assert line.facts[0][1] == "打13800138000找我"
    handler = scope.Viewer("staff", "zhao", (scope.Grant(Post.HANDLER, unit="9001."),))
    assert "13800138000" not in str(story.story(case, handler)[-1].facts)
