"""Search of cases: what is found by which words, by whom, and how soon."""

from dataclasses import replace

import pytest
from django.db import connection

from changxiao.cases import actions, indexing, jobs, search
from changxiao.cases.models import Case
from changxiao.kernel import scope
from changxiao.kernel.scope import Grant, Viewer
from changxiao.ledger import consumers, sequencer
from changxiao.ledger.consumers import Consumer
from changxiao.ledger.models import Cursor
from changxiao.orgs.posts import Post
from tests.support.cast import act, at

HEARD = Consumer(indexing.CONSUMER, frozenset(), "changxiao.cases.jobs.index_cases", many=True)


def caught_up():
    sequencer.run_batch()
    consumers.deliver([HEARD], at())


@pytest.fixture
def case(public_problem, damaged, roads):
    told = replace(
        public_problem,
        description="东厦路口井盖丢失，请回电13912345678或１３９ ８８８８-７７７７",
        address="金砂路１２号 😀",
        external="WX-77",
    )
    case = actions.report(told, act=act("report"))
    case = actions.ask_to_confirm(case, act=act("ask_to_confirm", note="请看榕树旁边"))
    case = actions.confirm(case, act=act("confirm"))
    case = actions.accept(case, act=act("accept"))
    case = actions.file(case, criterion=damaged, act=act("file"))
    case = actions.dispatch(case, to=roads, act=act("dispatch"))
    caught_up()
    return case


FOUND = (
    *("井盖", "丢失", "东厦路口", "东厦 井盖", "金砂路12号", "金砂路１２号", "榕树", "榕"),
    *(
        "道路破损",
        "测试大类",
        "市政道路处",
        "金平区",
        "20260302",
        "0001",
        "03020001",
        "WX-77",
        "wx",
    ),
)
NOT_FOUND = ("路灯", "井盖 路灯", "口东", "陈大文", "13800138000", "wang", "")
NOT_FOUND += ("13912345678", "139", "5678", "13988887777", "8888", "7777")


@pytest.mark.parametrize("words", FOUND)
def test_two_characters_of_anything_on_the_case_find_it(case, words):
    assert search.found(words, 20) == [case]


@pytest.mark.parametrize("words", NOT_FOUND)
def test_other_words_and_every_trace_of_a_person_find_nothing(case, words):
    assert search.found(words, 20) == []


def test_grids_and_codes_find_the_case_in_full(case):
    for code in (case.number, case.code, case.unit_grid_code, case.duty_grid_code):
        assert search.found(code, 20) == [case], code
    assert search.by_number(case.code) == search.by_number(f" {case.number}") == case
    assert search.by_number(case.number[:-1]) is None


VIEWERS = {
    "own district": (Grant(Post.INTAKE, area="440511"), True),
    "own community": (Grant(Post.COLLECTOR, area="community"), True),
    "own duty grid": (Grant(Post.COLLECTOR, area="duty"), True),
    "own street, cut short": (Grant(Post.COLLECTOR, area="44051"), True),
    "whole city": (Grant(Post.LEADER), True),
    "own unit": (Grant(Post.HANDLER, unit="9001."), True),
    "another district": (Grant(Post.INTAKE, area="440507"), False),
    "another unit": (Grant(Post.HANDLER, unit="9002."), False),
    "no unit": (Grant(Post.HANDLER), False),
    "administrator": (Grant(Post.CITY_ADMIN), False),
}


@pytest.mark.parametrize("who", VIEWERS)
def test_a_viewer_finds_what_he_may_see_and_nothing_else(case, who):
    grant, sees = VIEWERS[who]
    area = {"community": case.community_code, "duty": case.duty_grid_code}
    viewer = Viewer("staff", "x", (replace(grant, area=area.get(grant.area, grant.area)),))

    with scope.viewing(viewer):
        assert search.found("井盖", 20) == ([case] if sees else [])
        assert search.by_number(case.number) == (case if sees else None)


def test_a_mark_alone_opens_nothing(case, monkeypatch):
    monkeypatch.setattr(search, "_marks", lambda viewer: None)
    with scope.viewing(Viewer("staff", "x", (Grant(Post.INTAKE, area="440507"),))):
        assert search.found("井盖", 20) == []


def test_search_follows_each_step_and_needs_no_answer_twice(case):
    case = actions.feed_back(case, act=act("feed_back", note="换成了球墨铸铁"))
    assert search.found("球墨铸铁", 20) == []

    caught_up()

    assert search.found("球墨铸铁", 20) == [case]
    assert consumers.lag(HEARD) == 0
    before = indexing.INDEX.count()
    jobs.index_cases(list(case.entries))()
    assert indexing.INDEX.count() == before == 1


def test_a_rebuild_from_the_rows_finds_the_same(case):
    indexing.INDEX.clear()
    assert search.found("井盖", 20) == []

    assert list(indexing.rebuild()) == [1]

    for words in FOUND:
        assert search.found(words, 20) == [case], words


def test_the_newest_come_first_and_only_so_many(public_problem):
    told = replace(public_problem, description="暴露垃圾")
    made = [actions.report(told, act=act("report", at(2, 9, n))) for n in range(5)]
    caught_up()

    assert search.found("暴露垃圾", 3) == made[::-1][:3]


def test_a_poisoned_case_holds_back_no_other(public_problem, monkeypatch):
    """One entry that cannot be indexed is set aside; the batch around it is found."""
    told = replace(public_problem, description="暴露垃圾")
    bad, good = (actions.report(told, act=act("report", at(2, 9, n))) for n in range(2))
    real = indexing.document

    def document(case, notes):
        if case.pk == bad.pk:
            raise ValueError("poison")
        return real(case, notes)

    monkeypatch.setattr(indexing, "document", document)
    sequencer.run_batch()
    for hours in range(1, 12):
        consumers.deliver([HEARD], at(2, 9 + hours))

    assert search.found("暴露垃圾", 3) == [good]
    assert Cursor.objects.get(consumer=HEARD.name).position == 2


def test_a_report_writes_no_word_itself(public_problem):
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        actions.report(public_problem, act=act("report"))

    assert not [one for one in asked.captured_queries if "cases_words" in one["sql"]]
    assert Case.everything.count() == 1
