"""Only importer, samples and sweeps may say when something legally happened: `Act(at=...)`."""

import ast

from tests.house.source import modules, nodes, short, tree

MAY_DATE = (
    "cases/samples/",
    "/samples.py",
    "/jobs.py",
    "changxiao/cli/imports",
    "changxiao/cases/importing",
    "changxiao/kernel/act",
    "changxiao/bench/load",  # a bench home's own history
)


def dated_acts(module: ast.Module) -> list[int]:
    """Lines that make an Act with a legal time of their own."""
    found = []
    for node in nodes(module):
        if not isinstance(node, ast.Call) or not _is_dated(node):
            continue
        name = ast.unparse(node.func)
        if name == "Act" or name.endswith((".Act", "Act.system")):
            found.append(node.lineno)
    return found


def _is_dated(call: ast.Call) -> bool:
    return any(word.arg == "at" and not _is_none(word.value) for word in call.keywords)


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def test_only_importer_and_samples_date_an_act():
    found = {
        short(path): lines
        for path in modules()
        if not any(part in short(path) for part in MAY_DATE) and (lines := dated_acts(tree(path)))
    }

    assert not found, found


def test_the_check_finds_a_bad_example_and_leaves_a_good_one():
    assert not dated_acts(ast.parse("Act(actor='li', post='', key=key, at=None)"))
    assert dated_acts(ast.parse("act.Act(actor='li', at=yesterday)")) == [1]
