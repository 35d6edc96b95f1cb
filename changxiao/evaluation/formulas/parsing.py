"""公式的读法: text becomes a tree of at most 500 nodes, 32 deep; anything else is a sentence. Pure.

A parser of our own by precedence climbing: Python's never sees the text, so there is nothing to
escape from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from changxiao.evaluation.formulas.units import NUMBER, SUFFIXES, Unit, unit
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

MOST_SIGNS, MOST_NODES, MOST_DEPTH = 2000, 500, 32
COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})
FUNCTIONS = {"if": (3, 3), "min": (2, 20), "max": (2, 20)}
_BINDS = {"or": 1, "and": 2, **dict.fromkeys(COMPARISONS, 3), "+": 4, "-": 4, "*": 5, "/": 5}
_PREFIXES = {"-": ("neg", 5), "not": ("not", 3)}
_AS_TYPED = {
    "×": "*", "÷": "/", "−": "-", "－": "-", "＋": "+", "（": "(", "）": ")", "，": ",",
    "≥": ">=", "≤": "<=", "≠": "!=", "=": "==", "＞": ">", "＜": "<", "％": "%",
}  # fmt: skip
_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<number>\d{1,12}(?:\.\d{1,9})?)(?P<unit>%|％|(?:pt|case|h)\b)?"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.(?:n|d|excluded)\b)?)"
    r"|(?P<sign><=|>=|==|!=|[-+*/(),<>=×÷−－＋（），≥≤≠＞＜=])",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Node:
    """节点: `op` is number, name, neg, an operator or a function; `at` counts signs from 1."""

    op: str
    at: int
    args: tuple[Node, ...] = ()
    value: Fraction = Fraction(0)
    unit: Unit = NUMBER
    name: str = ""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int
    suffix: str = ""


def parse(text: str, where: str) -> Node:
    """读公式: of the leaf or formula `where`. Refused `formula_unreadable`, `formula_long`."""
    if len(text) > MOST_SIGNS:
        told = {"where": where, "most": MOST_SIGNS}
        sentence = _("%(where)s：公式超过 %(most)s 个字符，请拆成几条有名字的公式。") % told
        raise Refused("formula_long", sentence, field=where)
    return _Parser(where, list(_tokens(text, where))).whole()


def names_in(node: Node) -> Iterator[str]:
    """公式里的名字, from left to right, repeated as they stand."""
    if node.op == "name":
        yield node.name
    for arg in node.args:
        yield from names_in(arg)


def unreadable(where: str, at: int, why: str) -> Refused:
    """读不懂: where in which formula, and why."""
    sentence = _("%(where)s：公式第 %(at)s 个字符处%(why)s。")
    told = {"where": where, "at": at, "why": why}
    return Refused("formula_unreadable", sentence % told, field=where)


def _tokens(text: str, where: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise unreadable(where, at + 1, _("的“%(sign)s”不认识") % {"sign": text[at]})
        kind = found.lastgroup or ""
        kind = "number" if kind == "unit" else kind
        if kind != "space":
            plain = found["sign"] and _AS_TYPED.get(found["sign"], found["sign"])
            suffix = _AS_TYPED.get(found["unit"] or "", found["unit"] or "")
            yield _Token(kind, plain or found["number"] or found["name"], at + 1, suffix)
        at = found.end()
    yield _Token("end", "", at + 1)


class _Parser:
    def __init__(self, where: str, tokens: list[_Token]) -> None:
        self.where, self.tokens = where, tokens
        self.next, self.nodes = 0, 0

    def whole(self) -> Node:
        found = self.expression(0, 0)
        token = self.take()
        if token.kind != "end":
            raise self.no(token, _("的“%(sign)s”不该在这里") % {"sign": token.text})
        return found

    def expression(self, least: int, depth: int) -> Node:
        left = self.single(depth)
        while True:
            token = self.tokens[self.next]
            binds = _BINDS.get(token.text, 0) if token.kind in {"sign", "name"} else 0
            if not binds or binds < least:
                return left
            self.take()
            right = self.expression(binds + 1, depth + 1)
            if token.text in COMPARISONS and {left.op, right.op} & COMPARISONS:
                raise self.no(token, _("连写了两次比较，请用 and 连接"))
            left = self.made(Node(token.text, token.at, (left, right)))

    def single(self, depth: int) -> Node:
        token = self.take()
        if depth > MOST_DEPTH:
            told = {"most": MOST_DEPTH}
            raise self.no(token, _("套得太深（超过 %(most)s 层），请拆成几条有名字的公式") % told)
        if token.kind == "number":
            given = unit(token.suffix) if token.suffix else NUMBER
            return self.made(Node("number", token.at, value=Fraction(token.text), unit=given))
        if token.text in _PREFIXES:
            op, binds = _PREFIXES[token.text]
            return self.made(Node(op, token.at, (self.expression(binds, depth + 1),)))
        if token.kind == "name" and token.text not in _BINDS:
            return self.named(token, depth)
        if token.text == "(":
            inner = self.expression(0, depth + 1)
            self.must(")")
            return inner
        raise self.no(token, _("缺一个数、名字或括号"))

    def named(self, token: _Token, depth: int) -> Node:
        if token.text in FUNCTIONS:
            return self.call(token, depth)
        if token.text in SUFFIXES:
            return self.made(Node("number", token.at, value=Fraction(1), unit=unit(token.text)))
        if self.tokens[self.next].text == "(":
            told = {"name": token.text, "known": "、".join(FUNCTIONS)}
            raise self.no(token, _("没有函数“%(name)s”，可用 %(known)s") % told)
        return self.made(Node("name", token.at, name=token.text))

    def call(self, token: _Token, depth: int) -> Node:
        self.must("(")
        args = [self.expression(0, depth + 1)]
        while self.tokens[self.next].text == ",":
            self.take()
            args.append(self.expression(0, depth + 1))
        self.must(")")
        least, most = FUNCTIONS[token.text]
        if not least <= len(args) <= most:
            told = {"name": token.text, "least": least, "count": len(args)}
            raise self.no(token, _("%(name)s 要 %(least)s 项，写了 %(count)s 项") % told)
        return self.made(Node(token.text, token.at, tuple(args)))

    def take(self) -> _Token:
        token = self.tokens[self.next]
        self.next = min(self.next + 1, len(self.tokens) - 1)
        return token

    def must(self, sign: str) -> None:
        token = self.take()
        if token.text != sign:
            raise self.no(token, _("缺“%(sign)s”") % {"sign": sign})

    def made(self, node: Node) -> Node:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            told = {"where": self.where, "most": MOST_NODES}
            sentence = _("%(where)s：公式超过 %(most)s 项，请拆成几条有名字的公式。") % told
            raise Refused("formula_long", sentence, field=self.where)
        return node

    def no(self, token: _Token, why: str) -> Refused:
        return unreadable(self.where, token.at, why)
