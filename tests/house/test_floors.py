"""Foreign keys point down; nobody uses another room's private parts (docs/house.md section 2)."""

import ast
import tomllib
from types import SimpleNamespace

from django.apps import apps

from tests.house.source import HOUSE, modules, nodes, room_of, short, tree

PRIVATE_MODULES = {"views", "forms", "jobs", "admin", "urls", "samples"}
MAY_MOUNT = {"urls.py", "wiring.py", "surfaces", "cli", "worker.py", "bench"}


def floors() -> dict[str, int]:
    """Each room's floor, 0 at the top, from the import contract itself."""
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    found = {}
    for height, line in enumerate(layers):
        for room in line.replace(":", "|").split("|"):
            found[room.strip(" ()")] = height
    return found


def upward_keys(models, heights: dict[str, int]) -> list[str]:
    """Relations whose target stands above, or beside in another room."""
    found = []
    for model in models:
        if not model.__module__.startswith("changxiao."):
            continue
        room = model.__module__.split(".")[1]
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not getattr(field, "concrete", False) or target is None:
                continue
            if not target.__module__.startswith("changxiao."):
                continue
            other = target.__module__.split(".")[1]
            if other != room and heights[other] <= heights[room]:
                found.append(f"{model.__name__}.{field.name} -> {target.__name__}")
    return found


def private_imports(room: str, module: ast.Module) -> list[str]:
    """Names taken from another room's views, forms, jobs, or with a leading underscore."""
    found = []
    for node in nodes(module):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("changxiao."):
            continue
        parts = node.module.split(".")[1:]
        if parts[0] in {room, "kernel", "ui"}:
            continue
        names = {alias.name for alias in node.names}
        if PRIVATE_MODULES & (set(parts[1:]) | names) or any(n.startswith("_") for n in names):
            found.append(f"{node.module}: {', '.join(sorted(names))}")
    return found


def test_foreign_keys_point_down():
    assert not upward_keys(apps.get_models(), floors())


def test_nobody_reaches_into_another_room():
    found = {}
    for path in modules():
        room = room_of(path)
        if room.split("/")[0] not in MAY_MOUNT and (bad := private_imports(room, tree(path))):
            found[short(path)] = bad

    assert not found, found


def _model(name: str, room: str, *fields: object) -> object:
    meta = SimpleNamespace(get_fields=lambda: fields)
    return type(name, (), {"__module__": f"changxiao.{room}.models", "_meta": meta})


def test_the_checks_find_a_bad_example_and_leave_a_good_one():
    entry, case = _model("Entry", "ledger"), _model("Case", "cases")
    down = SimpleNamespace(name="head", concrete=True, related_model=entry)
    up = SimpleNamespace(name="case", concrete=True, related_model=case)

    assert not upward_keys([_model("Case", "cases", down)], floors())
    assert upward_keys([_model("Entry", "ledger", up)], floors()) == ["Entry.case -> Case"]
    good = ast.parse("from changxiao.orgs.models import Unit")
    bad = ast.parse("from changxiao.orgs.views import page\nfrom changxiao.orgs.rules import _x")
    assert not private_imports("cases", good)
    assert len(private_imports("cases", bad)) == 2
