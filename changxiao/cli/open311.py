"""`changxiao open311`: exchange cases with other cities' servers (docs/channels.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import click
from django.utils import timezone

from changxiao.kernel.words import gettext as _
from changxiao.surfaces.protocols.open311.client import peers as known
from changxiao.surfaces.protocols.open311.client.pulling import pull as take
from changxiao.surfaces.protocols.open311.client.pushing import push as send
from changxiao.surfaces.protocols.open311.jobs import last_at

AS_JSON = click.option("--json", "as_json", is_flag=True, help=_("以JSON输出。"))


@click.group(help=_("与其他城市的 Open311 系统互通：列出、收、送。"))
def open311() -> None:
    """互通."""


@open311.command(help=_("列出对方（目录 open311 下的 .toml 文件）和上次互通的时间。"))
@AS_JSON
def peers(as_json: bool) -> None:
    """列出对方."""
    rows = [(one, last_at(one)) for one in known.peers()]
    if as_json:
        told = [
            {"name": p.name, "url": p.url, "last": at.isoformat() if at else None} for p, at in rows
        ]
        click.echo(json.dumps(told))
        return
    for one, at in rows:
        click.echo(f"{one.name}  {one.url}  {at.isoformat() if at else '-'}")


@open311.command(help=_("收对方PEER的案卷：名称或 .toml 文件的路径。"))
@click.argument("peer")
@click.option("--since", type=click.DateTime(), help=_("从什么时候起（UTC）；不填为最近90天。"))
@AS_JSON
def pull(peer: str, since: datetime | None, as_json: bool) -> None:
    """收对方."""
    now = timezone.now()
    begin = since.replace(tzinfo=UTC) if since else now - timedelta(days=90)
    _show(asdict(take(known.peer(peer), since=begin, until=now)), as_json)


@open311.command(help=_("把已公开的案卷送往对方PEER，并收对方的进展。"))
@click.argument("peer")
@AS_JSON
def push(peer: str, as_json: bool) -> None:
    """送对方."""
    _show(asdict(send(known.peer(peer))), as_json)


def _show(told: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(told))
        return
    for name, value in told.items():
        click.echo(f"{name}: {json.dumps(value) if isinstance(value, dict | list) else value}")
