"""备份的拒绝: what may go wrong with a backup, each in one sentence with its remedy."""

from __future__ import annotations

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _


def damaged(name: str) -> Refused:
    """备份损坏: the file is not what was written; `name` is the part that tells."""
    sentence = _("备份文件已损坏（%(name)s 与清单不符），没有恢复任何内容；请改用另一份备份。")
    return Refused("backup_damaged", sentence % {"name": name}, field="file")


def not_a_backup(file: object) -> Refused:
    """不是备份: the file does not begin like one of ours."""
    sentence = _("文件“%(file)s”不是本系统的备份或已损坏；请核对文件名，或改用另一份备份。")
    return Refused("backup_unreadable", sentence % {"file": file}, field="file")


def not_empty(what: object) -> Refused:
    """目标非空: a restore never writes over a city."""
    sentence = _("“%(what)s”已有数据，恢复只能进入空目录；请用 --into 指定一个新目录。")
    return Refused("home_not_empty", sentence % {"what": what}, field="into")


def tool_missing(tool: str) -> Refused:
    """缺少工具: PostgreSQL's own programs make and read its dumps."""
    sentence = _("找不到 %(tool)s；请安装与数据库同版本的 PostgreSQL 客户端（postgresql-client）。")
    return Refused("tool_missing", sentence % {"tool": tool})


def tool_failed(tool: str, said: str) -> Refused:
    """工具失败: with the first line of what it said."""
    sentence = _("%(tool)s 未能完成：%(said)s")
    first = (said.strip().splitlines() or [""])[0][:300]
    return Refused("tool_failed", sentence % {"tool": tool, "said": first})


def wrong_engine(engine: str) -> Refused:
    """数据库种类不符: a PostgreSQL dump needs a PostgreSQL database, and the reverse."""
    sentences = {
        "postgresql": _("该备份来自 PostgreSQL；请将 DATABASE_URL 设为空的 PostgreSQL 库。"),
        "sqlite": _("该备份来自 SQLite，而 DATABASE_URL 指向 PostgreSQL；请先取消 DATABASE_URL。"),
    }
    return Refused("wrong_engine", sentences[engine])


def no_backup(folder: object) -> Refused:
    """没有备份可查."""
    sentence = _("目录“%(folder)s”中没有备份；请先执行 changxiao backup。")
    return Refused("no_backup", sentence % {"folder": folder})


def no_city() -> Refused:
    """没有城市可备份."""
    return Refused("home_empty", _("这里还没有建立城市，无可备份；请先执行 changxiao init。"))
