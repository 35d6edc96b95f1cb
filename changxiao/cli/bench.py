"""`changxiao bench NAME`: measure a path of docs/benchmarks.md here and now."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Sequence
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from changxiao.bench.figures import BENCHES, Figure
from changxiao.kernel.words import gettext as _


class _Benches(click.Group):
    """A bench's module is imported when it is asked for; its options become the command's."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return ["all", *BENCHES]

    def get_command(
        self,
        ctx: click.Context,
        cmd_name: str,
    ) -> click.Command | None:
        if cmd_name == "all":
            return _all
        if cmd_name not in BENCHES:
            return None
        name, words = BENCHES[cmd_name]
        module = importlib.import_module(name)

        def measure(as_json: bool, **options: Any) -> None:
            _show(module.run(**options), as_json=as_json)

        told = click.Option(["--json", "as_json"], is_flag=True, help=_("以 JSON 输出。"))
        options = [*getattr(module, "OPTIONS", ()), told]
        return click.Command(cmd_name, params=options, callback=measure, help=_(words))


@click.group(cls=_Benches, help=_("性能测试：在本机测量 docs/benchmarks.md 中的各项数据。"))
def bench() -> None:
    pass


@click.command("all", help=_("依次测量所有项目。"))
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出。"))
def _all(as_json: bool) -> None:
    figures: list[Figure] = []
    for name, _words in BENCHES.values():
        module = importlib.import_module(name)
        if not getattr(module, "ALONE", False):
            figures += module.run()
    _show(figures, as_json=as_json)


def _show(figures: Sequence[Figure], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([figure.as_row() for figure in figures], ensure_ascii=False))
        return
    table = Table()
    table.add_column(_("路径"), no_wrap=True)
    measured = [column for column in _COLUMNS if any(column[1](figure) for figure in figures)]
    for heading, _read in measured:
        table.add_column(_(heading), justify="right")
    for figure in figures:
        table.add_row(figure.path, *(read(figure) for _heading, read in measured))
    Console().print(table)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.4g}"


# A column that no figure of the bench fills is left out.
_COLUMNS: tuple[tuple[str, Callable[[Figure], str]], ...] = (
    ("数值", lambda figure: _number(figure.value)),
    ("单位", lambda figure: figure.unit),
    ("倍数", lambda figure: _number(figure.ratio)),
    ("SQL", lambda figure: _number(figure.sql)),
    ("p99 ms", lambda figure: _number(figure.p99_ms)),
    ("CPU ms", lambda figure: _number(figure.cpu_ms)),
    ("说明", lambda figure: figure.note),
)
