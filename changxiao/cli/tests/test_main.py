"""The command as a whole: what goes wrong outside is a sentence and exit code 2."""

import os
import subprocess
import sys

import pytest
from django.db import OperationalError

from changxiao import cli


def ended(monkeypatch, capsys, error):
    def fails():
        raise error

    monkeypatch.setattr(cli, "_root", fails)
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 2
    return capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_named(monkeypatch, capsys):
    told = ended(monkeypatch, capsys, PermissionError(13, "Permission denied", "/mnt/x.tar.gz"))

    assert "/mnt/x.tar.gz" in told and "Permission denied" in told


def test_a_locked_database_is_told_as_such(monkeypatch, capsys):
    assert "database is locked" in ended(
        monkeypatch, capsys, OperationalError("database is locked")
    )


def test_a_fault_of_ours_keeps_its_trace(monkeypatch):
    monkeypatch.setattr(cli, "_root", lambda: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        cli.main()


def test_a_home_without_a_city_is_told_how_to_get_one(tmp_path):
    told = subprocess.run(
        [sys.executable, "-c", "from changxiao.cli import main; main()", "demo", "build"],
        env={**os.environ, "CHANGXIAO_HOME": str(tmp_path), "DATABASE_URL": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 2
    assert str(tmp_path) in told.stderr and "changxiao init" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh_CN.UTF-8", "没有命令 'verif'。 您要的是 'verify' 吗？"),
        ("en_US.UTF-8", "No such command 'verif'."),
    ],
)
def test_a_slip_of_the_keyboard_is_told_in_the_operators_language(language, sentence):
    told = subprocess.run(
        [sys.executable, "-c", "from changxiao.cli import main; main()", "ledger", "verif"],
        env={**os.environ, "CHANGXIAO_LANG": language},
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 2 and sentence in told.stderr
