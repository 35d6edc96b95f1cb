"""记录的自检 probes: database, jobs, order, media and backups, each as a Finding (`doctor`)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from changxiao.kernel import home, home_probes
from changxiao.kernel.finding import Finding, Level
from changxiao.kernel.transactions import writing
from changxiao.kernel.unavailable import Unavailable
from changxiao.ledger import checks, health
from changxiao.ledger.backup import schedule
from changxiao.ledger.consumers import Consumer
from changxiao.ledger.media import weights
from changxiao.ledger.media.sandbox import media_limits
from changxiao.ledger.models import Cursor, Heartbeat

_REHEARSAL_STALE = timedelta(days=3)


def migrations() -> Finding:
    """数据库结构: every migration of this version is in the database."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    title = _("数据库结构")
    if not plan:
        return Finding("migrations", Level.OK, title, _("已是最新"))
    if not executor.loader.applied_migrations:
        remedy = _("请执行 changxiao init --city 440500，或 changxiao run。")
        return Finding("migrations", Level.WARN, title, _("数据库还是空的"), remedy)
    names = ", ".join(str(step) for step, _back in plan[:5])
    remedy = _("请先执行 changxiao backup，再执行 python manage.py migrate 或 changxiao run。")
    detail = _("有 %(count)s 个迁移未应用：%(names)s") % {"count": len(plan), "names": names}
    return Finding("migrations", Level.ERROR, title, detail, remedy)


def engine() -> Finding:
    """数据库版本: an SQLite that may use its journal mode, or which PostgreSQL this is."""
    title = _("数据库版本")
    wrong = checks.check_sqlite()
    if wrong:
        return Finding("database", Level.ERROR, title, str(wrong[0].msg), str(wrong[0].hint))
    if connection.vendor != "sqlite":
        connection.ensure_connection()
        return Finding("database", Level.OK, title, f"PostgreSQL {connection.pg_version}")  # type: ignore[attr-defined]
    modes = [_pragma(name) for name in ("journal_mode", "synchronous")]
    detail = f"SQLite {sqlite3.sqlite_version}, journal_mode={modes[0]}, synchronous={modes[1]}"
    if modes[1] not in {"2", "3"}:
        remedy = _("请恢复 settings 中的 synchronous=FULL，否则断电会丢失已受理的上报。")
        return Finding("database", Level.ERROR, title, detail, remedy)
    return Finding("database", Level.OK, title, detail)


def _pragma(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return str(cursor.fetchone()[0])


def triggers() -> Finding:
    """只增触发器: the database itself refuses changes of the log."""
    wrong = checks.check_triggers(databases=["default"])
    if wrong:
        hint = str(wrong[0].hint)
        return Finding("triggers", Level.ERROR, _("只增触发器"), str(wrong[0].msg), hint)
    return Finding("triggers", Level.OK, _("只增触发器"), _("齐全"))


def writable() -> Finding:
    """写入试验: the database takes a change, which is then taken back."""
    title = _("数据库写入")
    try:
        with writing():
            Cursor.objects.create(consumer="probe", position=0)
            transaction.set_rollback(True)
    except (Unavailable, DatabaseError, InterfaceError) as no:
        remedy = _("请查看数据库是否被其他程序锁住、磁盘是否已满或只读；恢复后无需重启。")
        return Finding("write", Level.ERROR, title, type(no).__name__, remedy)
    return Finding("write", Level.OK, title, _("可写"))


def jobs(now: datetime, consumers: Iterable[Consumer], *, serving: bool) -> Finding:
    """后台任务: heartbeats, order of entries, consumers and what they parked.

    `serving`: the web answers just now, so that a worker that is not there at all is an error.
    """
    title = _("后台任务")
    beats = list(Heartbeat.objects.all())
    awake = any(now - row.beat_at <= timedelta(seconds=2 * row.period + 60) for row in beats)
    if not awake:
        detail = _("没有运行") if beats else _("从未运行")
        remedy = _("请执行 changxiao run，或单独启动 changxiao worker。")
        return Finding("jobs", Level.ERROR if serving else Level.WARN, title, detail, remedy)
    wrong = health.problems(now, consumers)
    if wrong:
        remedy = _("请查看后台任务的日志；搁置的记录处理后会继续。")
        return Finding("jobs", Level.ERROR, title, "; ".join(wrong), remedy)
    return Finding("jobs", Level.OK, title, _("%(count)s 项按时") % {"count": len(beats)})


def media() -> Finding:
    """照片处理的限制: what this system does not grant the cleaning process."""
    missing = media_limits()
    if not missing:
        return Finding("media", Level.OK, _("照片处理"), _("隔离限制齐全"))
    remedy = _("照片仍可处理，但少一层保护；请在支持这些限制的 Linux 上运行。")
    return Finding("media", Level.WARN, _("照片处理"), ", ".join(missing), remedy)


def faces() -> Finding:
    """人脸检测: whether faces are proposed; without it a person draws every box."""
    title, version = _("人脸检测"), weights.installed()
    if version:
        return Finding("faces", Level.OK, title, version)
    remedy = _("照片须由人看过才能公开，没有框可参考；安装：make setup-blur（约 90 MB）。")
    return Finding("faces", Level.OK, title, _("没有安装"), remedy)


def backups(now: datetime) -> list[Finding]:
    """备份与演练: how old the newest copy is, and whether one was restored on trial."""
    where = schedule.folder()
    found = [home_probes.backup(schedule.made(where), now)]
    last = schedule.last_rehearsal(where)
    title, remedy = _("恢复演练"), _("请执行 changxiao backup --check，并保留较早的备份。")
    if last is None:
        return found
    detail = f"{last.at[:16]} {last.file}"
    if not last.ok:
        detail = f"{detail}: {last.said}"
        return [*found, Finding("rehearsal", Level.ERROR, _("恢复演练未通过"), detail, remedy)]
    stale = now - last.moment > _REHEARSAL_STALE
    level = Level.WARN if stale else Level.OK
    return [*found, Finding("rehearsal", level, title, detail, remedy if stale else "")]


def folders() -> list[Finding]:
    """安装目录: disk and keys of this home."""
    return [home_probes.disk(home.home()), home_probes.keys(home.folder("keys"))]
