"""评价项、加减分、等级、榜单的读法. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from changxiao.evaluation.formulas import (
    CASE,
    HOUR,
    NUMBER,
    PERCENT,
    POINT,
    Checked,
    Named,
    check,
    parse,
)
from changxiao.evaluation.schemes.model import (
    BAND,
    NEUTRAL,
    RANGE,
    RANK,
    SHARE,
    Adjustment,
    Grade,
    Honor,
    Item,
)
from changxiao.evaluation.schemes.scales import Full, Step, check_steps, plain
from changxiao.evaluation.schemes.tables import Reader, wrong
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

# domain.md section 6: the grades of the open code, whose condition was always true there.
GRADES = (("A", 90), ("B", 75), ("C", 60), ("D", 40), ("E", None))
MOST_DEPTH, MOST_KEY = 5, 40
FOLLOWS = (RANK, BAND, RANGE)


def read_items(
    reader: Reader, total: Fraction, names: Mapping[str, Named], *, no_data: str, neutral: Fraction
) -> tuple[Item, ...]:
    """评价项: a tree whose weights come to the total, and at each branch to its own.

    Refused `weights_wrong`, `key_twice` and what a leaf may be refused for.
    """
    items = _parts(reader, names, (no_data, neutral), 1)
    _check_weights(items, total, _("方案总分"))
    keys = [leaf.key for item in items for leaf in _all(item)]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        sentence = _("评价项的 key“%(key)s”出现了两次：请改其中一个。") % {"key": twice}
        raise Refused("key_twice", sentence, field="items")
    return items


def _all(item: Item) -> list[Item]:
    return [item, *(leaf for part in item.parts for leaf in _all(part))]


def _parts(
    reader: Reader, names: Mapping[str, Named], default: tuple[str, Fraction], depth: int
) -> tuple[Item, ...]:
    tables = reader.tables("items")
    if tables and depth > MOST_DEPTH:
        raise wrong(reader.path("items"), depth, _("不超过 %s 层的评价项") % MOST_DEPTH)
    return tuple(_item(table, names, default, depth) for table in tables)


def _check_weights(items: tuple[Item, ...], weight: Fraction, where: str) -> None:
    found = sum((item.weight for item in items if not item.off), Fraction(0))
    if found != weight:
        told = {"where": where, "weight": plain(weight), "sum": plain(found)}
        sentence = _(
            "%(where)s是 %(weight)s 分，其下各项的权重（weight）合计 %(sum)s 分：请使两者相等。"
        )
        raise Refused("weights_wrong", sentence % told, field="items")


def _item(
    reader: Reader, names: Mapping[str, Named], default: tuple[str, Fraction], depth: int
) -> Item:
    key, title = reader.text("key"), reader.text("title")
    weight, off = reader.number("weight"), reader.yes("off")
    if weight <= 0:
        raise wrong(reader.path("weight"), plain(weight), _("大于 0 的数"))
    no_data = reader.one_of("no_data", (SHARE, NEUTRAL), default=default[0])
    neutral = reader.number("neutral", default[1])
    parts = _parts(reader, names, (no_data, neutral), depth + 1)
    if parts:
        reader.done()
        _check_weights(parts, weight, title)
        return Item(key, title, weight, parts, off=off)
    text = reader.text("score")
    node = parse(text, reader.path("score"))
    found = check(node, reader.path("score"), names)
    better = reader.one_of("better", ("high", "low"), default="") or found.better
    reader.text("note", "")  # for whoever reads the file
    steps, full = _steps(reader, found), _full(reader)
    reader.done()
    leaf = Item(key, title, weight, (), text, node, found.unit, better, steps, full)
    if not off:
        _check_leaf(leaf, reader.where)
    return replace(leaf, no_data=no_data, neutral=neutral, off=off)


def _steps(reader: Reader, found: Checked) -> tuple[Step, ...]:
    tables = reader.tables("steps")
    if not tables:
        return ()
    steps = [_step(table, whole=found.unit == CASE, scored=True) for table in tables]
    return check_steps(steps, reader.path("steps"))


def _step(reader: Reader, *, whole: bool, scored: bool) -> Step:
    least, below = reader.number("from", None), reader.number("below", None)
    last = reader.number("to", None)
    if last is not None:
        if below is not None or not whole or last.denominator != 1:
            raise wrong(reader.path("to"), plain(last), _("只用于件数的整数，否则写 below（不含）"))
        below = last + 1
    if least is not None and below is not None and least >= below:
        raise wrong(reader.path("from"), plain(least), _("小于本档上限的数"))
    score = reader.number("score") if scored else Fraction(0)
    name = "" if scored else reader.text("key")
    if not 0 <= score <= 100:
        raise wrong(reader.path("score"), plain(score), _("0 到 100 的数（权重的百分之几）"))
    reader.done()
    return Step(least, below, score, name)


def _full(reader: Reader) -> Full | None:
    table = reader.table_of("full")
    if table is None:
        return None
    full = Full(table.number("at"), table.number("minus"))
    if full.minus <= 0:
        raise wrong(table.path("minus"), plain(full.minus), _("大于 0 的数（每差一个单位扣几分）"))
    table.done()
    return full


def _check_leaf(leaf: Item, where: str) -> None:
    if leaf.steps and leaf.full:
        sentence = _("%(where)s（%(title)s）同时写了 steps 和 full：只能留一种。")
        raise Refused("value_wrong", sentence % {"where": where, "title": leaf.title}, field=where)
    direct = not leaf.steps and not leaf.full
    if direct and leaf.unit not in {PERCENT, POINT}:
        told = {"where": where, "title": leaf.title, "unit": leaf.unit.label()}
        sentence = _(
            "%(where)s（%(title)s）算出的是%(unit)s，不是百分数或分：请写分档 steps 或满分线 full。"
        )
        raise Refused("unit_unscored", sentence % told, field=where)
    if leaf.steps and leaf.unit not in {NUMBER, PERCENT, POINT, CASE, HOUR}:
        raise wrong(where, leaf.unit.label(), _("单一的单位"))
    _check_direction(leaf, where, direct)


def _check_direction(leaf: Item, where: str, direct: bool) -> None:
    """The better must never score the less: the field has scored 100 − 结案率."""
    told = {"where": where, "title": leaf.title, "text": leaf.text}
    if leaf.better == "mixed" or (leaf.full and not leaf.better):
        sentence = _(
            "%(where)s（%(title)s）的公式 %(text)s 看不出大好还是小好："
            '请写 better = "high" 或 "low"。'
        )
        raise Refused("direction_unknown", sentence % told, field=where)
    rising = all(a.score >= b.score for a, b in zip(leaf.steps, leaf.steps[1:], strict=False))
    falling = all(a.score <= b.score for a, b in zip(leaf.steps, leaf.steps[1:], strict=False))
    against = {"low": direct or not falling, "high": not rising}.get(leaf.better, False)
    if (direct and leaf.better == "low") or (leaf.steps and against):
        sentence = _(
            "%(where)s（%(title)s）方向反了：%(text)s 越差得分越高。请改成 100%% 减去它，"
            "或改分档的先后。"
        )
        raise Refused("direction_wrong", sentence % told, field=where)


def read_adjustments(reader: Reader, names: Mapping[str, Named]) -> tuple[Adjustment, ...]:
    """加减分. Refused `unit_unscored` where what is counted is no number of cases."""
    return tuple(_adjustment(table, names) for table in reader.tables("adjustments"))


def _adjustment(reader: Reader, names: Mapping[str, Named]) -> Adjustment:
    key, title, each = reader.text("key"), reader.text("title"), reader.number("each")
    nodes = []
    texts = [reader.text("of"), reader.text("double", "")]
    for name, text in zip(("of", "double"), texts, strict=True):
        where = reader.path(name)
        nodes.append(parse(text, where) if text else None)
        node = nodes[-1]
        if node is not None and check(node, where, names).unit != CASE:
            told = {"where": where, "title": title}
            sentence = _("%(where)s（%(title)s）要的是件数，每件加减 each 分：请用件数指标。")
            raise Refused("unit_unscored", sentence % told, field=where)
    most = reader.number("most", None)
    if each == 0 or (most is not None and most <= 0):
        raise wrong(reader.where, title, _("不为 0 的 each 和大于 0 的 most"))
    reader.done()
    assert nodes[0] is not None
    return Adjustment(key, title, each, texts[0], nodes[0], texts[1], nodes[1], most)


def read_grades(reader: Reader) -> tuple[Grade, ...]:
    """等级; A ≥ 90, B ≥ 75, C ≥ 60, D ≥ 40, E below where nothing is said."""
    tables = reader.tables("grades")
    steps = [_step(table, whole=False, scored=False) for table in tables]
    if not steps:
        above: Fraction | None = None
        for name, least in GRADES:
            low = None if least is None else Fraction(least)
            steps.append(Step(low, above, name=name))
            above = low
    return tuple(Grade(step) for step in check_steps(steps, "grades"))


def read_honors(reader: Reader) -> tuple[Honor, ...]:
    """红黑榜. Refused `value_wrong` where the rules of repetition do not rise."""
    follow = reader.one_of("rewards", FOLLOWS, default=BAND)
    return tuple(_honor(table, follow) for table in reader.tables("honors"))


def _honor(reader: Reader, follow: str) -> Honor:
    repeats = []
    for table in reader.tables("repeats"):
        repeats.append((table.whole("times", least=1), table.text("act")))
        table.done()
    times = [one for one, _act in repeats]
    if times != sorted(set(times)):
        raise wrong(reader.path("repeats"), times, _("从小到大、不重复的次数"))
    key = reader.text("key")
    if len(key) > MOST_KEY or "/" in key:
        raise wrong(reader.path("key"), key, _("不超过 %s 个字符、没有 / 的代号") % MOST_KEY)
    found = Honor(
        key=key,
        title=reader.text("title"),
        color=reader.one_of("color", ("red", "black")),
        last=reader.one_of("take", ("first", "last")) == "last",
        n=reader.whole("n", least=1),
        follow=reader.one_of("rewards", FOLLOWS, default=follow),
        proposal=reader.text("proposal"),
        repeats=tuple(repeats),
    )
    reader.done()
    return found
