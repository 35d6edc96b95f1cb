"""语句: a row made by hand is the row that the ORM would have made."""

import pytest

from changxiao.cases.models import Case
from changxiao.cases.models_calls import Call
from changxiao.kernel import statements
from changxiao.ledger.models import Entry


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
