"""`changxiao deadline` as a person and a script call it: no database, no home folder, fast."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from changxiao.cli.deadline import deadline

COMMAND = [sys.executable, "-c", "from changxiao.cli import main; main()", "deadline"]


def call(*words, **environment):
    bare = {name: value for name, value in os.environ.items() if name != "CHANGXIAO_HOME"}
    bare |= {"PYTHONIOENCODING": "utf-8", "CHANGXIAO_LANG": "zh", **environment}
    return subprocess.run(
        [*COMMAND, *words], capture_output=True, env=bare, text=True, encoding="utf-8", check=False
    )


def test_one_deadline_is_one_line_in_the_citys_offset():
    done = call("2026-09-30T17:30+08:00", "4 工作时")
    assert (done.returncode, done.stdout, done.stderr) == (0, "2026-10-08T11:30:00+08:00\n", "")


def test_another_offset_is_the_same_moment():
    assert CliRunner().invoke(deadline, ["2026-09-30T09:30Z", "4 工作时"]).stdout == (
        "2026-10-08T11:30:00+08:00\n"
    )


def test_a_start_without_an_offset_is_the_citys_time_and_says_so():
    done = CliRunner().invoke(deadline, ["2026-09-30T17:30", "4 工作时"])
    assert done.stdout == "2026-10-08T11:30:00+08:00\n"
    assert "汕头市" in done.stderr and "Asia/Shanghai" in done.stderr


def test_a_leap_second_is_the_next_minute():
    done = CliRunner().invoke(deadline, ["2016-12-31T23:59:60Z", "1 紧急工作时"])
    assert done.stdout == "2017-01-01T09:00:00+08:00\n"


def test_a_provisional_year_is_warned_of():
    done = CliRunner().invoke(deadline, ["2026-12-31T17:00+08:00", "2 工作时"])
    assert done.stdout == "2027-01-01T09:00:00+08:00\n" and "2027" in done.stderr


def test_the_explanation_follows_line_by_line():
    done = CliRunner().invoke(deadline, ["2026-09-30T17:30+08:00", "4 工作时", "--explain"])
    assert "国庆节，不计" in done.stdout and len(done.stdout.splitlines()) == 7


def test_json_has_the_same_answer():
    words = ["2026-12-31T17:00+08:00", "2 工作时", "--json"]
    answer = json.loads(CliRunner().invoke(deadline, words).stdout)
    assert answer["due"] == "2027-01-01T09:00:00+08:00"
    assert (answer["unit"], answer["provisional_years"]) == ("work_hour", [2027])


@pytest.mark.parametrize(
    ("start", "limit", "said"),
    [
        ("2026-09-30T17:30+08:00", "4 天", "有歧义"),
        ("gestern", "4 工作时", "gestern"),
        ("2026-09-31T17:30+08:00", "4 工作时", "无法读取"),
        ("9999-12-31T23:59Z", "4 工作时", "1900 至 2200"),
        ("0001-01-01T00:00+14:00", "4 工作时", "1900 至 2200"),
    ],
)
def test_what_cannot_be_read_is_one_sentence_and_exit_code_two(start, limit, said):
    done = call(start, limit)
    assert done.returncode == 2 and done.stdout == ""
    assert said in done.stderr and "Traceback" not in done.stderr


def test_an_unknown_city_names_the_known_ones():
    assert "440500" in call("2026-09-30T17:30Z", "4 工作时", "--city", "atlantis").stderr


def test_a_batch_keeps_its_columns_and_adds_due(tmp_path):
    sheet = tmp_path / "in.csv"
    sheet.write_text(
        "\ufeffid,start,amount,unit\n"
        "甲,2026-09-30T17:30+08:00,4,工作时\n"
        "乙,2026-03-02T09:00,1,work_day\n"
        '"丙,丁",2026-03-02T09:00Z,2,urgent hours\n',
        encoding="utf-8",
    )
    done = call("--batch", str(sheet))
    assert done.returncode == 0 and "Asia/Shanghai" in done.stderr
    assert done.stdout.splitlines() == [
        "id,start,amount,unit,due",
        "甲,2026-09-30T17:30+08:00,4,工作时,2026-10-08T11:30:00+08:00",
        "乙,2026-03-02T09:00,1,work_day,2026-03-03T09:00:00+08:00",
        '"丙,丁",2026-03-02T09:00Z,2,urgent hours,2026-03-02T19:00:00+08:00',
    ]


BAD = """start,amount,unit
2026-03-02T09:00Z,4,天

2026-03-02T09:00Z,vier,工作时
never,4,工作时
2026-03-02T09:00Z
2199-03-02T09:00Z,9999,工作日
2026-03-02T09:00Z,1,工作时,too,many
2026-03-02T09:00Z,1,工作时
"""


def test_bad_rows_stay_empty_and_are_told_by_row_and_column(tmp_path):
    sheet = tmp_path / "in.csv"
    sheet.write_text(BAD, encoding="utf-8")
    done = call("--batch", str(sheet))
    assert done.returncode == 1
    due = [line.rpartition(",")[2] for line in done.stdout.splitlines()[1:]]
    assert due == ["", "", "", "", "", "", "2026-03-02T18:00:00+08:00"]
    told = [" ".join(line.split()[:4]) for line in done.stderr.splitlines()]
    rows = [line for line in told if line.startswith("第")]
    assert [row.split()[1] for row in rows] == ["2", "4", "5", "6", "7", "8"]
    assert "unit" in rows[0] and "amount" in rows[1] and "start" in rows[2]


def test_a_batch_as_json_gives_each_bad_row_its_code(tmp_path):
    sheet = tmp_path / "in.csv"
    sheet.write_text(BAD, encoding="utf-8")
    rows = json.loads(CliRunner().invoke(deadline, ["--batch", str(sheet), "--json"]).stdout)
    assert rows[0]["error"] == "limit_ambiguous" and rows[-1]["error"] == ""
    assert rows[-1]["due"] == "2026-03-02T18:00:00+08:00"


def test_a_spreadsheet_saved_on_chinese_windows_is_read(tmp_path):
    sheet = tmp_path / "in.csv"
    sheet.write_bytes("start,amount,unit\n2026-03-02T09:00+08:00,4,工作时\n".encode("gb18030"))
    assert call("--batch", str(sheet)).stdout.endswith("2026-03-02T15:00:00+08:00\n")


@pytest.mark.parametrize(
    "text", ["", "start,amount\n", "a\x00b\n", "start,amount,unit\n" + "x" * 200_000]
)
def test_a_file_of_another_kind_is_refused_in_one_sentence(tmp_path, text):
    sheet = tmp_path / "in.csv"
    sheet.write_text(text, encoding="utf-8")
    done = call("--batch", str(sheet))
    assert done.returncode == 2 and "Traceback" not in done.stderr


def test_a_file_with_only_its_heading_is_answered_with_the_heading(tmp_path):
    sheet = tmp_path / "in.csv"
    sheet.write_text("start,amount,unit\n", encoding="utf-8")
    assert call("--batch", str(sheet)).stdout == "start,amount,unit,due\n"


def test_a_single_deadline_needs_neither_settings_nor_numpy():
    probe = (
        "import sys; from click.testing import CliRunner;"
        "from changxiao.cli.deadline import deadline;"
        "done = CliRunner().invoke(deadline, ['2026-09-30T17:30+08:00', '4 工作时']);"
        "assert done.exit_code == 0; print(*sys.modules)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, encoding="utf-8"
    ).stdout.split()
    assert not {"numpy", "django.db", "changxiao.settings"} & set(loaded)
