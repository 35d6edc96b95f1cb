"""`changxiao daily-report`: the signed link of a leader's morning sheet (docs/operate.md)."""

from __future__ import annotations

import json

import click
from django.conf import settings
from django.urls import reverse

from changxiao.cli.people import act, staff_named
from changxiao.kernel.day import local_time
from changxiao.kernel.refused import Refused
from changxiao.kernel.scope import system, viewing
from changxiao.kernel.words import gettext as _
from changxiao.orgs import actions
from changxiao.orgs.links import word_of
from changxiao.orgs.models import ReportLink


@click.group("daily-report", help=_("领导日报：签发、吊销免登录链接。"))
def daily_report() -> None:
    """日报."""


@daily_report.command(help=_("签发（或再次给出）用户USER今天的日报链接。"))
@click.argument("user")
@click.option("--json", "as_json", is_flag=True, help=_("以JSON输出。"))
def link(user: str, as_json: bool) -> None:
    """日报链接."""
    with viewing(system("cli")):
        row = actions.issue_report_link(staff_named(user), act=act())
    address = settings.SITE_URL + reverse("daily", args=[word_of(row)])
    until = local_time(row.expires_at).isoformat(timespec="minutes")
    if as_json:
        click.echo(json.dumps({"url": address, "expires_at": until}))
        return
    click.echo(address)
    click.echo(_("到 %(until)s 为止，凭链接即可打开，请只发给本人。") % {"until": until}, err=True)


@daily_report.command(help=_("吊销用户USER今天的日报链接。"))
@click.argument("user")
def revoke(user: str) -> None:
    """吊销日报链接."""
    with viewing(system("cli")):
        rows = ReportLink.objects.filter(staff=staff_named(user), revoked_at=None)
        row = rows.select_related("staff").order_by("-date").first()
        if row is None:
            message = _("用户“%(user)s”没有可吊销的日报链接") % {"user": user}
            raise Refused("link_unknown", message, field="user")
        actions.revoke_report_link(row, act=act())
