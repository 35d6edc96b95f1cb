"""`changxiao token`: bearer tokens of programs (docs/access.md)."""

from __future__ import annotations

import json
from typing import Any

import click

from changxiao.cli.people import act, staff_named
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _
from changxiao.orgs import actions
from changxiao.orgs.models import ApiToken

AS_JSON = click.option("--json", "as_json", is_flag=True, help=_("以JSON输出。"))


@click.group(help=_("接口令牌：签发、列出、吊销。"))
def token() -> None:
    """令牌."""


@token.command(help=_("为用户USER签发令牌；令牌只显示这一次。"))
@click.argument("user")
@click.option("--kind", type=click.Choice(ApiToken.Kind.values), default="api", help=_("用途。"))
@click.option("--name", default="", help=_("名称，便于日后辨认。"))
@click.option("--days", type=click.IntRange(min=1), help=_("有效天数；不填为长期。"))
@AS_JSON
def create(user: str, kind: str, name: str, days: int | None, as_json: bool) -> None:
    """签发令牌."""
    _row, made = actions.issue_token(staff_named(user), act=act(), kind=kind, name=name, days=days)
    click.echo(json.dumps({"token": made}) if as_json else made)


@token.command("list", help=_("列出令牌（不含令牌本身），可只列用户USER的。"))
@click.argument("user", required=False)
@AS_JSON
def list_(user: str | None, as_json: bool) -> None:
    """列出令牌."""
    rows = ApiToken.objects.select_related("staff")
    if user:
        rows = rows.filter(staff=staff_named(user))
    found = [_plain(row) for row in rows]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for row in found:
        state = _("已吊销") if row["revoked_at"] else _("有效")
        click.echo(f"{row['id']}  {row['user']}  {row['kind']}  {row['name']}  {state}")


@token.command(help=_("吊销编号为NUMBER的令牌。"))
@click.argument("number", type=int)
def revoke(number: int) -> None:
    """吊销令牌."""
    row = ApiToken.objects.select_related("staff").filter(pk=number).first()
    if row is None:
        message = _("没有编号为%(id)s的令牌，请用changxiao token list查看") % {"id": number}
        raise Refused("token_unknown", message, field="number")
    actions.revoke_token(row, act=act())


def _plain(row: ApiToken) -> dict[str, Any]:
    moments = {name: getattr(row, name) for name in ("created_at", "last_used_at", "revoked_at")}
    told = {name: value.isoformat() if value else None for name, value in moments.items()}
    return {"id": row.pk, "user": row.staff.username, "kind": row.kind, "name": row.name, **told}
