"""语句: a row made by hand is the row that the ORM would have made."""

import pytest

from changxiao.cases import access
from changxiao.cases import actions as cases
from changxiao.cases.models import Case
from changxiao.cases.models_calls import Call
from changxiao.kernel import scope, statements
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post
from tests.support.cast import act


@pytest.mark.parametrize("model", [Case, Call, Entry])
def test_a_new_row_holds_the_defaults_of_the_model(model):
    made, told = statements.new(model), model()

    assert {f.attname: getattr(made, f.attname) for f in model._meta.concrete_fields} == {
        f.attname: getattr(told, f.attname) for f in model._meta.concrete_fields
    }
    assert made._state.adding


def test_two_new_rows_share_no_list():
    statements.new(Case).clocks.append({})

    assert statements.new(Case).clocks == []


def test_a_name_that_is_no_field_is_refused():
    with pytest.raises(TypeError, match="nmuber"):
        statements.new(Case, nmuber="1")


def columns(row):
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}


def test_a_row_found_is_the_row_of_the_orm_with_its_relations(
    dispatched, roads, django_assert_num_queries
):
    rows = Case.objects.filter(number=dispatched.number)
    told = rows.select_related(*access.SHOWN).get()

    with django_assert_num_queries(1):
        found = statements.found(rows, *access.SHOWN)
        assert columns(found.unit) == columns(roads)
        assert columns(found.head) == columns(told.head)
        assert columns(found.lead_unit) == columns(roads)
        assert not hasattr(found, "publication")
    assert columns(found) == columns(told)
    assert (found._state.adding, found._state.db) == (False, "default")


def test_no_row_and_two_rows_are_said_as_the_orm_says_it(reported, problem):
    cases.report(problem, act=act("report"))

    for none in (Case.objects.filter(number="209901010001"), Case.objects.filter(pk__in=[])):
        with pytest.raises(Case.DoesNotExist):
            statements.found(none, *access.SHOWN)
    with pytest.raises(Case.MultipleObjectsReturned):
        statements.found(Case.objects.all(), *access.SHOWN)


def test_who_may_not_see_a_row_finds_none(reported):
    here = scope.Viewer("staff", "zhu", (scope.Grant(Post.INTAKE, reported.community_code),))
    elsewhere = scope.Viewer("staff", "zhu", (scope.Grant(Post.INTAKE, "440507"),))

    with scope.viewing(here):
        assert statements.found(Case.objects.filter(number=reported.number)) == reported
    with scope.viewing(elsewhere), pytest.raises(Case.DoesNotExist):
        statements.found(Case.objects.filter(number=reported.number))
