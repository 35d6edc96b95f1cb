"""`changxiao backup`, `changxiao restore`: one file that holds a city, and the way back.

Both tell what a loss at this moment would cost (RPO): the time of the last entry in the copy.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from changxiao.kernel.home import home
from changxiao.kernel.words import gettext as _
from changxiao.ledger.backup import making, refusals, restoring, schedule
from changxiao.ledger.backup.manifest import Manifest
from changxiao.ledger.backup.restoring import Verdict

_FILE = click.Path(dir_okay=False, path_type=Path)
_EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command(
    help=_("备份：数据库、照片、密钥打成一个文件，系统照常运行。备份含密钥和个人信息，请妥善保管。")
)
@click.option("--to", "target", type=_FILE, help=_("写到哪个文件，默认写入备份目录。"))
@click.option("--check", is_flag=True, help=_("不做新备份，而是把最近一份恢复到临时目录并验证。"))
@click.option("--scheduled", is_flag=True, hidden=True)
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出。"))
def backup(target: Path | None, check: bool, scheduled: bool, as_json: bool) -> None:
    """备份."""
    if scheduled:
        _scheduled(timezone.now())
    elif check:
        _check(target, as_json=as_json)
    else:
        target = target.absolute() if target else None
        file, packed = making.make(timezone.now(), target)
        _tell(_("已备份到 %(file)s") % {"file": file}, packed, as_json=as_json, file=str(file))


@click.command(help=_("恢复：把备份 FILE 恢复到空目录，逐个文件核对校验值，然后验证总账。"))
@click.argument("file", type=_EXISTING)
@click.option("--into", type=_FOLDER, help=_("恢复到哪个目录，默认 CHANGXIAO_HOME。"))
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出。"))
def restore(file: Path, into: Path | None, as_json: bool) -> None:
    """恢复."""
    target = (into or home()).absolute()
    packed = restoring.restore(file, target)
    verdict = restoring.verify(target, packed)
    words = {"file": file.name, "home": target}
    _tell(
        _("已将 %(file)s 恢复到 %(home)s") % words,
        packed,
        as_json=as_json,
        verdict=verdict,
        home=str(target),
    )


def _scheduled(now: datetime) -> None:
    """What the worker asks for: whatever is due, with low priority, silent when all is well."""
    os.nice(10)
    where = schedule.folder()
    copy_due, rehearsal_due = schedule.due(where, now)
    if copy_due:
        making.make(now)
        schedule.prune(where, now)
    if rehearsal_due:
        _rehearse(_newest(where), now)


def _check(file: Path | None, *, as_json: bool) -> None:
    file = file or _newest(schedule.folder())
    packed, verdict = _rehearse(file, timezone.now())
    words = _("已试恢复 %(file)s") % {"file": file}
    _tell(words, packed, as_json=as_json, verdict=verdict, file=str(file))


def _rehearse(file: Path, now: datetime) -> tuple[Manifest, Verdict]:
    packed, verdict = restoring.rehearse(file)
    done = schedule.Rehearsal(now.isoformat(), file.name, verdict.ok, verdict.said)
    schedule.note_rehearsal(schedule.folder(), done)
    return packed, verdict


def _newest(where: Path) -> Path:
    copies = schedule.made(where)
    if not copies:
        raise refusals.no_backup(where)
    return copies[max(copies)]


def _tell(
    headline: str,
    packed: Manifest,
    *,
    as_json: bool,
    verdict: Verdict | None = None,
    **more: str,
) -> None:
    told: dict[str, Any] = restoring.as_json(packed) | more
    told |= {"rpo_seconds": _age(packed)}
    if verdict is not None:
        told |= {"verified": verdict.ok, "verify_code": verdict.code}
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        click.echo(headline)
        for line in _lines(packed, told, verdict):
            click.echo(line)
    if verdict is not None and not verdict.ok:
        click.get_current_context().exit(verdict.code)


def _lines(packed: Manifest, told: dict[str, Any], verdict: Verdict | None) -> list[str]:
    facts = packed.facts
    lines = [
        _("文件 %(files)s 个，%(mega)s MB")
        % {"files": told["files"], "mega": f"{told['bytes'] / 1e6:,.1f}"},
        _("记录 %(entries)s 条，总账 %(size)s 条，根 %(root)s")
        % {"entries": facts.entries, "size": facts.size, "root": facts.root[:16]},
    ]
    words = {"made": packed.made_at, "newest": facts.newest_at or "-"}
    lines.append(_("备份时间 %(made)s，最后一条记录 %(newest)s；其后的内容不在此备份中") % words)
    if verdict is not None:
        lines.append(verdict.said or (_("验证通过") if verdict.ok else _("验证未通过")))
    return lines


def _age(packed: Manifest) -> int:
    """RPO: seconds from the copy to now, all that a restore of it would lose."""
    return max(0, round((timezone.now() - packed.moment).total_seconds()))
