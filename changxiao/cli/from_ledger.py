"""`--ledger`, `--key`, `--checkpoint`: an exported log in the place of a home, for an auditor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from changxiao.kernel.words import gettext as _

if TYPE_CHECKING:
    from changxiao.evaluation.feed.audited import AuditedLog

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class AskedLedger:
    """所给的总账导出: its file, and what the auditor holds it against."""

    path: Path | None
    key: str
    kept: tuple[Path, ...]

    def opened(self) -> AuditedLog:
        """核对并打开; what no signature covers is told on stderr. Refused as `exported.read`."""
        from changxiao.evaluation.feed.audited import AuditedLog

        assert self.path is not None
        log = AuditedLog(self.path, key=self.key, kept=self.kept)
        told = {"size": log.whole.size, "signed": log.whole.signed}
        click.echo(_("总账完整：%(size)d 条，其中 %(signed)d 条有检查点签名。") % told, err=True)
        if not self.key:
            click.echo(_("没有给 --key：签名只与导出自带的公钥核对过。"), err=True)
        return log


def from_ledger(command: Callable[..., Any]) -> Callable[..., Any]:
    """总账选项: the command gets them as one `ledger`."""

    @click.option("--ledger", "export", type=_FILE, help=_("总账导出（tar），代替本机的总账。"))
    @click.option("--key", default="", help=_("您从本市取得的公钥（vkey），核对导出的签名。"))
    @click.option("--checkpoint", "kept", multiple=True, type=_FILE, help=_("您保存的检查点文件。"))
    @wraps(command)
    def asked(
        *more: Any, export: Path | None, key: str, kept: tuple[Path, ...], **given: Any
    ) -> Any:
        if export is None and (key or kept):
            raise click.UsageError(_("--key 和 --checkpoint 用来核对 --ledger：请给出总账导出。"))
        return command(*more, ledger=AskedLedger(export, key, kept), **given)

    return asked
