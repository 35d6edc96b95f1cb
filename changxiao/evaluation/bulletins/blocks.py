"""通报写什么: rules choose sentences and tables from a result, in the dry words of a 公文. Pure.

Nobody is named best, worst, risen or fallen where a test cannot tell the difference from chance
(`rankings.bands`); then the text says so instead. The same result gives the same text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from changxiao.evaluation.bulletins.annexes import annexes
from changxiao.evaluation.bulletins.honoring import honored
from changxiao.evaluation.bulletins.layout import (
    Bar,
    Bars,
    Block,
    Bulletin,
    Column,
    Heading,
    Para,
    Table,
    numbered,
)
from changxiao.evaluation.bulletins.maps import ranking_map, reach
from changxiao.evaluation.bulletins.praising import bright
from changxiao.evaluation.bulletins.shortcomings import made_good, sentence, shortcomings
from changxiao.evaluation.bulletins.source import (
    LISTED,
    NO_DATA,
    TOO_FEW,
    Row,
    Source,
    day_words,
    period_words,
    total,
)
from changxiao.kernel.words import gettext as _

MOST_SAID = 10  # shortcomings in the text; all of them stand in the annex
MOST_BARS = 30  # beyond that the first and the last fifteen


def bulletin(source: Source) -> Bulletin:
    """通报 of a result."""
    told = {"period": period_words(source.period), "scheme": source.told["scheme"]["title"]}
    parts = (_opening, _whole, _ranking, _weak, bright, honored, _objections, _again)
    blocks = [block for part in parts for block in part(source)]
    return Bulletin(
        number=source.number,
        # the line may be broken at |
        heading=tuple(part % told for part in _("关于%(period)s|%(scheme)s结果的通报").split("|")),
        note=_note(source),
        addressee=_("各有关单位："),
        blocks=numbered(blocks),
        annexes=annexes(source),
        signed=source.signed,
        dated=day_words(source.dated) if source.dated else "",
        digest=source.digest,
    )


def _note(source: Source) -> str:
    states = {"draft": _("草稿，未公示"), "published": _("公示稿，申诉期内")}
    notes = [states[source.state]] if source.state in states else []
    if source.revision > 1:
        notes.append(_("修订第 %(n)d 版") % {"n": source.revision})
    return _("（%(notes)s）") % {"notes": _("；").join(notes)} if notes else ""


def _opening(source: Source) -> Iterator[Block]:
    period, scheme = source.period, source.told["scheme"]
    told = {
        "scheme": scheme["title"],
        "version": scheme["version"],
        "first": day_words(period.first_date),
        "last": day_words(period.last_date),
    }
    words = _(
        "按照《%(scheme)s》第 %(version)s 版，对%(first)s至%(last)s的工作进行了评价，"
        "现将结果通报如下。"
    )
    yield Para(words % told)


def _whole(source: Source) -> Iterator[Block]:
    yield Heading(1, _("总体情况"))
    rows = source.rows
    count = {
        status: sum(row["status"] == status for row in rows)
        for status in (LISTED, TOO_FEW, NO_DATA)
    }
    told = {"noun": source.noun, "all": len(rows), "listed": count[LISTED]}
    said = _("本期参加评价的%(noun)s共 %(all)d 个，列入排名 %(listed)d 个。") % told
    if count[TOO_FEW]:
        few = [row for row in rows if row["status"] == TOO_FEW]
        told = {"count": len(few), "names": source.names_of(few, counted=True)}
        said += _("件数不足、不列入排名的 %(count)d 个：%(names)s。") % told
    if count[NO_DATA]:
        none = [row for row in rows if row["status"] == NO_DATA]
        told = {"count": len(none), "names": source.names_of(none, counted=True)}
        said += _("没有数据的 %(count)d 个：%(names)s。") % told
    yield Para(said)
    if source.keys:
        yield _totals(source)


def _totals(source: Source) -> Table:
    columns = [
        Column(_("指标"), 4),
        Column(_("分子"), figure=True),
        Column(_("分母"), figure=True),
        Column(_("剔除件数"), figure=True, minor=True),
        Column(_("百分比"), figure=True),
    ]
    if source.before is not None:
        columns.append(Column(_("上期"), figure=True, minor=True))
    lines = []
    for key in source.keys:
        now = total(source.told, key)
        measure = source.measure(key)
        whole = measure.kind != "count"
        line = [measure.title, str(now.numerator), str(now.denominator) if whole else ""]
        line += [str(now.excluded), now.percent if whole else ""]
        if source.before is not None:
            old = total(source.before, key)
            line.append(old.percent if whole else str(old.numerator))
        lines.append(tuple(line))
    return Table(_("全市各项指标（百分比单位：%）"), tuple(columns), tuple(lines))


def _ranking(source: Source) -> Iterator[Block]:
    listed = source.listed
    if not listed:
        return
    yield Heading(1, _("排名"))
    yield Heading(2, _("名次"))
    yield Para(_first_and_last(source, listed))
    yield _bars(source, listed)
    if drawn := ranking_map(source):
        yield drawn
    yield _ranks(source, listed)
    yield Heading(2, _("分不出高低的"))
    yield from _alike(source, listed)
    if any(row["trend"] for row in listed):
        yield Heading(2, _("升降"))
        yield Para(_moved(source, listed, up=True))
        yield Para(_moved(source, listed, up=False))


def _first_and_last(source: Source, listed: Sequence[Row]) -> str:
    bands = [row["band"] for row in listed]
    if bands[0] == bands[-1] and len(listed) > 1:
        told = {"first": source.name(listed[0]["code"]), "score": listed[0]["score"]}
        words = _(
            "得分最高的是%(first)s（%(score)s 分），但全部名次之间的差别经检验分不出高低，"
            "本期不点名最好和最差。"
        )
        return words % told
    if len(listed) == 1:
        told = {"names": source.name(listed[0]["code"]), "score": listed[0]["score"]}
        return _("列入排名的只有%(names)s（%(score)s 分）。") % told
    return _end(source, listed, 0) + _end(source, listed, -1)


def _end(source: Source, listed: Sequence[Row], at: int) -> str:
    """第一名 (0) or 最后一名 (-1): all that tie, and how many more cannot be told from them."""
    tied = [row for row in listed if row["score"] == listed[at]["score"]]
    alike = sum(row["band"] == listed[at]["band"] for row in listed) - len(tied)
    told = {"names": source.names_of(tied), "score": listed[at]["score"], "alike": alike}
    if alike and not at:
        words = _("得分最高的是%(names)s（%(score)s 分），与同档的另外 %(alike)d 个分不出高低。")
    elif alike:
        words = _("得分最低的是%(names)s（%(score)s 分），与同档的另外 %(alike)d 个分不出高低。")
    elif not at:
        words = _("第一名是%(names)s（%(score)s 分）。")
    else:
        words = _("最后一名是%(names)s（%(score)s 分）。")
    return words % told


def _bars(source: Source, listed: Sequence[Row]) -> Bars:
    shown, caption = list(listed), _("得分")
    if len(shown) > MOST_BARS:
        half = MOST_BARS // 2
        shown = [*shown[:half], *shown[-half:]]
        caption = _("得分（前 %(half)d 名和后 %(half)d 名）") % {"half": half}
    bars = tuple(Bar(source.name(row["code"]), Decimal(row["score"])) for row in shown)
    most = max([Decimal(source.told["total"]), *(bar.value for bar in bars)])
    return Bars(caption, most, bars)


def _ranks(source: Source, listed: Sequence[Row]) -> Table:
    columns = (
        Column(_("名次"), 3, figure=True),
        Column(source.noun, 8),
        Column(_("得分"), 4, figure=True),
        Column(_("评定等级"), 4, minor=True),
        Column(_("档"), 2, figure=True, minor=True),
        Column(_("可能名次"), 5, figure=True, minor=True),
        Column(_("得分增减"), 5, figure=True),
        Column(_("上期名次"), 5, figure=True, minor=True),
    )
    # without a period before nothing has risen or fallen
    shown = len(columns) if any(row["trend"] for row in listed) else len(columns) - 2
    rows = tuple(_rank_line(source, row)[:shown] for row in listed)
    return Table(_("得分与名次"), columns[:shown], rows)


def _rank_line(source: Source, row: Row) -> tuple[str, ...]:
    trend = row["trend"] or {}
    return (
        str(row["rank"]),
        source.name(row["code"]),
        row["score"],
        row["grade"] or "",
        str(row["band"]),
        reach(row["best"], row["worst"]),
        signed(trend.get("change")),
        str(trend.get("rank") or ""),
    )


def signed(change: str | None) -> str:
    """带正负号的增减; no change has no sign."""
    if change is None:
        return ""
    return f"+{change}" if Decimal(change) > 0 else change.replace("-", "−")


def _alike(source: Source, listed: Sequence[Row]) -> Iterator[Block]:
    bands: dict[int, list[Row]] = {}
    for row in listed:
        bands.setdefault(row["band"], []).append(row)
    many = [rows for rows in bands.values() if len(rows) > 1]
    if not many:
        yield Para(_("各名次之间的差别都经得起检验。"))
        return
    yield Para(_("同一档内的差别与偶然波动分不开，名次先后仅按得分排列，奖惩宜按档。"))
    for rows in many:
        told = {
            "band": rows[0]["band"],
            "first": rows[0]["rank"],
            "last": rows[-1]["rank"],
            "names": source.names_of(rows),
        }
        yield Para(_("第 %(band)s 档（第 %(first)s 至 %(last)s 名）：%(names)s。") % told)


def _moved(source: Source, listed: Sequence[Row], *, up: bool) -> str:
    """升降最大的, of those whose change is more than chance; all that tie."""
    way = 1 if up else -1
    told = [row for row in listed if row["trend"] and row["trend"]["change"] is not None]
    moved = [row for row in told if way * Decimal(row["trend"]["change"]) > 0]
    sure = [row for row in moved if row["trend"]["apart"]]
    if not sure:
        if up:
            return _("没有得分上升超出波动范围的。")
        return _("没有得分下降超出波动范围的。")
    most = max(way * Decimal(row["trend"]["change"]) for row in sure)
    best = [row for row in sure if way * Decimal(row["trend"]["change"]) == most]
    said = _("、").join(_step(source, row) for row in best)
    if up:
        return _("进步最大的是%(said)s。") % {"said": said}
    return _("退步最大的是%(said)s。") % {"said": said}


def _step(source: Source, row: Row) -> str:
    trend = row["trend"]
    told = {
        "name": source.name(row["code"]),
        "change": signed(trend["change"]),
        "before": trend["score"],
        "now": row["score"],
        "was": trend["rank"] or "—",
        "rank": row["rank"],
    }
    words = _("%(name)s（%(change)s 分，由 %(before)s 到 %(now)s；名次由 %(was)s 到 %(rank)s）")
    return words % told


def _weak(source: Source) -> Iterator[Block]:
    yield Heading(1, _("短板"))
    found = shortcomings(source)
    gap = f"{source.gap:f}"
    if not found:
        yield Para(_("没有比其他单位差 %(gap)s 个百分点以上且超出波动范围的指标。") % {"gap": gap})
    else:
        words = _("比其他单位差 %(gap)s 个百分点以上且超出波动范围的共 %(count)d 项。")
        more = _("差距最大的 %(most)d 项如下，全部见附件。") % {"most": MOST_SAID}
        said = words % {"gap": gap, "count": len(found)}
        yield Para(said + (more if len(found) > MOST_SAID else ""))
        for n, one in enumerate(found[:MOST_SAID], 1):
            yield Para(f"{n}. {sentence(source, one)}")
    if good := made_good(source):
        names = [f"{source.name(one.group)}{source.measure(one.indicator).title}" for one in good]
        shown = _("、").join(names[:MOST_SAID])
        if len(names) > MOST_SAID:
            shown = _("%(names)s等") % {"names": shown}
        words = _("上期短板中本期已补齐 %(count)d 项：%(names)s。")
        yield Para(words % {"count": len(good), "names": shown})


def _objections(source: Source) -> Iterator[Block]:
    if source.state == "draft":
        return
    yield Heading(1, _("申诉情况"))
    told = {"count": source.objections_all, "upheld": len(source.objections)}
    if not source.objections_all:
        yield Para(_("没有收到申诉。"))
        return
    yield Para(_("收到申诉 %(count)d 件，成立 %(upheld)d 件，已计入上述结果。") % told)
    for one in source.objections:
        told_one = {
            "n": one.n,
            "unit": source.name(one.group),
            "indicator": source.measure(one.indicator).title,
            "numerator": signed(str(one.numerator)),
            "denominator": signed(str(one.denominator)),
            "before": one.before or "—",
            "after": one.after or "—",
            "opinion": one.opinion,
        }
        words = _(
            "第 %(n)s 号：%(unit)s，%(indicator)s，分子 %(numerator)s、分母 %(denominator)s，"
            "得分由 %(before)s 到 %(after)s。理由：%(opinion)s"
        )
        yield Para(words % told_one)


def _again(source: Source) -> Iterator[Block]:
    yield Heading(1, _("复算办法"))
    words = _(
        "下载证据包 bundle.zip，在任何一台电脑上运行 changxiao evaluate --bundle bundle.zip，"
        "得到的摘要与下面相同，即与本通报一致，不需要数据库和网络。"
    )
    yield Para(words)
    yield Para(_("摘要：%(digest)s") % {"digest": source.digest}, code=True)
