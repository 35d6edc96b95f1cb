"""What keeps the suite cheap, asked without a clock: a server and a browser are for stories."""

import ast

from tests.house.source import HOUSE, modules, nodes, short, tree

DEAR = {"running_server", "running_city", "browser"}
MAY = ("tests/stories/", "tests/support/", "tests/test_support.py")


def dear(module: ast.Module) -> list[str]:
    """Fixtures asked for that start a server or a browser; one of the same name is another."""
    functions = [node for node in nodes(module) if isinstance(node, ast.FunctionDef)]
    own = {node.name for node in functions}
    asked = {
        argument.arg for node in functions if _is_pytest_s(node) for argument in node.args.args
    }
    return sorted((asked & DEAR) - own)


def _is_pytest_s(node: ast.FunctionDef) -> bool:
    marks = " ".join(ast.unparse(mark) for mark in node.decorator_list)
    return node.name.startswith("test_") or "pytest.fixture" in marks


def test_only_stories_start_a_server_or_a_browser():
    tests = [path for path in modules(tests=True) if "tests" in path.parts[len(HOUSE.parts) :]]
    tests += sorted((HOUSE / "tests").rglob("*.py"))
    found = {
        short(path): names
        for path in tests
        if not short(path).startswith(MAY) and (names := dear(tree(path)))
    }

    assert not found, f"the test client asks the same views for a hundredth of the price: {found}"


def test_the_check_finds_a_bad_example_and_leaves_a_good_one():
    bad = ast.parse("def test_it(running_server, browser): pass")
    own = ast.parse("@pytest.fixture\ndef browser(db): pass\ndef test_it(browser): pass")

    assert dear(bad) == ["browser", "running_server"]
    assert dear(own) == []
    assert dear(ast.parse("def draw(browser): pass")) == []
