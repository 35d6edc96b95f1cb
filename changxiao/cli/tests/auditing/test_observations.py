"""`changxiao import observations`: counts made elsewhere, in the log and in the facts."""

import json

import pytest
from click.testing import CliRunner

from changxiao.cli.facts import facts
from changxiao.cli.imports import import_
from changxiao.cli.tests.auditing.test_auditing import CITY, parts
from changxiao.evaluation import counting
from changxiao.evaluation.engines import engine
from changxiao.evaluation.facts import store
from changxiao.evaluation.feed.export import export
from changxiao.evaluation.periods import read_period
from changxiao.evaluation.tests.worked import ZONE
from changxiao.kernel import sheets
from changxiao.ledger import checkpoints, sequencer
from changxiao.ledger import export as exporting
from changxiao.ledger.models import Entry
from tests.support.cast import MONDAY

HEAD = [
    "观测编号",
    "观测项目",
    "对象类别",
    "对象代码",
    "负责单位",
    "观测时间",
    "符合数或得分",
    "观测数或满分",
]
GOOD = [
    ["0302-1", "机动车斑马线礼让率", "路口", "中山路口", "", "2026-03-02 08:30", "90", "100"],
    ["0302-1", "plate", "路口", "中山路口", "", "2026-03-02 8:30", "30", "40"],
    ["0331-7", "弄虚作假次数", "单位", "SZ-DL", "SZ-DL", "2026/3/31", "1", ""],
    ["0331-8", "yield", "", "海滨路口", "", "2026年3月31日 23:59", "50", "60"],
]


@pytest.fixture
def come_in(roads, tmp_path):
    def sheet(rows, head=HEAD, name="观测.csv", code="utf-8-sig"):
        path = tmp_path / name
        if name.endswith("xlsx"):
            path.write_bytes(sheets.write("观测", [head, *rows], [12] * len(head)).read())
        else:
            text = "".join(",".join(row) + "\n" for row in [head, *rows])
            path.write_bytes(text.encode(code))
        done = CliRunner().invoke(import_, ["observations", str(path), "--json"])
        return done.exit_code, json.loads(done.stdout) if done.stdout else done.exception

    return sheet


def counted(folder):
    with engine("duckdb", store.opened(folder)) as run:
        found = counting.count(
            run, keys=["yield"], by="subject", period=read_period("2026-03", ZONE)
        )
        return {one.group: (one.numerator, one.denominator) for one in found if one.denominator}


def test_a_sheet_becomes_an_entry_and_facts_that_are_counted(come_in, tmp_path):
    assert come_in(GOOD) == (0, {"rows": 4, "accepted": 4, "repeated": False, "faults": []})
    export(tmp_path / "facts")

    entry = Entry.objects.get(verb="import_observations")
    assert entry.data["file"] == "观测.csv" and len(entry.data["rows"]) == 4
    assert counted(tmp_path / "facts") == {"中山路口": (90, 100), "海滨路口": (50, 60)}
    assert store.opened(tmp_path / "facts").rows("observations") == 4


def test_the_same_rows_are_taken_once_from_whatever_file(come_in):
    come_in(GOOD)
    for more in ({"name": "b.xlsx"}, {"code": "gb18030"}):
        code, told = come_in(GOOD, **more)
        assert (code, told["accepted"], told["repeated"]) == (0, 0, True)
    assert Entry.objects.filter(verb="import_observations").count() == 1


def test_what_is_told_anew_replaces_what_was_told(come_in, tmp_path):
    come_in(GOOD)
    export(tmp_path / "facts")
    moved = [*GOOD[0][:5], "2026-04-02 08:30", "70", "80"]
    assert come_in([moved])[1]["accepted"] == 1
    export(tmp_path / "facts")
    assert counted(tmp_path / "facts") == {"海滨路口": (50, 60)}

    assert come_in(GOOD)[1]["accepted"] == 4  # and back again
    export(tmp_path / "facts")
    export(tmp_path / "anew")
    assert counted(tmp_path / "facts") == {"中山路口": (90, 100), "海滨路口": (50, 60)}
    assert parts(tmp_path / "facts") == parts(tmp_path / "anew")


def test_an_auditor_has_them_from_the_log(come_in, tmp_path):
    come_in(GOOD)
    come_in([[*GOOD[0][:6], "80", "100"]])
    export(tmp_path / "home")
    sequencer.drain()
    checkpoints.sign(MONDAY)
    exporting.export(tmp_path / "log.tar")
    words = ["export", "--ledger", tmp_path / "log.tar", "--out", tmp_path / "out", *CITY]
    CliRunner().invoke(facts, [str(word) for word in words])

    assert parts(tmp_path / "out") == parts(tmp_path / "home")


@pytest.mark.parametrize(
    ("place", "value", "cell", "remedy"),
    [
        (0, "", "A3", "请填写"),
        (1, "机动车斑马线礼让", "B3", "机动车斑马线礼让率"),
        (2, "路囗", "C3", "路口"),
        (3, "", "D3", "请填写"),
        (4, "SZ-DM", "E3", "SZ-DL"),
        (5, "2026-02-30", "F3", "如 2026-10-08"),
        (5, "2126-03-02", "F3", "将来"),
        (6, "-1", "G3", "整数"),
        (6, "101", "G3", "不能多于"),
        (7, "", "H3", "整数"),
        (0, "0302-1", "A3", "两次"),
    ],
)
def test_a_fault_names_its_cell_and_nothing_is_taken(come_in, place, value, cell, remedy):
    bad = [*GOOD[0]]
    bad[0] = "0302-2"
    bad[place] = value
    code, told = come_in([GOOD[0], bad])

    assert (code, told["accepted"]) == (1, 0)
    assert any(one["cell"] == cell and remedy in one["remedy"] for one in told["faults"]), told
    assert not Entry.objects.filter(verb="import_observations").exists()


def test_what_is_no_such_sheet_is_refused(come_in, tmp_path):
    assert come_in([], head=["a"])[1].code == "table_unreadable"
    assert come_in([])[1].code == "table_empty"
    long = [[f"n{n}", *GOOD[0][1:]] for n in range(2001)]
    assert come_in(long)[1].code == "file_long"
    done = CliRunner().invoke(import_, ["observations", str(tmp_path / "none.csv")])
    assert done.exception.code == "file_missing"
