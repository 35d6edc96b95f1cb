"""ORM leaks (reliability.md A-14b): no parameter of a list reaches a column by its path.

Names are made from the model graph, three relations deep; each is refused or moves nothing.
"""

import random
from collections.abc import Iterator

import pytest

from changxiao.cases.listing import FILTERS
from changxiao.cases.models import Case
from tests.isolation.conftest import CASES

LOOKUPS = ("exact", "startswith", "regex", "gt", "in", "isnull")
VALUES = {"regex": ".*", "isnull": "0", "in": "1,2"}
COUNT = 300
# The ways in which other products let a client order, search or pick columns.
USUAL = ("ordering", "order_by", "sort", "fields", "search", "filter", "expand", "format", "page")
USUAL += ("id", "pk", "reporter", "description", "handled_by", "Q", "_connector", "_negated")


def paths(model=Case, depth=3, before="") -> Iterator[str]:
    """Each column that can be reached from a case, as the ORM would name it."""
    for field in model._meta.get_fields():
        yield before + field.name
        if depth > 1 and field.is_relation and field.related_model:
            yield from paths(field.related_model, depth - 1, f"{before}{field.name}__")


def parameters() -> list[tuple[str, str]]:
    chosen = random.Random(20260302)
    known = sorted({path for path in paths() if path not in FILTERS})
    made = [
        (f"{path}__{lookup}", VALUES.get(lookup, "1"))
        for path in chosen.sample(known, min(COUNT, len(known)))
        for lookup in [chosen.choice(LOOKUPS)]
    ]
    return made + [(name, "1") for name in USUAL]


def test_the_graph_is_deep_enough_to_mean_something():
    made = {name for name, _value in parameters()}
    assert len(made) > COUNT
    assert any(name.count("__") >= 3 for name in made)


def test_no_parameter_outside_the_allow_list_is_taken(api, world):
    taken = []
    for name, value in parameters():
        answer = api("intake", "GET", f"{CASES}?{name}={value}")
        if answer.status_code != 400 or answer.json()["code"] != "parameter_unknown":
            taken.append((name, answer.status_code))
    assert taken == []


@pytest.mark.parametrize("path", ["/cases/", "/components/", "/units/", "/catalog/", "/areas/"])
def test_pages_refuse_such_a_parameter_or_say_the_same_without(desk, world, path):
    rows = desk("intake", "GET", path).content.count(b"<tr")
    for name, value in parameters()[::20]:
        page = desk("intake", "GET", f"{path}?{name}={value}")
        assert page.status_code in {200, 400}, name
        if page.status_code == 200:
            assert page.content.count(b"<tr") == rows, name


def test_an_export_with_such_a_parameter_gives_nothing_out(desk, world):
    for name, value in parameters()[::40]:
        answer = desk("intake", "GET", f"/cases/export.xlsx?{name}={value}")
        assert answer.status_code == 302, name
