"""公式的算法: exact fractions; what has no data, or is divided by nothing, is no data. Pure."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction

from changxiao.evaluation.formulas.parsing import Node

Value = Fraction | bool | None
_COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_WORK: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip
_LISTS: dict[str, Callable[[list[Fraction]], Fraction | bool]] = {
    "and": all, "or": any, "not": lambda one: not one[0], "neg": lambda one: -one[0],
    "min": min, "max": max,
}  # fmt: skip


def work_out(node: Node, value_of: Callable[[str], Fraction | None]) -> Fraction | None:
    """算公式: of a checked tree, with what each name comes to; None is 无数据."""
    found = _value(node, value_of)
    assert not isinstance(found, bool), "a checked formula ends in a number"
    return found


def _value(node: Node, value_of: Callable[[str], Fraction | None]) -> Value:
    if node.op == "number":
        return node.value
    if node.op == "name":
        return value_of(node.name)
    if node.op == "if":
        # The branch not taken is not worked out: its missing data hurt nobody.
        chosen = _value(node.args[0], value_of)
        return None if chosen is None else _value(node.args[1 if chosen else 2], value_of)
    return _of(node.op, [_value(arg, value_of) for arg in node.args])


def _of(op: str, args: list[Value]) -> Value:
    numbers = [Fraction(arg) for arg in args if arg is not None]
    if len(numbers) < len(args) or (op == "/" and not numbers[1]):
        return None
    return _LISTS[op](numbers) if op in _LISTS else (_COMPARE | _WORK)[op](*numbers)
