"""`changxiao deadline`: when is it due? One limit, or a file of them. No database, no home folder.

A start without an offset is read as the city's wall-clock time, with a note on stderr.
"""

from __future__ import annotations

import json
from datetime import datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from changxiao.kernel.city import City, city
from changxiao.kernel.limits import TimeUnit, parse_limit
from changxiao.kernel.moment import has_offset, read_moment
from changxiao.kernel.words import gettext as _
from changxiao.kernel.worktime import WorkCalendar
from changxiao.kernel.worktime_city import OFFICE_KIND, city_calendar
from changxiao.kernel.worktime_words import provisional_words

WORKING = frozenset({TimeUnit.WORK_HOUR, TimeUnit.WORK_DAY})


@click.command(
    help=_(
        '应处置时间：从 START 起算 LIMIT 何时到期，例如 2026-09-30T17:30+08:00 "4 工作时"。'
        "单位：紧急工作时、紧急工作日、工作时、工作日、自然日。"
    )
)
@click.argument("start", required=False)
@click.argument("limit", required=False)
@click.option(
    "--batch",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("CSV 文件，列 start,amount,unit；输出原列加 due，坏行写到 stderr，退出码 1。"),
)
@click.option("--explain", is_flag=True, help=_("逐行说明计算过程。"))
@click.option("--city", "code", default="440500", show_default=True, help=_("城市代码或目录名。"))
@click.option(
    "--windows",
    "kind",
    default=OFFICE_KIND,
    show_default=True,
    help=_("工作时段类别：office、sanitation、night。"),
)
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出。"))
def deadline(  # noqa: PLR0917 - one argument an option
    start: str | None,
    limit: str | None,
    batch: Path | None,
    explain: bool,
    code: str,
    kind: str,
    as_json: bool,
) -> None:
    """应处置时间: the city's offset in the answer, because that is the clock on the wall."""
    place = city(code)
    calendar = city_calendar(place, kind)
    if batch is not None:
        if start or limit or explain:
            raise click.UsageError(_("--batch 不与 START、LIMIT、--explain 同用。"))
        _batch(batch, place, calendar, as_json=as_json)
    elif start is None or limit is None:
        raise click.UsageError(_("请给出 START 和 LIMIT，或用 --batch 文件。"))
    else:
        _single(start, limit, place, calendar, explain=explain, as_json=as_json)


def _single(
    start: str, text: str, place: City, calendar: WorkCalendar, *, explain: bool, as_json: bool
) -> None:
    zone = ZoneInfo(place.tz)
    if not has_offset(start):
        click.echo(naive_note(place), err=True)
    begin, limit = read_moment(start, zone=zone), parse_limit(text)
    due = calendar.due(begin, limit)
    years = calendar.provisional_years(begin, due) if limit.unit in WORKING else []
    told = calendar.explain(begin, limit) if explain else []
    if as_json:
        answer = {
            "city": place.code,
            "start": local(begin, zone),
            "amount": str(limit.amount),
            "unit": limit.unit.value,
            "due": local(due, zone),
            "provisional_years": years,
            "explain": told,
        }
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    click.echo(local(due, zone))
    for line in told:
        click.echo(line)
    for year in [] if told else years:
        click.echo(provisional_words(year), err=True)


def _batch(path: Path, place: City, calendar: WorkCalendar, *, as_json: bool) -> None:
    from changxiao.cli import deadline_batch

    bad = deadline_batch.run(path, place, calendar, as_json=as_json)
    click.get_current_context().exit(1 if bad else 0)


def local(moment: datetime, zone: tzinfo) -> str:
    """当地时间: ISO 8601 in the city's offset, whole seconds."""
    return moment.astimezone(zone).isoformat(timespec="seconds")


def naive_note(place: City) -> str:
    """提示: said when a start has no offset."""
    return _("提示：起始时间没有时区，按%(city)s当地时间（%(tz)s）计算。") % {
        "city": place.name,
        "tz": place.tz,
    }
