"""`changxiao doctor`: what scripts read, what people read, and the exit code."""

import json

import pytest
from click.testing import CliRunner

from changxiao.cli.doctor import doctor
from changxiao.kernel.finding import Finding, Level
from changxiao.surfaces.desk import health

FINE = Finding("disk", Level.OK, "磁盘空间", "可用 50 GB")
NOTE = Finding("backup", Level.WARN, "备份", "还没有备份", "请执行 changxiao backup。")
WRONG = Finding("write", Level.ERROR, "数据库写入", "OperationalError", "请查看磁盘。")


@pytest.mark.parametrize(("found", "code"), [([FINE, NOTE], 0), ([FINE, WRONG], 1)])
def test_only_an_error_makes_the_exit_code_one(monkeypatch, found, code):
    monkeypatch.setattr(health, "findings", lambda now: found)

    assert CliRunner().invoke(doctor).exit_code == code


def test_the_json_has_id_level_title_detail_and_remedy(monkeypatch):
    monkeypatch.setattr(health, "findings", lambda now: [NOTE])

    told = json.loads(CliRunner().invoke(doctor, ["--json"]).output)

    assert told == [
        {
            "id": "backup",
            "level": "warn",
            "title": "备份",
            "detail": "还没有备份",
            "remedy": "请执行 changxiao backup。",
        }
    ]


def test_people_read_what_to_do(monkeypatch):
    monkeypatch.setattr(health, "findings", lambda now: [FINE, NOTE])

    lines = CliRunner().invoke(doctor).output.splitlines()

    assert lines[-2].strip() == NOTE.remedy
