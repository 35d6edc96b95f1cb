"""证据包 bundle: all that a ranked unit needs to work its score out again, in one file. No Django.

The facts that the period touches, the scheme, the period, the corrections and earlier results, what
came of it, and MANIFEST with the SHA-256 of each (`sha256sum -c MANIFEST` reads it). The same
content gives the same bytes.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

import duckdb
import pyarrow.compute as pc

from changxiao.evaluation.engines import engine as opened_engine
from changxiao.evaluation.evaluating import Correction, Inputs, Result, Told, evaluate
from changxiao.evaluation.facts import schema, store
from changxiao.evaluation.facts.store import Facts
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.periods import Period, read_period
from changxiao.evaluation.rankings.marks import Outside
from changxiao.evaluation.reporting import cells_csv, ranking_csv
from changxiao.evaluation.schemes import Scheme, read_scheme
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

# A month of a city of millions is 20 MB; what is said to be this big was made to fill a disk.
MOST_BYTES = 4 << 30
MANIFEST, BUNDLE, OUTSIDE = "MANIFEST", "bundle.zip", "outside.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # of a zip: no date is in the bytes
_README = """# 证据包 Evidence bundle

在装有 Changxiao 的电脑上运行 `changxiao evaluate --bundle bundle.zip`：
摘要与 expected.json 相同即复算一致，不需要数据库和网络。`sha256sum -c MANIFEST` 核对每个文件。

On a computer with Changxiao, run `changxiao evaluate --bundle bundle.zip`: the same digest as in
expected.json means the same result. No database or network is needed. `sha256sum -c MANIFEST`
checks each file. facts/ are Parquet files, scheme.toml the rules, outside.json what others gave,
result.json what came of it.
"""


@dataclass(frozen=True, slots=True)
class Checked:
    """复算结果: the digest and code in the bundle, and what was found now."""

    expected: str
    found: Result
    code: str

    @property
    def same(self) -> bool:
        """是否一致."""
        return self.expected == self.found.digest

    @property
    def same_figures(self) -> bool:
        """数字是否一致: nothing differs but the code that counted."""
        return self.expected == Result({**self.found.told, "code": self.code}).digest


def make(  # noqa: PLR0913 - whatever decides a result is named here
    facts: Facts,
    scheme_text: str,
    period: Period,
    *,
    city: str,
    out: Path,
    engine: str = "duckdb",
    corrections: Sequence[Correction] = (),
    before: Sequence[Result] = (),
    outside: Sequence[Outside] = (),
    told: Told | None = None,
) -> Result:
    """评价并打包: writes result.json, ranking.csv, cells.csv and bundle.zip into `out`.

    Refused as `read_scheme`, `evaluate` and `subset` refuse.
    """
    scheme = read_scheme(scheme_text, LIBRARY)
    scheme.check_in_force(period)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        part = subset(facts, scheme, period, city=city, folder=folder / "facts")
        asked = _Asked(scheme, period, city, corrections, before, outside)
        result = _evaluated(part, asked, engine=engine, told=told)
        _fill(folder, scheme_text, result, asked)
        _write(out, result, folder)
    return result


def check(path: Path, *, engine: str = "duckdb", told: Told | None = None) -> Checked:
    """复算 a bundle, zipped or unpacked. Refused `bundle_unreadable`, `bundle_altered` (names the
    file)."""
    with _unpacked(path) as folder:
        _check_files(folder)
        try:
            given = json.loads((folder / "period.json").read_bytes())
            expected = json.loads((folder / "expected.json").read_bytes())
            changes = json.loads((folder / "corrections.json").read_bytes())
            corrections = [Correction(**one) for one in changes]
            given_outside = folder / OUTSIDE
            lines = json.loads(given_outside.read_bytes()) if given_outside.is_file() else []
            outside = [Outside.read(one) for one in lines]
            period = read_period(given["label"], ZoneInfo(given["tz"]))
            city, digest, code = given["city"], expected["digest"], expected["code"]
        except (ValueError, TypeError, KeyError, OSError):
            raise _unreadable(path) from None
        scheme = read_scheme((folder / "scheme.toml").read_text(encoding="utf-8"), LIBRARY)
        before = [Result.from_json(one.read_bytes()) for one in sorted(folder.glob("before-*"))]
        facts = store.opened(folder / "facts")
        part = subset(facts, scheme, period, city=city, folder=None)
        asked = _Asked(scheme, period, city, corrections, before, outside)
        found = _evaluated(part, asked, engine=engine, told=told)
    return Checked(digest, found, code)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a bundle is about, made or worked out again."""

    scheme: Scheme
    period: Period
    city: str
    corrections: Sequence[Correction]
    before: Sequence[Result]
    outside: Sequence[Outside]


def _evaluated(part: Facts, asked: _Asked, *, engine: str, told: Told | None) -> Result:
    with opened_engine(engine, part) as run:
        return evaluate(
            run,
            asked.scheme,
            asked.period,
            city=asked.city,
            inputs=Inputs(part.digest, asked.corrections, asked.before, asked.outside),
            told=told,
        )


def subset(
    facts: Facts, scheme: Scheme, period: Period, *, city: str, folder: Path | None
) -> Facts:
    """取用的事实: each row of the city with a moment in the period or in those it looks back to.

    Without a folder the facts are already such a subset and are only checked. Refused
    `city_unknown`, `facts_faulty`, `facts_clock`, `facts_twice`, `facts_none`.
    """
    if city not in facts.cities:
        told = {"city": city, "known": "、".join(sorted(facts.cities)) or "—"}
        raise Refused("city_unknown", _("事实库里没有城市 %(city)s：有 %(known)s。") % told)
    parts = [part for part in facts.parts if part.city == city]
    whole = Facts(facts.folder, {city: facts.cities[city]}, parts)
    if folder is None:
        _refuse_first(store.faults(whole))
        return whole
    _refuse_first(_altered_parts(whole))
    start = period
    for _n in range(scheme.looks_back()):
        start = start.before()
    found = _taken(whole, folder, start, period)
    if not found.parts:
        told = {"city": city, "label": period.label}
        sentence = _("%(city)s 在 %(label)s 没有案卷、任务和观测：请核对考核期。") % told
        raise Refused("facts_none", sentence, field="period")
    _check_rows(found)
    return found


def _refuse_first(faults: Iterator[str]) -> None:
    fault = next(faults, None)
    if fault is not None:
        raise Refused("facts_faulty", fault, field="facts")


def _altered_parts(facts: Facts) -> Iterator[str]:
    """Files only: the rows that are taken get a digest of their own, the others decide nothing."""
    for part in facts.parts:
        path = facts.folder / part.file
        if not path.is_file() or store.file_sha256(path) != part.sha256:
            yield from store.faults(Facts(facts.folder, facts.cities, [part]))


def _taken(facts: Facts, folder: Path, first: Period, last: Period) -> Facts:
    found = Facts(folder, dict(facts.cities))
    start, end = (at.replace(tzinfo=None) for at in (first.start, last.end))
    with duckdb.connect() as con:
        for table in (name for name in schema.TABLES if facts.of(name)):
            times = [c.name for c in schema.TABLES[table].columns if c.kind == schema.TIME]
            inside = " OR ".join(f'("{name}" >= $start AND "{name}" < $end)' for name in times)
            source = "read_parquet($files, hive_partitioning = false, filename = 'part')"
            query = f"SELECT * FROM {source} WHERE {inside}"  # noqa: S608 - names of `schema`
            told = {"files": facts.files(table), "start": start, "end": end}
            rows = con.execute(query, told).to_arrow_table()
            for part in facts.of(table):
                own = rows.filter(pc.equal(rows["part"], str(facts.folder / part.file)))
                if own.num_rows:
                    own = own.drop_columns("part")
                    store.write(found, table, own, city=part.city, month=part.month)
    store.save(found)
    return found


# No rule of ours lets a case go backwards: whoever finds one has facts from a wrong clock.
_BACKWARDS = {
    "cases": "WHERE least(filed_at, handled_at, closed_at, voided_at, joined_at) < reported_at",
    "tasks": "WHERE done_at < started_at",
    "observations": "WHERE false",
}


def _check_rows(facts: Facts) -> None:
    with duckdb.connect() as con:
        for table, rule in _BACKWARDS.items():
            if files := facts.files(table):
                _city, name, *_rest = schema.TABLES[table].key
                key = ", ".join(schema.TABLES[table].key)
                rows = "read_parquet($files, hive_partitioning = false)"
                # Names of tables and columns are constants of `schema`.
                twice = f"(SELECT {key} FROM {rows} GROUP BY {key} HAVING count(*) > 1)"  # noqa: S608
                for bad, code in ((f"{rows} {rule}", "facts_clock"), (twice, "facts_twice")):
                    query = f"SELECT min({name}), count(*) FROM {bad}"  # noqa: S608
                    number, count = con.execute(query, {"files": files}).fetchall()[0]
                    if count:
                        raise _bad_rows(code, table, number, count)


def _bad_rows(code: str, table: str, number: str, count: int) -> Refused:
    told = {"table": table, "number": number, "count": count}
    sentence = {
        "facts_clock": _(
            "事实表 %(table)s 有 %(count)s 行时间倒流（如 %(number)s）：办结早于开始，"
            "请核对时钟后重新导出。"
        ),
        "facts_twice": _("事实表 %(table)s 有 %(count)s 行出现两次（如 %(number)s）：请重新导出。"),
    }[code]
    return Refused(code, sentence % told, field="facts")


def _fill(
    folder: Path,
    scheme_text: str,
    result: Result,
    asked: _Asked,
) -> None:
    period = {"city": result.told["city"], **result.told["period"]}
    expected = {"digest": result.digest, "code": result.told["code"]}
    files = {
        "README.md": _README,
        "scheme.toml": scheme_text,
        "period.json": _json(period),
        "corrections.json": _json([asdict(one) for one in asked.corrections]),
        "expected.json": _json(expected),
    }
    if asked.scheme.outside:
        files[OUTSIDE] = _json([one.told() for one in asked.outside])
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    (folder / "result.json").write_bytes(result.to_json())
    for n, one in enumerate(asked.before, 1):
        (folder / f"before-{n:02}.json").write_bytes(one.to_json())
    (folder / MANIFEST).write_text(_manifest(folder), encoding="utf-8", newline="\n")


def _write(out: Path, result: Result, folder: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    fresh = out / f"{BUNDLE}.new"
    with zipfile.ZipFile(fresh, "w", zipfile.ZIP_STORED) as bundle:
        for name in [*_names(folder), MANIFEST]:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, (folder / name).read_bytes())
    fresh.replace(out / BUNDLE)
    (out / "result.json").write_bytes(result.to_json())
    told = result.told
    for name, text in (
        ("ranking.csv", ranking_csv(told["rows"])),
        ("cells.csv", cells_csv(told["rows"], told["unassigned"])),
    ):
        (out / name).write_text(text, encoding="utf-8", newline="\n")


def _names(folder: Path) -> list[str]:
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in found if name != MANIFEST)


@contextmanager
def _unpacked(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield path
        return
    with tempfile.TemporaryDirectory() as temporary:
        try:
            with zipfile.ZipFile(path) as bundle:
                entries = bundle.infolist()
                if sum(entry.file_size for entry in entries) > MOST_BYTES:
                    raise _unreadable(path)
                for entry in entries:
                    _unpack(bundle, entry, Path(temporary))
        except (zipfile.BadZipFile, NotImplementedError, EOFError):
            raise _unreadable(path) from None
        yield Path(temporary)


def _unpack(bundle: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> None:
    name = PurePosixPath(entry.filename)
    if name.is_absolute() or ".." in name.parts or entry.is_dir():
        raise _altered(entry.filename)
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with bundle.open(entry) as source, target.open("wb") as file:
            shutil.copyfileobj(source, file)
    except zipfile.BadZipFile:
        # zip keeps a checksum of its own, and is first to see a changed byte
        raise _altered(entry.filename) from None


def _check_files(folder: Path) -> None:
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise _unreadable(folder)
    listed: dict[str, str] = {}
    text = manifest.read_bytes().decode(errors="replace")
    for line in text.split("\n")[:-1]:
        digest, _two, name = line.partition("  ")
        listed[name] = digest
    names = _names(folder)
    for name in sorted({*listed, *names}):
        if name not in names or listed.get(name) != store.file_sha256(folder / name):
            raise _altered(name)
    if text != _manifest(folder):
        raise _altered(MANIFEST)


def _manifest(folder: Path) -> str:
    return "".join(f"{store.file_sha256(folder / name)}  {name}\n" for name in _names(folder))


def _altered(name: str) -> Refused:
    sentence = _("证据包里的 %(file)s 与清单 MANIFEST 不符：被改动、缺失或多出，请重新下载证据包。")
    return Refused("bundle_altered", sentence % {"file": name}, field=name)


def _unreadable(path: Path) -> Refused:
    sentence = _("%(file)s 不是完整的证据包：请重新下载 bundle.zip。") % {"file": path}
    return Refused("bundle_unreadable", sentence, field="bundle")


def _json(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
