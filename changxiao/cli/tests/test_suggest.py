"""`changxiao train --csv` and `changxiao suggest`, as a person and a script call them."""

import csv
import gzip
import io
import subprocess

import pytest
from click.testing import CliRunner

from changxiao.cases.suggesting.tests.test_suggesting import SAID
from changxiao.cli import suggest as command
from changxiao.cli.tests.test_locate import COMMAND
from changxiao.kernel.refused import Refused

ROWS = [(text[:3], text[3:], label) for label, texts in SAID.items() for text in texts]


def sheet(rows=ROWS, header=("title", "body", "kind")):
    page = io.StringIO(newline="")
    csv.writer(page).writerows([header, *rows])
    return page.getvalue()


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text(sheet(), encoding="utf-8")
    return path


def run(name, *words):
    return CliRunner().invoke(getattr(command, name), [str(word) for word in words])


def trained(table, text="title,body", **more):
    out = table.parent / "model"
    extra = [word for key, value in more.items() for word in (f"--{key}", value)]
    done = run("train", "--csv", table, "--text", text, "--label", "kind", "--out", out, *extra)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return out, done


def suggested(model, table, out="out.csv", text="title,body"):
    out = table.parent / out
    done = run("suggest", "--model", model, "--csv", table, "--text", text, "--out", out)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return out, done


def test_a_file_is_learnt_and_another_is_told_what_it_is(table):
    model, done = trained(table)
    assert "15 条、3 种标签" in done.output and "宏平均 F1" in done.output

    new = table.parent / "new.csv"
    new.write_text(sheet([("门口", "井盖坏了", ""), ("", "12345", "")]), encoding="utf-8")
    out, done = suggested(model, new)

    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [row["label"] for row in rows] == ["井盖", ""]
    assert 0 < float(rows[0]["score"]) <= 1 and rows[1]["score"] == ""
    assert [row["body"] for row in rows] == ["井盖坏了", "12345"]
    assert "2 行中有 1 行没有汉字" in done.output


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("packed", [False, True])
def test_any_usual_encoding_gives_the_same_model(table, encoding, packed):
    first = trained(table)[0].read_bytes()
    data = sheet().encode(encoding)
    table.write_bytes(gzip.compress(data) if packed else data)

    assert trained(table)[0].read_bytes() == first


def test_a_gz_result_is_packed_and_always_the_same(table):
    model, _done = trained(table)
    first = suggested(model, table, "out.csv.gz")[0].read_bytes()

    assert suggested(model, table, "out.csv.gz")[0].read_bytes() == first
    assert gzip.decompress(first).decode().startswith("title,body,kind,label,score\n")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (sheet().replace("kind", "sort"), "缺少列 kind"),
        (sheet([("井盖", "", "a")] * 5), "至少两种标签"),
        (sheet([("", "", "a"), ("", "", "b")] * 3), "至少两种标签"),
        ("", "缺少列"),
        (sheet() + "a,b,c,d\n", "第 17 行"),
        (b"\x1f\x8b\x08broken", "压缩内容不完整"),
        (b"title,body,kind\n\xff\xff\xff", "UTF-8"),
    ],
)
def test_what_cannot_be_learnt_is_one_sentence_and_nothing_written(table, data, said):
    table.write_bytes(data if isinstance(data, bytes) else data.encode())
    with pytest.raises(Refused, match=said):
        trained(table)
    assert sorted(path.name for path in table.parent.iterdir()) == [table.name]


def test_a_result_never_takes_the_place_of_its_source(table):
    model, _done = trained(table)
    before = table.read_bytes()
    with pytest.raises(Refused, match="同一个文件"):
        suggested(model, table, table.name)
    assert table.read_bytes() == before


def test_an_altered_model_writes_nothing(table):
    model, _done = trained(table)
    model.write_bytes(model.read_bytes()[:-1])
    with pytest.raises(Refused, match="改动过或不完整"):
        suggested(model, table)
    assert not (table.parent / "out.csv").exists()


def test_neither_needs_a_home(table, tmp_path):
    out = str(tmp_path / "m")
    words = ["--csv", str(table), "--text", "title", "--label", "kind", "--out", out]
    home = tmp_path / "none"
    done = subprocess.run(
        [*COMMAND[:-1], "train", *words],
        capture_output=True,
        env={"CHANGXIAO_HOME": str(home), "PATH": "", "CHANGXIAO_LANG": "en"},
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "labels" in done.stdout and not home.exists()


def test_the_public_texts_are_told_as_well_as_promised(outside_data):
    from changxiao.bench import suggest as bench

    folder = outside_data / "cn_text"
    assert bench.across(bench.titled(folder), bench.segmented(folder), bench.ours) >= 0.81
