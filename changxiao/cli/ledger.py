"""`changxiao ledger`: verify, prove, export and witness the log (docs/ledger.md)."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
from django.utils import timezone
from django.utils.module_loading import import_string

from changxiao import wiring
from changxiao.kernel.refused import Refused
from changxiao.kernel.scope import system, viewing
from changxiao.kernel.words import gettext as _
from changxiao.ledger import (
    audit,
    audit_media,
    checkpoints,
    notes,
    proofs,
    receipts,
    references,
    sequencer,
    signing,
    witness,
)
from changxiao.ledger import export as exporting
from changxiao.ledger.models import Checkpoint, Entry
from changxiao.ledger.vkey import Verifier

READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
WRITABLE = click.Path(dir_okay=False, path_type=Path)


@click.group(help=_("总账：核对、证明、导出、见证。"))
def ledger() -> None:
    """总账."""


@ledger.command(
    help=_(
        "核对总账。退出码：0 一致，2 链，3 树或根，4 检查点缺失或不一致，5 签名，6 状态与重放不同，"
        "7 照片校验值，8 回执不在总账中。"
    )
)
@click.option("--from", "start", default=0, show_default=True, help=_("从第几条开始。"))
@click.option("--checkpoint", "kept", multiple=True, type=READABLE, help=_("您保存的检查点文件。"))
@click.option("--receipt", "slips", multiple=True, type=READABLE, help=_("回执文件（JSON）。"))
@click.option("--key", default="", help=_("您保存的公钥（vkey）；不给则用本机的。"))
@click.option("--state", is_flag=True, help=_("另核对各表状态与记录重放是否一致。"))
@click.option("--media", is_flag=True, help=_("另核对照片文件。"))
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出。"))
def verify(  # noqa: PLR0917 - one argument an option
    start: int,
    kept: tuple[Path, ...],
    slips: tuple[Path, ...],
    key: str,
    state: bool,
    media: bool,
    as_json: bool,
) -> None:
    """核对."""
    with viewing(system("ledger")):
        verifier = _parsed(key) if key else signing.verifier()
        checks = [*checkpoints.stored(verifier)]
        checks += [notes.check(path.name, _text(path), verifier) for path in kept]
        report = audit.verify(checks, start=start)
        _numbers(report)
        for path in slips:
            _slip(report, path, verifier)
        for sentence in _differences() if state else ():
            report.add(audit.STATE, None, sentence)
        for index, sentence in audit_media.check() if media else ():
            report.add(audit.MEDIA, index, sentence)
    _tell(report, as_json)
    sys.exit(report.code)


def _text(path: Path) -> str:
    # What is no text is no signed note either, and is told as such.
    return path.read_text(encoding="utf-8", errors="replace")


def _told(path: Path, keys: Sequence[str], what: str) -> dict[str, Any]:
    """A JSON object with these keys, from a file that somebody sent. Refused `file_unreadable`."""
    try:
        told = json.loads(_text(path))
    except ValueError:
        told = None
    if not isinstance(told, dict) or not set(keys) <= told.keys():
        sentence = _("文件“%(name)s”不是%(what)s：请核对是否选错了文件。")
        raise Refused("file_unreadable", sentence % {"name": path.name, "what": what})
    return told


def _parsed(key: str) -> Verifier:
    try:
        return Verifier.parse(key)
    except ValueError:
        sentence = _("公钥须写成 名称+校验+内容（changxiao ledger key 的输出），请核对 --key。")
        raise Refused("key_unreadable", sentence, field="key") from None


def _numbers(report: audit.Report) -> None:
    numbers = Checkpoint.objects.order_by("number").values_list("number", flat=True)
    number = notes.missing(numbers)
    if number is not None:
        report.add(audit.CHECKPOINT, None, _("缺第 %(number)s 号检查点") % {"number": number})
    elif not numbers and report.size > 2 * checkpoints.EVERY:
        report.add(audit.CHECKPOINT, 0, _("总账有 %(size)s 条却没有检查点") % {"size": report.size})


def _slip(report: audit.Report, path: Path, verifier: Verifier) -> None:
    values = {"name": path.name}
    try:
        slip = json.loads(path.read_text())
        signed = receipts.holds(slip, verifier)
    except (ValueError, KeyError, TypeError):
        report.add(audit.SIGNATURE, None, _("%(name)s 不是回执") % values)
        return
    if not signed:
        report.add(audit.SIGNATURE, None, _("回执 %(name)s 的签名不是本总账的") % values)
    elif not Entry.objects.filter(act_key=slip["act_key"], hash=slip["hash"]).exists():
        report.add(audit.RECEIPT, None, _("回执 %(name)s 的记录不在总账中") % values)


def _differences() -> Iterator[str]:
    for function in wiring.REPLAYS.values():
        yield from import_string(function)()


def _tell(report: audit.Report, as_json: bool) -> None:
    if as_json:
        _print(
            {
                "code": report.code,
                "size": report.size,
                "root": report.root.hex(),
                "waiting": report.waiting,
                "findings": [
                    {"code": found.code, "index": found.index, "sentence": found.sentence}
                    for found in report.findings
                ],
            }
        )
        return
    for found in report.findings:
        click.echo(f"{found.code}: {found.sentence}", err=True)
    if not report.findings:
        values = {"size": report.size, "waiting": report.waiting, "root": report.root.hex()}
        click.echo(_("一致：%(size)s 条，另有 %(waiting)s 条待定序，根 %(root)s") % values)


def _print(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@ledger.command(
    help=_("给出 WHAT（记录流如 case:受理号、回执文件、二维码引文）在总账中的证明，JSON。")
)
@click.argument("what", required=False)
@click.option("--since", type=int, help=_("改为证明总账由这么多条增长而来，供见证人用。"))
def prove(what: str | None, since: int | None) -> None:
    """证明."""
    if since is not None:
        _print(proofs.prove_growth(since))
        return
    if not what:
        raise click.UsageError(_("请给出记录流或回执文件，或用 --since"))
    path = Path(what)
    if what.startswith(references.MARK):
        entry = references.entry_of(references.parse(what))
        _print(proofs.prove(act_key=entry.act_key, entry_hash=entry.hash))
    elif path.is_file():
        slip = _told(path, ("act_key", "hash"), _("回执"))
        _print(proofs.prove(act_key=slip["act_key"], entry_hash=slip["hash"]))
    else:
        _print(proofs.prove(what))


@ledger.command(help=_("导出总账为 tar；同一总账每次导出的字节相同。"))
@click.option("--to", "path", required=True, type=WRITABLE, help=_("目标文件。"))
def export(path: Path) -> None:
    """导出."""
    with viewing(system("ledger")):
        count = exporting.export(path)
    click.echo(_("已导出 %(count)s 条到 %(path)s") % {"count": count, "path": path})


@ledger.command(help=_("立即定序并签署检查点，输出其文本；总账有误时拒绝。"))
@click.option("--daily", is_flag=True, hidden=True)
def checkpoint(daily: bool) -> None:
    """检查点; `daily` is what the worker asks for: nothing where it is not due."""
    if daily:
        if checkpoints.daily_due(now := timezone.now()):
            os.nice(10)
            checkpoints.sign(now)
        return
    sequencer.drain()
    click.echo(checkpoints.sign(timezone.now()).note, nl=False)


@ledger.command(help=_("显示本总账的公钥，供见证人保存。"))
def key() -> None:
    """公钥."""
    click.echo(str(signing.verifier()))


@ledger.command(
    "witness",
    help=_("见证：核对总账只增不改，记住新的根并副署。PROOF 由 ledger prove --since 给出。"),
)
@click.argument("proof", required=False, type=READABLE)
@click.option("--memory", required=True, type=WRITABLE, help=_("见证人自己的记忆文件。"))
@click.option("--key", default="", help=_("首次见证时本市的公钥（vkey）。"))
@click.option("--name", default="witness", show_default=True, help=_("见证人名称。"))
def witness_(proof: Path | None, memory: Path, key: str, name: str) -> None:
    """见证."""
    known = witness.Memory.load(memory)
    if known is None:
        if not key:
            raise Refused("witness_key", _("首次见证须用 --key 给出从本市取得的公钥"), field="key")
        known = witness.Memory.start(str(_parsed(key)), name)
    keys = ("checkpoint", "path", "old")
    text = _told(proof, keys, _("增长证明")) if proof else proofs.prove_growth(known.size)
    signed = witness.cosign(known, text, int(timezone.now().timestamp()))
    known.save(memory)
    click.echo(signed, nl=False)
