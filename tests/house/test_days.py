"""A day is a day in the city: nobody asks Django's or the server's zone which day it is."""

import ast

from tests.house.source import modules, nodes, short, tree

FORBIDDEN = {"timezone.localdate", "settings.TIME_ZONE", "date.today"}
# Words on a page are told by the clock that the page was drawn with (surfaces.desk.middleware).
MAY = {"changxiao/ui/moments.py"}


def other_days(module: ast.Module) -> list[str]:
    """Names that answer for a day and are not `kernel.day`."""
    last = {name.rpartition(".")[2] for name in FORBIDDEN}
    found = (node for node in nodes(module) if isinstance(node, ast.Attribute))
    return sorted(FORBIDDEN & {ast.unparse(node) for node in found if node.attr in last})


def test_every_room_asks_the_city_which_day_it_is():
    found = {
        short(path): names
        for path in modules()
        if short(path) not in MAY and (names := other_days(tree(path)))
    }

    assert not found, found


def test_the_check_finds_a_bad_example_and_leaves_a_good_one():
    assert other_days(ast.parse("day = timezone.localdate(at)")) == ["timezone.localdate"]
    assert not other_days(ast.parse("day = local_date(timezone.now())"))
