"""`changxiao demo`: build the demonstration city, and who to sign in as."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import click
from django.utils import timezone

from changxiao.cases.flow import Stage
from changxiao.cases.samples.building import Built, Progress, build
from changxiao.cases.samples.plan import Wish
from changxiao.evaluation import samples as evaluations
from changxiao.kernel import scope
from changxiao.kernel.words import gettext as _
from changxiao.orgs import demo as demo_users
from changxiao.orgs import samples as rosters
from changxiao.orgs.posts import Post
from changxiao.patrols import samples as patrols
from changxiao.workorders import samples as orders


@click.group(help=_("示例城市与示例用户（仅限本机的示例环境）。"))
def demo() -> None:
    """示例."""


@demo.command("build", help=_("造演示案卷：用各岗位的动作办出几周的案卷。重复运行不增加内容。"))
@click.option("--weeks", default=8, show_default=True, type=click.IntRange(1, 12), help=_("几周"))
@click.option("--cases", default=900, show_default=True, type=click.IntRange(1), help=_("几件"))
@click.option("--seed", default=1, show_default=True, help=_("种子：同一种子造出同样的案卷"))
@click.option("--json", "as_json", is_flag=True, help=_("以JSON输出。"))
def build_(weeks: int, cases: int, seed: int, as_json: bool) -> None:
    """造演示案卷."""
    started = time.monotonic()
    until = timezone.now().replace(microsecond=0)
    wish = Wish(weeks=weeks, cases=cases, seed=seed, until=until)
    with scope.viewing(scope.system("demo")), _bar() as told:
        built = build(wish, told)
        for beside in (rosters, patrols, orders, evaluations):
            beside.build(until)
    _tell(built, time.monotonic() - started, as_json=as_json)


@contextmanager
def _bar() -> Iterator[Progress]:
    """进度: what, how many, and the time left, on stderr; only the name where nobody looks."""
    bars: dict[str, Any] = {}

    def told(what: str, done: int, whole: int) -> None:
        if what not in bars:
            _close(bars)
            bars[what] = click.progressbar(
                length=whole, label=what, file=sys.stderr, show_pos=True, show_eta=True
            ).__enter__()
        bars[what].update(done - bars[what].pos)

    try:
        yield told
    finally:
        _close(bars)


def _close(bars: dict[str, Any]) -> None:
    for bar in bars.values():
        bar.render_finish()


def _tell(built: Built, seconds: float, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({**asdict(built), "seconds": round(seconds, 1)}, ensure_ascii=False))
        return
    words = {**asdict(built), "seconds": round(seconds)}
    sentence = _(
        "新增案卷%(cases)d件、记录%(entries)d条、部件%(components)d个、照片%(photos)d张，"
        "用时%(seconds)d秒。"
    )
    click.echo(sentence % words)
    for stage in Stage:
        click.echo(f"{stage.label}\t{built.stages.get(stage.value, 0)}")
    for what, count in built.refused.items():
        click.echo(_("未办成：%(what)s（%(count)d）") % {"what": what, "count": count}, err=True)


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
