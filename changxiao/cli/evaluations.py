"""`changxiao evaluations`: compute the evaluations that wait (the worker calls this)."""

from __future__ import annotations

import os

import click

from changxiao.evaluation import working
from changxiao.kernel.scope import system, viewing
from changxiao.kernel.words import gettext as _


@click.command(help=_("计算排队中的评价。"))
def evaluations() -> None:
    """计算评价."""
    os.nice(10)  # the city's own work goes first
    with viewing(system("evaluation")):
        click.echo(_("算了 %(count)s 次评价。") % {"count": working.work()})
