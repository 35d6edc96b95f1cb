"""The whole way from facts to a bundle and back, and what is said when something was changed."""

import json
import shutil
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from changxiao.evaluation import bundles
from changxiao.evaluation.engines import engine
from changxiao.evaluation.evaluating import Correction, Inputs, Result, check_over, evaluate
from changxiao.evaluation.facts import schema, store
from changxiao.evaluation.facts.generate import Plan, generate
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.periods import read_period
from changxiao.evaluation.rankings.marks import Line, Outside
from changxiao.evaluation.schemes import EXAMPLES, read_scheme
from changxiao.kernel.refused import Refused

ZONE = ZoneInfo("Asia/Shanghai")
OCTOBER = read_period("2026-10", ZONE)
CITY = "900000"
DISTRICTS = (
    (EXAMPLES / "department.toml")
    .read_text(encoding="utf-8")
    .replace('group = "department"', 'group = "district"')
)


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("facts")
    generate(Plan(1200, 1, months=2, tasks=False), folder)
    return store.opened(folder)


def make(facts, out, text=DISTRICTS, **more):
    return bundles.make(facts, text, more.pop("period", OCTOBER), city=CITY, out=out, **more)


@pytest.fixture(scope="module")
def made(facts, tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    return make(facts, out), out


def unpacked(out, folder):
    with zipfile.ZipFile(out / "bundle.zip") as bundle:
        bundle.extractall(folder)
    return folder


def test_the_same_facts_give_the_same_bytes(facts, made, tmp_path):
    result, out = made
    again = make(facts, tmp_path)

    assert again.digest == result.digest
    for name in ("result.json", "ranking.csv", "cells.csv", "bundle.zip"):
        assert (tmp_path / name).read_bytes() == (out / name).read_bytes(), name


def test_what_is_written_agrees_with_itself(made):
    result, out = made
    told = json.loads((out / "result.json").read_bytes())
    ranking = (out / "ranking.csv").read_text(encoding="utf-8").splitlines()
    cells = (out / "cells.csv").read_text(encoding="utf-8").splitlines()

    assert Result.from_json((out / "result.json").read_bytes()).digest == result.digest
    assert [row["code"] for row in told["rows"]] == [line.split(",")[1] for line in ranking[1:]]
    assert ranking[0] == "rank,group,score,grade,band,best,worst,status,before,change"
    assert cells[0] == "indicator,group,numerator,denominator,excluded,percent"
    listed = [row for row in told["rows"] if row["status"] == "listed"]
    assert [row["rank"] for row in listed] == list(range(1, len(listed) + 1)) and listed
    assert any(row["trend"] for row in listed), "September is in the facts"
    assert not any(isinstance(value, float) for value in _values(told))


def _values(told):
    if isinstance(told, dict | list):
        for one in told.values() if isinstance(told, dict) else told:
            yield from _values(one)
    else:
        yield told


def test_a_bundle_comes_to_the_same_digest_zipped_or_unpacked(made, tmp_path):
    result, out = made

    zipped = bundles.check(out / "bundle.zip")
    folder = bundles.check(unpacked(out, tmp_path))

    assert zipped.same and folder.same and zipped.found.digest == result.digest


def test_every_file_changed_by_one_byte_is_named(made, tmp_path):
    folder = unpacked(made[1], tmp_path)
    names = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    assert len(names) > 8
    for path in names:
        good = path.read_bytes()
        path.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
        with pytest.raises(Refused) as no:
            bundles.check(folder)
        path.write_bytes(good)
        assert no.value.code == "bundle_altered"
        assert path.relative_to(folder).as_posix() in no.value.sentence
    assert bundles.check(folder).same


def test_a_byte_changed_inside_the_zip_is_named_too(made, tmp_path):
    file = tmp_path / "bundle.zip"
    data = bytearray((made[1] / "bundle.zip").read_bytes())
    data[data.index(b"[[items]]")] ^= 1
    file.write_bytes(data)

    with pytest.raises(Refused, match=r"scheme\.toml") as no:
        bundles.check(file)
    assert no.value.code == "bundle_altered"


def test_a_file_too_many_or_too_few_is_named(made, tmp_path):
    folder = unpacked(made[1], tmp_path)
    (folder / "facts" / "more.parquet").write_bytes(b"x")
    with pytest.raises(Refused, match=r"more\.parquet"):
        bundles.check(folder)
    (folder / "facts" / "more.parquet").unlink()
    (folder / "scheme.toml").unlink()
    with pytest.raises(Refused, match=r"scheme\.toml"):
        bundles.check(folder)


def test_rules_changed_together_with_the_manifest_come_to_another_digest(made, tmp_path):
    folder = unpacked(made[1], tmp_path)
    path = folder / "scheme.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("weight = 50", "weight = 40")
                    .replace("weight = 20\nscore = \"handling", "weight = 30\nscore = \"handling"),
                    encoding="utf-8")  # fmt: skip
    lines = [
        f"{store.file_sha256(folder / line.split('  ')[1])}  {line.split('  ')[1]}\n"
        for line in (folder / "MANIFEST").read_text(encoding="utf-8").splitlines()
    ]
    (folder / "MANIFEST").write_text("".join(lines), encoding="utf-8")

    checked = bundles.check(folder)

    assert not checked.same and not checked.same_figures


def test_other_code_is_told_from_other_figures(made, tmp_path):
    checked = bundles.check(unpacked(made[1], tmp_path))
    other = Result({**checked.found.told, "code": "0" * 64})

    older = bundles.Checked(other.digest, checked.found, "0" * 64)

    assert not older.same and older.same_figures


def test_what_is_no_bundle_is_refused(made, tmp_path):
    file = tmp_path / "b.zip"
    file.write_bytes(b"PK nothing")
    with pytest.raises(Refused) as no:
        bundles.check(file)
    assert no.value.code == "bundle_unreadable"

    with zipfile.ZipFile(file, "w") as bundle:
        bundle.writestr("../outside", "x")
    with pytest.raises(Refused) as no:
        bundles.check(file)
    assert no.value.code == "bundle_altered"
    assert not (tmp_path.parent / "outside").exists()


def test_an_upheld_objection_changes_its_cell_and_is_in_the_digest(facts, made, tmp_path):
    result, _out = made
    row = next(row for row in result.rows if row["status"] == "listed" and row["rank"] > 3)
    cell = next(c for c in row["cells"] if c["indicator"] == "on_time_handling_rate")
    assert cell["numerator"] < cell["denominator"]
    change = Correction("on_time_handling_rate", row["code"], 1, 0, "S1", "照片时间有误")

    found = make(facts, tmp_path, corrections=[change])

    moved = next(one for one in found.rows if one["code"] == row["code"])
    now = next(c for c in moved["cells"] if c["indicator"] == "on_time_handling_rate")
    assert now["numerator"] == cell["numerator"] + 1
    assert float(moved["score"]) > float(row["score"])
    assert found.digest != result.digest and bundles.check(tmp_path / "bundle.zip").same
    for bad in (
        replace(change, numerator=-(10**6)),
        replace(change, numerator=10**6),
        replace(change, group="nobody"),
        replace(change, indicator="filed"),
    ):
        with pytest.raises(Refused, match="S1") as no:
            make(facts, tmp_path / "bad", corrections=[bad])
        assert no.value.code == "correction_impossible"
    assert not (tmp_path / "bad").exists()


def test_published_months_stand_as_they_were(facts, made, tmp_path):
    september = make(facts, tmp_path / "9", period=OCTOBER.before())
    told = dict(september.told)
    told["honors"] = [{"list": "black", "code": row["code"], "times": 2, "proposal": "x"}
                      for row in september.rows]  # fmt: skip
    text = DISTRICTS.replace("tie_break", 'rewards = "rank"\ntie_break')

    found = make(facts, tmp_path / "10", text=text, before=[Result(told)])

    black = [one for one in found.honors if one["list"] == "black"]
    assert black and all(one["times"] == 2 for one in black), "as published, not as recounted"
    assert found.told["before"] == [Result(told).digest]
    assert bundles.check(tmp_path / "10" / "bundle.zip").same


def test_faulty_facts_are_refused_by_name(facts, tmp_path):
    folder = shutil.copytree(facts.folder, tmp_path / "f")
    copied = store.opened(folder)
    path = folder / copied.of("cases")[0].file
    path.write_bytes(path.read_bytes()[:-1] + b"!")

    with pytest.raises(Refused, match=path.name) as no:
        make(copied, tmp_path / "out")
    assert no.value.code == "facts_faulty" and not (tmp_path / "out").exists()


@pytest.mark.parametrize("code", ["facts_clock", "facts_twice"])
def test_facts_that_run_backwards_or_stand_twice_are_refused_by_case(facts, tmp_path, code):
    folder = shutil.copytree(facts.folder, tmp_path / "f")
    copied = store.opened(folder)
    part = next(one for one in copied.of("cases") if one.month == "2026-10")
    rows = pq.read_table(folder / part.file, schema=schema.arrow("cases")).to_pylist()
    row = next(row for row in rows if row["filed_at"])
    if code == "facts_clock":
        row["filed_at"] = row["reported_at"] - timedelta(seconds=1)
    else:
        rows.append(row)
    store.write(copied, "cases", pa.Table.from_pylist(rows, schema.arrow("cases")), city=CITY,
                month="2026-10")  # fmt: skip
    store.save(copied)

    with pytest.raises(Refused, match=row["number"]) as no:
        make(copied, tmp_path / "out")
    assert no.value.code == code and not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("city", "label", "code"),
    [
        ("440500", "2026-10", "city_unknown"),
        (CITY, "2026-03", "facts_none"),
        (CITY, "2025-12", "scheme_not_in_force"),
        (CITY, "2026-W40", "period_kind_wrong"),
    ],
)
def test_a_city_or_period_without_facts_or_rules_is_refused(facts, tmp_path, city, label, code):
    with pytest.raises(Refused) as no:
        bundles.make(facts, DISTRICTS, read_period(label, ZONE), city=city, out=tmp_path / "out")
    assert no.value.code == code and not (tmp_path / "out").exists()


def test_a_period_that_is_not_over_is_refused():
    check_over(OCTOBER, datetime(2026, 10, 31, 16, tzinfo=UTC))
    with pytest.raises(Refused, match="2026-10-31") as no:
        check_over(OCTOBER, datetime(2026, 10, 31, 15, 59, 59, tzinfo=UTC))
    assert no.value.code == "period_not_over"


def test_a_sampled_scheme_shows_an_interval_and_a_full_count_none(facts, made, tmp_path):
    text = DISTRICTS.replace("tie_break", 'counting = "sampled"\ntie_break')
    sampled = make(facts, tmp_path, text=text)

    cell = next(c for c in sampled.rows[0]["cells"] if c["indicator"] == "handling_rate")
    assert float(cell["low"]) < float(cell["percent"]) <= float(cell["high"]) <= 100
    assert made[0].rows[0]["cells"][0]["low"] is None


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Facts of every table."""
    folder = tmp_path_factory.mktemp("whole")
    generate(Plan(1200, 1), folder)
    return store.opened(folder)


def given(scheme):
    """Two groups scored by others, where the scheme asks for that."""
    for item in scheme.outside:
        for n, share in enumerate((0.9, 0.8)):
            score = f"{item.most * share:.0f}" if item.scored else "1"
            line = Line(item.key, f"{CITY}00{n}", score, "", "", "", "")
            yield Outside(line, "sheet", "huang", "zheng")


def test_each_ready_scheme_ranks_somebody(whole):
    with engine("duckdb", whole) as run:
        for path in sorted(EXAMPLES.glob("*.toml")):
            scheme = read_scheme(path.read_text(encoding="utf-8"), LIBRARY)
            inputs = Inputs(whole.digest, outside=list(given(scheme)))
            found = evaluate(run, scheme, OCTOBER, city=CITY, inputs=inputs)
            scored = [row for row in found.rows if row["score"] is not None]
            assert scored and all(row["items"] for row in scored), path.stem
            assert len({row["score"] for row in scored}) > 1 or len(scored) == 1, path.stem
