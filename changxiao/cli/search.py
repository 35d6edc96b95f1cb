"""`changxiao search rebuild`: make the word index of cases anew from the rows."""

from __future__ import annotations

import time

import click

from changxiao.cases import indexing
from changxiao.kernel.scope import system, viewing
from changxiao.kernel.words import gettext as _
from changxiao.ledger import consumers
from changxiao.wiring import CONSUMERS


@click.group(help=_("搜索：案卷词索引。"))
def search() -> None:
    pass


@search.command(help=_("由案卷重建词索引；可在运行中执行，期间查得到已重建的部分。"))
def rebuild() -> None:
    """重建词索引, and let its consumer go on from here."""
    begun, done = time.monotonic(), 0
    with viewing(system("search-rebuild")):
        # First the cursor: what happens while we read is heard afterwards, twice rather than never.
        consumers.move_to_end(next(one for one in CONSUMERS if one.name == indexing.CONSUMER))
        for done in indexing.rebuild():
            click.echo(f"\r{done:,}", nl=False, err=True)
    told = {"count": f"{done:,}", "seconds": f"{time.monotonic() - begun:.1f}"}
    click.echo("", err=True)
    click.echo(_("已重建 %(count)s 件案卷的词索引，用时 %(seconds)s 秒。") % told)
