"""读方案: a TOML file becomes a checked Scheme, or a sentence says what is wrong. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from changxiao.evaluation.formulas import (
    CASE,
    PERCENT,
    Named,
    Node,
    check,
    in_order,
    names_in,
    parse,
)
from changxiao.evaluation.schemes import model
from changxiao.evaluation.schemes.items import (
    read_adjustments,
    read_grades,
    read_honors,
    read_items,
)
from changxiao.evaluation.schemes.model import Library, Scheme, Tie
from changxiao.evaluation.schemes.outside import names_of_outside, read_outside
from changxiao.evaluation.schemes.scales import plain
from changxiao.evaluation.schemes.tables import Reader, wrong
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

EXAMPLES = Path(__file__).parent / "examples"
VERSION = 1
MOST_SIGNS = 200_000
# The rules of exclusion that counting knows (indicators.base.EXCLUSIONS; a test holds them equal).
EXCLUSIONS = ("suspended", "appeal", "voided", "joined", "forced", "self_found")


def read_scheme(text: str, library: Library) -> Scheme:
    """读方案: against the library of indicators.

    Refused `scheme_long`, `scheme_unreadable`, `value_missing`, `value_wrong`, `name_unknown`,
    `weights_wrong`, `steps_gap`, `steps_overlap`, `steps_open`, `formula_…`, `units_differ`,
    `direction_wrong`, `group_wrong`.
    """
    if len(text) > MOST_SIGNS:
        sentence = _("方案超过 %s 个字符：请删去不用的部分。") % MOST_SIGNS
        raise Refused("scheme_long", sentence, field="scheme")
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        # besides what TOML forbids: nesting without end, numbers of thousands of digits
        sentence = _("方案不是 TOML：%(why)s。请按 docs/evaluation.md 的写法改正。")
        raise Refused("scheme_unreadable", sentence % {"why": error}, field="scheme") from None
    reader = Reader(raw, "")
    if reader.whole("schema") != VERSION:
        raise wrong("schema", raw["schema"], str(VERSION))
    found = _scheme(reader, library)
    reader.done()
    return found


def canonical(raw: Any) -> Any:
    """规范形式 of a scheme's table, for its digest: numbers and days as text, so that 30 and 30.0
    are one, and comments are none."""
    if isinstance(raw, Mapping):
        return {name: canonical(value) for name, value in raw.items()}
    if isinstance(raw, list):
        return [canonical(value) for value in raw]
    if isinstance(raw, bool | str):
        return raw
    return raw.isoformat() if isinstance(raw, date) else plain(Fraction(raw))


def names_of(library: Library) -> dict[str, Named]:
    """公式里可用的名字: each indicator, and the counts of each."""
    found: dict[str, Named] = {}
    for key, known in library.items():
        found[key] = Named(CASE if known.kind == "count" else PERCENT, known.better)
        for part in ("n", "d", "excluded"):
            found[f"{key}.{part}"] = Named(CASE)
    return found


def _scheme(reader: Reader, library: Library) -> Scheme:
    group = reader.one_of("group", model.GROUPS)
    outside = read_outside(reader, names_of(library))
    formulas, order, names = _formulas(reader, names_of(library) | names_of_outside(outside))
    total = reader.number("total", Fraction(100))
    no_data = reader.one_of("no_data", (model.SHARE, model.NEUTRAL), default=model.SHARE)
    neutral = reader.number("neutral", Fraction(60))
    first, last = _dates(reader)
    least_cases, least_of = _least(reader, names)
    found = Scheme(
        key=reader.text("key"),
        title=reader.text("title"),
        version=reader.whole("version", least=1),
        first_date=first,
        last_date=last,
        group=group,
        within=_within(reader, group),
        post=_post(reader, group),
        periods=_among(reader, "periods", model.PERIODS, ("month",)),
        counting=reader.one_of("counting", (model.FULL_COUNT, model.SAMPLED), model.FULL_COUNT),
        total=total,
        items=read_items(reader, total, names, no_data=no_data, neutral=neutral),
        formulas=formulas,
        order=order,
        outside=outside,
        adjustments=read_adjustments(reader, names),
        most_minus=reader.number("most_minus", None),
        most_plus=reader.number("most_plus", None),
        exclude=_among(reader, "exclude", EXCLUSIONS, ()),
        least_cases=least_cases,
        least_of=least_of,
        ties=_ties(reader, names),
        grades=read_grades(reader),
        honors=read_honors(reader),
        source=reader.text("source", ""),
        raw=reader.table,
    )
    _check_groups(found, library)
    return found


def _formulas(
    reader: Reader, names: dict[str, Named]
) -> tuple[dict[str, tuple[str, Node]], tuple[str, ...], dict[str, Named]]:
    given = reader.table_of("formulas")
    texts = {name: given.text(name) for name in given.table} if given else {}
    nodes = {name: parse(text, f"formulas.{name}") for name, text in texts.items()}
    for name in nodes:
        if name in names:
            sentence = _("方案的公式“%(name)s”与指标库的指标同名：请换一个名字。") % {"name": name}
            raise Refused("name_taken", sentence, field=f"formulas.{name}")
    order = in_order(nodes)
    known = dict(names)
    for name in order:
        checked = check(nodes[name], f"formulas.{name}", known)
        known[name] = Named(checked.unit, checked.better)
    return {name: (texts[name], nodes[name]) for name in texts}, tuple(order), known


def _dates(reader: Reader) -> tuple[date, date | None]:
    first, last = reader.day("from"), reader.day("until", None)
    if last is not None and last < first:
        raise wrong("until", last, _("不早于 from 的日期"))
    return first, last


def _within(reader: Reader, group: str) -> str:
    """只评一地: the code of a district or street whose areas alone are ranked; "" is all."""
    within = reader.text("within", "")
    if within and (group not in model.AREAS or not within.isascii() or not within.isdigit()):
        raise wrong("within", within, _('区域代码，且 group 为区域，如 "440512"'))
    return within


def _post(reader: Reader, group: str) -> str:
    post = reader.one_of("post", model.POSTS, default="")
    if bool(post) != (group == "person"):
        sentence = _('方案的 post 与 group 不配：只有 group = "person" 才写岗位，且必须写。')
        raise Refused("group_wrong", sentence, field="post")
    return post


def _among(
    reader: Reader, name: str, choices: tuple[str, ...], default: tuple[str, ...]
) -> tuple[str, ...]:
    found = reader.texts(name, default)
    for one in found:
        if one not in choices:
            raise wrong(name, one, _("其中之一：%s") % "、".join(choices))
    return found


def _ties(reader: Reader, names: Mapping[str, Named]) -> tuple[Tie, ...]:
    found = []
    for text in reader.texts("tie_break"):
        name = text.removeprefix("-")
        if name not in names:
            sentence = _("同分比较里的“%(name)s”不是指标库的指标，也不是本方案的公式。")
            raise Refused("name_unknown", sentence % {"name": name}, field="tie_break")
        low = names[name].better == "low" or text.startswith("-")
        found.append(Tie(name, low))
    return tuple(found)


def _least(reader: Reader, names: Mapping[str, Named]) -> tuple[int, str]:
    """最少件数, and of which count; by itself one of anything."""
    least = reader.table_of("least")
    if least is None:
        return 1, ""
    cases, name = least.whole("cases", least=1), least.text("of", "")
    least.done()
    if name and (name not in names or names[name].unit != CASE):
        raise wrong(least.path("of"), name, _("一个件数指标"))
    return cases, name


def _check_groups(scheme: Scheme, library: Library) -> None:
    """Each indicator must be counted for what the scheme ranks."""
    by = column(scheme.group)
    for name in used(scheme):
        if by not in library[name].by:
            told = {"name": name, "group": scheme.group, "known": "、".join(library[name].by)}
            sentence = _(
                "指标“%(name)s”不能按 %(group)s 统计，只能按 %(known)s：请换指标或换对象。"
            )
            raise Refused("group_wrong", sentence % told, field="group")


def column(group: str) -> str:
    """分组列 of the facts for a kind of group."""
    return "subject" if group == "junction" else group


def used(scheme: Scheme) -> list[str]:
    """用到的指标: each key of the library that the scheme needs, once, in the order of its text."""
    nodes = [leaf.node for leaf in scheme.leaves()]
    nodes += [node for one in scheme.adjustments for node in (one.node, one.double)]
    names = [name for node in nodes if node is not None for name in names_in(node)]
    names += [tie.name for tie in scheme.ties] + ([scheme.least_of] if scheme.least_of else [])
    found: dict[str, None] = {}
    while names:
        name = names.pop(0)
        if name in scheme.formulas:
            names += names_in(scheme.formulas[name][1])
        else:
            found[name.partition(".")[0]] = None
    return [name for name in found if name not in scheme.outside_keys()]
