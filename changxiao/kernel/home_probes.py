"""安装目录的自检: room on the disk, who may read the keys, how old the newest backup is.

Pure but for reading the folder: path and time come in as arguments. Bounds: reliability.md §8.
"""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from changxiao.kernel.finding import Finding, Level
from changxiao.kernel.words import gettext as _

LEAST_SHARE = 0.05
LEAST_BYTES = 1024**3
GIB = 1024**3
BACKUP_STALE = timedelta(hours=26)  # a daily copy that slipped by a little is no news
BACKUP_LOST = timedelta(days=3)


def disk(path: Path) -> Finding:
    """磁盘空间: at least 5 % and 1 GB free, else uploads and soon texts are turned away."""
    usage = shutil.disk_usage(path)
    return disk_of(usage.free, usage.total)


def disk_of(free: int, total: int) -> Finding:
    """磁盘空间, from bytes free and in total."""
    detail = _("可用 %(free)s GB，共 %(total)s GB（%(share)s%%）") % {
        "free": f"{free / GIB:.1f}",
        "total": f"{total / GIB:.1f}",
        "share": f"{100 * free / max(total, 1):.0f}",
    }
    if free < LEAST_BYTES or free < LEAST_SHARE * total:
        remedy = _("请清理磁盘或扩容，至少留出 5% 且不少于 1 GB；满盘后系统将拒收上报（503）。")
        return Finding("disk", Level.ERROR, _("磁盘空间不足"), detail, remedy)
    return Finding("disk", Level.OK, _("磁盘空间"), detail)


def keys(folder: Path) -> Finding:
    """密钥文件: nobody but the owner may read them."""
    files = [path for path in (folder, *sorted(folder.glob("*"))) if path.exists()]
    open_ones = [path.name for path in files if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if open_ones:
        remedy = _("请执行 chmod -R u=rwX,go= %(folder)s，并考虑更换已泄露的密钥。")
        return Finding(
            "keys",
            Level.ERROR,
            _("密钥文件可被他人读取"),
            ", ".join(open_ones),
            remedy % {"folder": folder},
        )
    count = sum(path.is_file() for path in files)
    return Finding(
        "keys", Level.OK, _("密钥文件"), _("%(count)s 个，仅属主可读") % {"count": count}
    )


def backup(made: Iterable[datetime], now: datetime) -> Finding:
    """备份: age of the newest of the copies `made`."""
    newest = max(made, default=None)
    title = _("备份")
    remedy = _("请执行 changxiao backup；后台任务运行时每小时自动备份，请查看其是否在运行。")
    if newest is None:
        return Finding("backup", Level.WARN, title, _("还没有备份"), remedy)
    age = now - newest
    detail = _("最近一份：%(at)s（%(hours)s 小时前）") % {
        "at": newest.astimezone().isoformat(timespec="minutes"),
        "hours": f"{age / timedelta(hours=1):.1f}",
    }
    if age > BACKUP_LOST:
        return Finding("backup", Level.ERROR, _("备份过旧"), detail, remedy)
    if age > BACKUP_STALE:
        return Finding("backup", Level.WARN, _("备份过旧"), detail, remedy)
    return Finding("backup", Level.OK, title, detail)
