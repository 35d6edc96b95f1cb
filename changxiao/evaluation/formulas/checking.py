"""公式的核对: names known, like units only, which way is better, no formula in a circle. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from changxiao.evaluation.formulas.parsing import COMPARISONS, Node, names_in, unreadable
from changxiao.evaluation.formulas.units import NUMBER, TRUTH, Unit
from changxiao.evaluation.formulas.working import work_out
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

HIGH, LOW, NEITHER, MIXED = "high", "low", "", "mixed"


@dataclass(frozen=True, slots=True)
class Named:
    """名字: what a name may stand for: its unit, and which way is better ("" where neither is)."""

    unit: Unit
    better: str = NEITHER


@dataclass(frozen=True, slots=True)
class Checked:
    """核对过的公式: unit of its result, and which way it gets better (`mixed`: both)."""

    unit: Unit
    better: str


def check(node: Node, where: str, known: Mapping[str, Named]) -> Checked:
    """核对公式. Refused `name_unknown`, `units_differ`, `formula_unreadable` (it is no number)."""
    for name in names_in(node):
        if name not in known:
            sentence = _("%(where)s：公式里的“%(name)s”不是指标库的指标，也不是本方案的公式。")
            told = {"where": where, "name": name}
            raise Refused("name_unknown", sentence % told, field=where)
    found = _unit(node, where, known)
    if found == TRUTH:
        raise unreadable(where, node.at, _("得到的是“是或否”，请用 if 给出分数"))
    return Checked(found, _better(node, known))


def in_order(formulas: Mapping[str, Node]) -> list[str]:
    """先后: each formula after those it needs, otherwise by name. Refused `formula_cycle` shows the
    circle."""
    done: list[str] = []
    for name in sorted(formulas):
        _visit(name, formulas, done, [])
    return done


def _visit(name: str, formulas: Mapping[str, Node], done: list[str], path: list[str]) -> None:
    if name in path:
        circle = " → ".join([*path[path.index(name) :], name])
        sentence = _("公式互相引用成了圈：%(circle)s。请去掉其中一处。") % {"circle": circle}
        raise Refused("formula_cycle", sentence, field=name)
    if name in done:
        return
    for other in sorted(set(names_in(formulas[name])) & set(formulas)):
        _visit(other, formulas, done, [*path, name])
    done.append(name)


def _unit(node: Node, where: str, known: Mapping[str, Named]) -> Unit:
    if node.op == "number":
        return node.unit
    if node.op == "name":
        return known[node.name].unit
    units = [_unit(arg, where, known) for arg in node.args]
    if node.op in {"and", "or", "not"}:
        return _all_truths(node, where, units)
    if node.op == "if":
        _all_truths(node, where, units[:1])
        units = units[1:]
    if TRUTH in units:
        raise unreadable(where, node.at, _("拿“是或否”当数来算，请用 if"))
    if node.op in {"*", "/"}:
        return units[0].times(units[1], 1 if node.op == "*" else -1)
    return _alike(node, where, units)


def _all_truths(node: Node, where: str, units: list[Unit]) -> Unit:
    if any(unit != TRUTH for unit in units):
        raise unreadable(
            where, node.at, _("的 %(op)s 要比较（如 filed >= 30case）") % {"op": node.op}
        )
    return TRUTH


def _alike(node: Node, where: str, units: list[Unit]) -> Unit:
    other = next((unit for unit in units if unit != units[0]), None)
    if other is not None:
        told = {"where": where, "op": node.op, "one": units[0].label(), "other": other.label()}
        sentence = _(
            "%(where)s：“%(op)s”一边是%(one)s、一边是%(other)s，单位不同不能相加或相比："
            "请给数写上单位（70%%、5pt、30case、2h）。"
        )
        raise Refused("units_differ", sentence % told, field=where)
    return TRUTH if node.op in COMPARISONS else units[0]


def _better(node: Node, known: Mapping[str, Named]) -> str:
    """Names count as never negative, which counts and rates are."""
    if node.op in {"number", "name"}:
        return known[node.name].better if node.op == "name" else NEITHER
    ways = [_better(arg, known) for arg in node.args]
    if node.op == "if":
        return _of_choice(node, ways)
    if node.op in {"neg", "not", "<", "<="}:
        # a < b is better as b > a is
        ways = [_flipped(ways[0]), *ways[1:]]
    elif node.op in {"-", ">", ">="}:
        ways = [ways[0], _flipped(ways[1])]
    elif node.op in {"*", "/"}:
        ways = _of_product(node, ways)
    elif node.op in {"==", "!="} and any(ways):
        return MIXED
    return _together(ways)


def _of_product(node: Node, ways: list[str]) -> list[str]:
    left, right = ways[0], _flipped(ways[1]) if node.op == "/" else ways[1]
    if _constant(node.args[0]) < 0:
        right = _flipped(right)
    if _constant(node.args[1]) < 0:
        left = _flipped(left)
    return [left, right]


def _of_choice(node: Node, ways: list[str]) -> str:
    condition, *branches = ways
    if not any(branches) and condition:
        then, otherwise = (_constant(branch) for branch in node.args[1:])
        return condition if then >= otherwise else _flipped(condition)
    return _together(branches)


def _constant(node: Node) -> Fraction:
    """What a part without names comes to; of one with names, 1: taken as positive."""
    if any(names_in(node)):
        return Fraction(1)
    found = work_out(node, lambda _name: None)
    return Fraction(0) if found is None else found


def _flipped(way: str) -> str:
    return {HIGH: LOW, LOW: HIGH}.get(way, way)


def _together(ways: list[str]) -> str:
    told = {way for way in ways if way}
    return NEITHER if not told else told.pop() if len(told) == 1 else MIXED


__all__ = ["HIGH", "LOW", "MIXED", "NEITHER", "NUMBER", "Checked", "Named", "check", "in_order"]
