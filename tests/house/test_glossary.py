"""Each model and each verb of ours stands in the glossary, docs/house.md section 6."""

import ast
import re
from functools import cache

from django.apps import apps

from tests.house.source import HOUSE, modules, room_of, short, tree

SURFACES = ("surfaces", "cli", "bench")


@cache
def glossary() -> frozenset[str]:
    """Every word of section 6, models as written and verbs in lower case."""
    page = (HOUSE / "docs" / "house.md").read_text(encoding="utf-8")
    section = page.partition("## 6. Names")[2].partition("\n## 7.")[0]
    return frozenset(re.findall(r"[A-Za-z][A-Za-z_]+", section))


def verbs(module: ast.Module) -> list[str]:
    """Public functions that take an Act: the verbs of a room."""
    found = []
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            arguments = [*node.args.args, *node.args.kwonlyargs]
            if any(argument.arg == "act" for argument in arguments):
                found.append(node.name)
    return found


def is_actions(path) -> bool:
    return path.name == "actions.py" or path.parent.name == "actions"


def test_each_model_is_in_the_glossary():
    ours = {m.__name__ for m in apps.get_models() if m.__module__.startswith("changxiao.")}

    assert not ours - glossary(), sorted(ours - glossary())


def test_each_verb_is_in_the_glossary():
    missing = {}
    for path in modules():
        if is_actions(path) and room_of(path).split("/")[0] not in SURFACES:
            unknown = [verb for verb in verbs(tree(path)) if verb not in glossary()]
            if unknown:
                missing[short(path)] = unknown

    assert not missing, missing


def test_the_check_finds_a_bad_example_and_leaves_a_good_one():
    sample = ast.parse(
        "def dispatch(case, *, act): ...\ndef _record(case, act): ...\ndef at(x): ..."
    )

    assert verbs(sample) == ["dispatch"]
    assert "dispatch" in glossary()
    assert "shove_along" not in glossary()
