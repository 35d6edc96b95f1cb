"""`changxiao init --city`: make the tables and fill them with one city's data. Twice is as once."""

from __future__ import annotations

import importlib
import json
from importlib.util import find_spec

import click
from django.core.management import call_command
from django.db import transaction

from changxiao.kernel.city import City, city
from changxiao.kernel.scope import system, viewing
from changxiao.kernel.words import gettext as _

ROOMS = ("areas", "orgs", "catalog", "evaluation")  # in the order in which rows point at each other


@click.command(help=_("设市：建库并装入一座城市的区划、标准目录和机构。重复运行不改变任何内容。"))
@click.option("--city", "code", required=True, help=_("城市代码或目录名，如 440500、chicago。"))
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出。"))
def init(code: str, as_json: bool) -> None:
    """设市: an unknown city is refused before anything is made."""
    place = city(code)
    call_command("migrate", interactive=False, verbosity=0)
    counts = fill(place)
    if as_json:
        told = {"city": place.code, "name": place.name, **counts}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    click.echo(_("已设为%(city)s（%(code)s），新增：") % {"city": place.name, "code": place.code})
    for name, count in counts.items():
        click.echo(f"{name}\t{count}")


@transaction.atomic
def fill(place: City) -> dict[str, int]:
    """装入: what each room's own `load` added; a failure of one leaves none."""
    counts: dict[str, int] = {}
    with viewing(system("init")):
        for room in ROOMS:
            if find_spec(f"changxiao.{room}.load"):
                counts |= importlib.import_module(f"changxiao.{room}.load").load(place)
    return counts
