"""`changxiao export`: write a long list that somebody waits for (the worker calls this)."""

from __future__ import annotations

import resource

import click

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _
from changxiao.orgs import downloads
from changxiao.orgs.models import Download

MEMORY = 1024 * 1024 * 1024  # of addresses; what is really used stays far below


@click.group(help=_("导出：生成排队中的下载。"))
def export() -> None:
    """导出."""


@export.command(help=_("生成编号为NUMBER的下载。"))
@click.argument("number", type=int)
def make(number: int) -> None:
    """生成."""
    if not Download.objects.filter(pk=number).exists():
        message = _("没有编号为%(id)s的下载") % {"id": number}
        raise Refused("download_unknown", message, field="number")
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))
    downloads.make(number)
