"""`changxiao locate` as a person and a script call it: no database, no home folder."""

import csv
import io
import json
import os
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from changxiao.areas.locate import columns
from changxiao.cli.locate import locate
from changxiao.kernel.refused import Refused

COMMAND = [sys.executable, "-c", "from changxiao.cli import main; main()", "locate"]


def call(*words, **environment):
    bare = {name: value for name, value in os.environ.items() if name != "CHANGXIAO_HOME"}
    bare |= {"PYTHONIOENCODING": "utf-8", "CHANGXIAO_LANG": "zh", **environment}
    return subprocess.run(
        [*COMMAND, *words], capture_output=True, env=bare, text=True, encoding="utf-8", check=False
    )


def test_a_point_is_told_without_a_home(tmp_path):
    begin = time.monotonic()
    done = call("116.70", "23.36", "--crs", "gcj02", CHANGXIAO_HOME=str(tmp_path / "none"))
    assert done.returncode == 0 and "金平区 440511" in done.stdout and " 米" in done.stdout
    assert not (tmp_path / "none").exists()
    assert time.monotonic() - begin < 10  # 0.6 s alone; other tests may hold the processor


def test_a_western_longitude_needs_no_dashes():
    done = CliRunner().invoke(locate, ["--city", "chicago", "-87.63", "41.88", "--json"])
    answer = json.loads(done.stdout)
    assert answer["city"] == "171400" and len(answer["unit_grid"]) == 15


def test_a_point_outside_is_one_sentence_and_exit_code_two():
    done = call("116.0", "23.3")
    assert (done.returncode, done.stdout) == (2, "")
    assert "不在汕头市范围内" in done.stderr and "Traceback" not in done.stderr


def test_english_is_spoken_where_it_is_asked_for():
    pytest.importorskip("babel")
    done = call("abc", "23.3", CHANGXIAO_LANG="en")
    assert done.returncode == 2 and "abc" in done.stderr


@pytest.mark.parametrize("words", [["abc", "23"], ["23.3", "116.7"], ["1", "2", "--crs", "utm"]])
def test_what_cannot_be_read_is_refused(words):
    done = CliRunner().invoke(locate, words)
    assert isinstance(done.exception, Refused) and done.exception.field


def test_a_file_keeps_its_columns_and_every_row(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text(
        "id, lon ,lat,crs\n1,116.70,23.36,\n2,116.70,23.36,gcj02\n3,abc,23,\n"
        "4,116.0,23.3,\n5,116.5,23.3,utm\n6,nan,23.3,\n7,116.7,,\n8,116.7,23.36,,x\n",
        encoding="utf-8",
    )
    done = call("--batch", str(path))
    rows = list(csv.reader(io.StringIO(done.stdout)))

    assert done.returncode == 1
    assert rows[0] == ["id", " lon ", "lat", "crs", *columns()]
    assert [row[0] for row in rows[1:]] == list("12345678")
    assert [bool(row[4]) for row in rows[1:]] == [True, True] + [False] * 6
    assert rows[1][7:9] != rows[2][7:9]
    for line in (
        "第 4 行 lon",
        "第 5 行 lon",
        "第 6 行 crs",
        "第 7 行 lon",
        "第 8 行 lat",
        "第 9 行",
    ):
        assert line in done.stderr


def test_a_good_file_is_exit_code_zero_and_silent(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("lon,lat\n116.70,23.36\n", encoding="utf-8")
    done = call("--batch", str(path))
    assert (done.returncode, done.stderr) == (0, "")


def test_a_file_without_its_columns_is_refused(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("x,y\n1,2\n", encoding="utf-8")
    done = call("--batch", str(path))
    assert done.returncode == 2 and "lon" in done.stderr and done.stdout == ""
