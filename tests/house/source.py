"""The sources that the house rules are about, read once."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
PACKAGE = HOUSE / "changxiao"
NOT_OURS = {"migrations", "vendor", "__pycache__"}


@cache
def modules(*, tests: bool = False) -> tuple[Path, ...]:
    """Every module of the product; tests only when asked for."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = set(path.relative_to(PACKAGE).parts)
        if not parts & NOT_OURS and (tests or "tests" not in parts):
            found.append(path)
    return tuple(found)


@cache
def templates() -> tuple[Path, ...]:
    """Every template of ours."""
    return tuple(sorted(PACKAGE.rglob("templates/**/*.html")))


@cache
def tracked() -> tuple[Path, ...]:
    """Every file in the history's tip; without git, every file that is not built."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=HOUSE, capture_output=True, check=False)
    names = [name for name in listed.stdout.decode().split("\0") if name]
    return tuple(HOUSE / name for name in names if (HOUSE / name).is_file())


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(module: ast.Module) -> tuple[ast.AST, ...]:
    """All that stands in a module; a dozen rules look for something in it."""
    return tuple(ast.walk(module))


def short(path: Path) -> str:
    """A path as a message shows it."""
    return str(path.relative_to(HOUSE))


def functions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function, nested ones too."""
    for node in nodes(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def room_of(path: Path) -> str:
    """The room or surface that a file belongs to."""
    parts = path.relative_to(PACKAGE).parts
    return "/".join(parts[:2]) if parts[0] == "surfaces" else parts[0]
