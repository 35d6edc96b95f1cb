"""`changxiao doctor`: is everything as it should be, and if not, what is to be done?"""

from __future__ import annotations

import json

import click
from django.utils import timezone

from changxiao.kernel.finding import Finding, Level
from changxiao.kernel.words import gettext as _
from changxiao.surfaces.desk import health

_MARKS = {Level.OK: ("✓", "green"), Level.WARN: ("!", "yellow"), Level.ERROR: ("✗", "red")}


@click.command(
    help=_("体检：设置、数据库、日历、磁盘、后台任务、备份、照片处理；有错误时退出码 1。")
)
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出。"))
def doctor(as_json: bool) -> None:
    """体检."""
    found = health.findings(timezone.now())
    if as_json:
        click.echo(json.dumps([one.as_row() for one in found], ensure_ascii=False, indent=2))
    else:
        for one in found:
            _show(one)
        click.echo(_summary(found))
    if any(one.level == Level.ERROR for one in found):
        click.get_current_context().exit(1)


def _show(one: Finding) -> None:
    mark, color = _MARKS[one.level]
    click.echo(f"{click.style(mark, fg=color)} {one.title}  {one.detail}".rstrip())
    if one.remedy:
        click.echo(f"    {one.remedy}")


def _summary(found: list[Finding]) -> str:
    counts = {level.value: sum(one.level == level for one in found) for level in Level}
    return _("正常 %(ok)s 项，注意 %(warn)s 项，错误 %(error)s 项") % counts
