"""Small and plain: files up to 400 lines, functions up to 40, few parameters."""

import ast

from tests.house.source import functions, modules, short, tree

FILE_LINES = 400
FUNCTION_LINES = 40
PARAMETERS = 10  # five positional at most (ruff); named ones read well up to ten in all


def long_functions(module: ast.Module) -> list[str]:
    return [
        node.name
        for node in functions(module)
        if node.end_lineno - (node.body[0].lineno - 1) > FUNCTION_LINES
    ]


def crowded_functions(module: ast.Module) -> list[str]:
    return [node.name for node in functions(module) if len(parameters(node)) > PARAMETERS]


def parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    asked = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return [argument.arg for argument in asked if argument.arg not in {"self", "cls"}]


def test_no_file_is_longer_than_it_can_be_read():
    long = {short(p): n for p in modules() if (n := len(p.read_text().splitlines())) > FILE_LINES}

    assert not long, long


def test_no_function_is_longer_than_a_screen():
    long = {short(path): names for path in modules() if (names := long_functions(tree(path)))}

    assert not long, long


def test_no_function_asks_for_too_much():
    found = {short(path): names for path in modules() if (names := crowded_functions(tree(path)))}

    assert not found, found


def test_the_checks_find_a_bad_example_and_leave_a_good_one():
    good = ast.parse("def short(a, *, b):\n    return a + b\n")
    bad = ast.parse(
        "def long():\n" + "    x = 1\n" * 41 + "def many(a,b,c,d,e,f,g,h,i,j,k): pass\n"
    )

    assert not long_functions(good) and not crowded_functions(good)
    assert long_functions(bad) == ["long"]
    assert crowded_functions(bad) == ["many"]
