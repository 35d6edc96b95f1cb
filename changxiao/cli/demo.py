"""`changxiao demo`: the demonstration city and who to sign in as."""

from __future__ import annotations

import json

import click

from changxiao.kernel.words import gettext as _
from changxiao.orgs import demo as demo_users
from changxiao.orgs.posts import Post


@click.group(help=_("示例城市与示例用户（仅限本机的示例环境）。"))
def demo() -> None:
    """示例."""


@demo.command("users", help=_("每个岗位一名示例用户及其口令。"))
@click.option("--json", "as_json", is_flag=True, help=_("以JSON输出。"))
def users(as_json: bool) -> None:
    """示例用户."""
    found = demo_users.users()
    if as_json:
        click.echo(json.dumps([user.as_dict() for user in found], ensure_ascii=False))
        return
    for user in found:
        click.echo(f"{user.username:<18}{user.password:<20}{Post(user.post).label}")
