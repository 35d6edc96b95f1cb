"""`changxiao torture A-01`: does the city keep what it acknowledged, however often it is killed?"""

from __future__ import annotations

import json
import secrets
import shutil
import signal
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import click

from changxiao.bench.torture import TESTS, Outcome, Plan, template, torture
from changxiao.bench.torture_city import Stuck
from changxiao.bench.torture_offline import offline
from changxiao.bench.torture_phone import Outcome as PhoneOutcome
from changxiao.bench.torture_phone import Plan as PhonePlan
from changxiao.bench.torture_phone import phone_torture
from changxiao.bench.torture_score import TEST as SCORE
from changxiao.bench.torture_score import WORLDS, score_torture
from changxiao.bench.torture_score import Plan as ScorePlan
from changxiao.cli.run import web_command
from changxiao.kernel.words import gettext as _

OFFLINE = "A-06"
PHONE = "A-06b"


@click.command(
    "torture",
    help=_(
        "酷刑测试：在临时目录另建一座城市，8 个客户端不停上报，随机 kill -9，最后逐条核对。"
        "A-01 杀死全部进程；A-01b 只杀后台任务，或暂停全部进程；A-06 三部手机经随处断线的代理"
        "上报，--rounds 为上报件数；A-06b 反复杀死监督员的浏览器（须有开发环境和 Chromium），"
        "--mixed 时除上报外还录音录像、自处置、答复任务、开始和结束巡查。"
        "A-05 把 --months 个月的评价分给 --worlds 个环境（散列种子×区域设置×时区），每个环境算"
        "--share 个月，逐字节比较；--share 与 --months 相同时每个环境算全部月份。"
        "通过退出码 0，有丢失退出码 1。"
    ),
)
@click.argument("test", type=click.Choice((*TESTS, SCORE, OFFLINE, PHONE)), default="A-01")
@click.option("--rounds", default=30, show_default=True, help=_("杀几次"))
@click.option("--runs", default=1, show_default=True, help=_("A-06b 跑几遍"))
@click.option("--reports", default=200, show_default=True, help=_("A-06b 每遍办几件"))
@click.option("--mixed", is_flag=True, help=_("A-06b 办外业的各种事，不只上报"))
@click.option("--months", default=50, show_default=True, help=_("A-05 评几个月"))
@click.option(
    "--worlds",
    default=WORLDS,
    show_default=True,
    type=click.IntRange(2, WORLDS),
    help=_("A-05 几个环境"),
)
@click.option(
    "--share",
    default=5,
    show_default=True,
    type=click.IntRange(min=1),
    help=_("A-05 每个环境算几个月"),
)
@click.option("--seed", type=int, help=_("随机种子；给出上次的种子即可重演"))
@click.option(
    "--break", "broken", is_flag=True, help=_("反证：先答复后落盘，必须被查出（退出码 1）")
)
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出。"))
def torture_(
    test: str,
    *,
    rounds: int,
    runs: int,
    reports: int,
    mixed: bool,
    seed: int | None,
    broken: bool,
    as_json: bool,
    **score: int,
) -> None:
    """酷刑测试."""
    # As an exception, so that the city under test is killed and its folder removed on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if test == SCORE:
        _score(seed, **score)
    plan = Plan(test, rounds, secrets.randbelow(2**31) if seed is None else seed, broken)
    with tempfile.TemporaryDirectory(prefix="changxiao-torture-") as folder:
        if not as_json:
            click.echo(_("种子 %(seed)s，正在建立临时城市 …") % {"seed": plan.seed})
        home = template(Path(folder))
        if test == OFFLINE:
            outcome_of_lines = offline(rounds, plan.seed, home, web_command, broken=broken)
            click.echo(json.dumps(outcome_of_lines.as_json(), ensure_ascii=False, indent=2))
            click.get_current_context().exit(0 if outcome_of_lines.ok else 1)
        if test == PHONE:
            told = _phones(runs, PhonePlan(reports, plan.seed, mixed, broken), home)
            click.get_current_context().exit(0 if all(one.ok for one in told) else 1)
        outcome = torture(plan, home, web_command, tell=None if as_json else _progress)
    if as_json:
        click.echo(json.dumps(outcome.as_json(), ensure_ascii=False, indent=2))
    else:
        _tell(outcome)
    click.get_current_context().exit(0 if outcome.ok else 1)


def _score(seed: int | None, *, months: int, worlds: int, share: int) -> None:
    """评价酷刑: as many changed rows as months; ends the command."""
    chosen = secrets.randbelow(2**31) if seed is None else seed
    plan = ScorePlan(months, worlds, min(share, months), months, chosen)
    outcome = score_torture(plan, tell=_ran)
    click.echo(json.dumps(outcome.as_json(), ensure_ascii=False, indent=2))
    click.get_current_context().exit(0 if outcome.ok else 1)


def _ran(done: int, of: int) -> None:
    click.echo(f"[{done}/{of}]", err=True)


def _phones(runs: int, plan: PhonePlan, template: Path) -> list[PhoneOutcome]:
    """外业酷刑 of each run, told as soon as it is over."""
    done = []
    for number in range(runs):
        home = template.with_name(f"phone-{number}")
        shutil.copytree(template, home)
        try:
            own = replace(plan, seed=plan.seed + number)
            outcome = phone_torture(own, home, web_command, tell=_saved)
        except Stuck as no:
            raise click.ClickException(str(no)) from None
        done.append(outcome)
        click.echo(json.dumps(outcome.as_json(), ensure_ascii=False))
        shutil.rmtree(home)
    return done


def _saved(number: int) -> None:
    if number % 10 == 0 and sys.stderr.isatty():
        click.echo(f"\r{number}", nl=False, err=True)


def _progress(number: int, acked: int) -> None:
    line = _("第 %(number)s 轮，已答复 %(acked)s 件") % {"number": number, "acked": acked}
    click.echo(f"\r{line}", nl=False)


def _tell(outcome: Outcome) -> None:
    lines = (
        "",
        _("已答复 %(acked)s 件，已存 %(stored)s 件，丢失 %(lost)s 件，重复 %(duplicated)s 件"),
        _("重发后由记录答复 %(repeated)s 次；照片 %(photos)s 张，清扫残留文件 %(swept)s 个"),
        _("数据库 %(integrity)s，总账核对退出码 %(ledger_code)s"),
        _("启动到首件受理：中位 %(boot_to_201_median)s 秒，最长 %(boot_to_201_most)s 秒"),
    )
    for line in lines:
        click.echo(line % outcome.as_json())
    for line in outcome.unexpected[:5]:
        click.echo(f"  {line}")
    click.echo(_("通过") if outcome.ok else _("未通过"))
