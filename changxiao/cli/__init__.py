"""The `changxiao` command: one file a group, loaded only when it is called.

`deadline`, `locate`, `rates`, `evaluate`, `scheme`, `lasting`, `forecast`, `train --csv` and
`suggest` need no database and no home; the others set Django up first.
"""

from __future__ import annotations

import gettext
import importlib
import os
import sys
from pathlib import Path

import click

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _
from changxiao.kernel.words import language

# command: (module, attribute, needs Django)
COMMANDS: dict[str, tuple[str, str, bool]] = {
    "deadline": ("changxiao.cli.deadline", "deadline", False),
    "locate": ("changxiao.cli.locate", "locate", False),
    "train": ("changxiao.cli.suggest", "train", False),
    "suggest": ("changxiao.cli.suggest", "suggest", False),
    "rates": ("changxiao.cli.rates", "rates", False),
    "lasting": ("changxiao.cli.lasting", "lasting", False),
    "forecast": ("changxiao.cli.lasting", "forecast", False),
    "facts": ("changxiao.cli.facts", "facts", False),
    "evaluate": ("changxiao.cli.evaluate", "evaluate", False),
    "scheme": ("changxiao.cli.evaluate", "scheme", False),
    "init": ("changxiao.cli.init", "init", True),
    "run": ("changxiao.cli.run", "run", True),
    "worker": ("changxiao.cli.run", "worker", True),
    "demo": ("changxiao.cli.demo", "demo", True),
    "import": ("changxiao.cli.imports", "import_", True),
    "daily-report": ("changxiao.cli.daily_report", "daily_report", True),
    "export": ("changxiao.cli.exports", "export", True),
    "work-orders": ("changxiao.cli.work_orders", "work_orders", True),
    "token": ("changxiao.cli.token", "token", True),
    "evaluations": ("changxiao.cli.evaluations", "evaluations", True),
    "open311": ("changxiao.cli.open311", "open311", True),
    "ledger": ("changxiao.cli.ledger", "ledger", True),
    "backup": ("changxiao.cli.backup", "backup", True),
    "restore": ("changxiao.cli.backup", "restore", True),
    "search": ("changxiao.cli.search", "search", True),
    "doctor": ("changxiao.cli.doctor", "doctor", True),
    "bench": ("changxiao.cli.bench", "bench", True),
    "torture": ("changxiao.cli.torture", "torture_", True),
}


class _Lazy(click.Group):
    """命令组: a command's module is imported when the command is asked for, not before."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute, needs_django = COMMANDS[cmd_name]
        if needs_django:
            set_up()
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command


def set_up() -> None:
    """备好 Django, for a command that needs the home."""
    import django
    from django.utils import translation

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "changxiao.settings")
    django.setup()
    translation.activate(language())  # set up, Django would answer in its default language


@click.group(cls=_Lazy, help=_("长效：数字城管，从上报到结案，成绩人人可复算。"))
@click.version_option(package_name="changxiao")
def _root() -> None:
    pass


def main() -> None:
    """命令行入口: a refusal is one sentence on stderr and exit code 2, never a traceback.

    So is a file that cannot be read or written, and a database that is away, locked or full.
    """
    _speak()
    try:
        _root()
    except Exception as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        click.echo(sentence, err=True)
        sys.exit(2)


def _speak() -> None:
    """Click's own sentences, which it asks of the standard library's catalogues by LANGUAGE."""
    if language() != "en":
        gettext.bindtextdomain("messages", str(Path(__file__).parent / "locale"))
        os.environ["LANGUAGE"] = "zh_Hans"


def _sentence(error: Exception) -> str | None:
    if isinstance(error, Refused):
        return error.sentence
    if isinstance(error, OSError) and error.filename is not None:
        told = {"file": error.filename, "why": error.strerror}
        return _("无法读写 %(file)s（%(why)s）：请核对路径、权限和磁盘空间。") % told
    from changxiao.kernel.unavailable import translate

    known = translate(error)
    if known is not None:
        return f"{known.sentence} ({error})"
    return _empty_home() if type(error).__module__ == "django.db.utils" else None


def _empty_home() -> str | None:
    """Whatever is asked of a home without tables ends at the first of them."""
    from django.db import connection

    from changxiao.kernel.home import home

    if connection.introspection.table_names():
        return None
    told = {"home": home()}
    return _("%(home)s 里还没有城市：请先运行 changxiao init，或 changxiao run。") % told
