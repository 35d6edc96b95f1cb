"""Facts: what is written is read back, whoever wrote it in whatever order; changes are noticed."""

import hashlib
import json
import subprocess
import sys
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from changxiao.evaluation.facts import schema, store
from changxiao.evaluation.facts.generate import Plan, generate
from changxiao.evaluation.tests import worked
from changxiao.kernel.refused import Refused

EPOCH, MICROSECOND = datetime(1970, 1, 1), timedelta(microseconds=1)
ONES = {pa.int64(): 1, pa.timestamp("us"): EPOCH}
SMALL = """
number | due_at      | handled_at  | satisfied | why
a      | 10-02 09:00 | 10-02 08:00 | +         | in time
b      | 10-02 09:00 | -           | -         | not handled
井     | -           | -           | .         | a code is any text
"""


def test_what_is_written_is_read_back(tmp_path):
    made = worked.facts(tmp_path, cases=SMALL)

    found = store.opened(tmp_path)
    assert found.rows("cases") == 3
    assert found.digest == made.digest
    assert not list(store.faults(found))


def test_the_digest_of_rows_can_be_made_by_hand_and_knows_no_order():
    rows = worked.table("cases", SMALL)

    assert store.digest_of("cases", rows) == by_hand("cases", rows)
    assert store.digest_of("cases", rows.take([2, 0, 1])) == by_hand("cases", rows)


def test_every_column_counts_in_the_digest():
    rows = worked.table("cases", SMALL)
    digests = {store.digest_of("cases", rows)}
    for field in rows.schema:
        other = rows.to_pylist()
        other[1][field.name] = changed(other[1][field.name], field.type)
        digests.add(store.digest_of("cases", pa.Table.from_pylist(other, schema=rows.schema)))

    assert len(digests) == 1 + len(schema.CASES.columns)


def test_a_changed_byte_is_noticed(tmp_path):
    made = worked.facts(tmp_path, cases=SMALL)
    path = tmp_path / made.parts[0].file
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)

    assert [made.parts[0].file in told for told in store.faults(store.opened(tmp_path))] == [True]


def test_rows_that_stand_twice_are_noticed(tmp_path):
    made = store.Facts(tmp_path, {worked.CITY: store.Source("Asia/Shanghai")})
    rows = worked.table("cases", SMALL)
    store.write(made, "cases", pa.concat_tables([rows, rows]), city=worked.CITY, month="2026-10")
    store.save(made)

    assert len(list(store.faults(made))) == 1


def test_what_the_manifest_does_not_name_is_removed(tmp_path):
    made = worked.facts(tmp_path, cases=SMALL)
    old = tmp_path / made.parts[0].file
    store.write(
        made, "cases", worked.table("cases", SMALL).slice(0, 2), city=worked.CITY, month="2026-10"
    )
    assert old.exists()  # a reader of the old manifest still finds it

    store.save(made)
    assert not old.exists()
    assert store.opened(tmp_path).rows("cases") == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [("{", "facts_unreadable"), ("[]", "facts_unreadable"), ('{"schema": 9}', "facts_unreadable")],
)
def test_a_broken_manifest_is_refused(tmp_path, text, code):
    (tmp_path / store.MANIFEST).write_text(text)

    with pytest.raises(Refused) as no:
        store.opened(tmp_path)
    assert no.value.code == code


def test_facts_of_another_version_are_refused(tmp_path):
    worked.facts(tmp_path, cases=SMALL)
    path = tmp_path / store.MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | {"schema": 2}))

    with pytest.raises(Refused, match="第 2 版"):
        store.opened(tmp_path)


def test_an_empty_folder_says_what_to_run(tmp_path):
    with pytest.raises(Refused, match="changxiao facts"):
        store.opened(tmp_path)


def test_generated_facts_depend_on_the_seed_alone(tmp_path):
    plan = Plan(600, seed=7, cities=2, months=2)
    one, other = (made(plan, tmp_path / name) for name in ("one", "other"))
    third = made(Plan(600, seed=8, cities=2, months=2), tmp_path / "third")

    assert [p.sha256 for p in one.parts] == [p.sha256 for p in other.parts]
    assert third.digest != one.digest
    assert one.rows("cases") == 600
    assert not list(store.faults(one))


def test_generated_rows_agree_with_themselves(tmp_path):
    facts = made(Plan(2_000, seed=1), tmp_path)
    rows = pq.read_table(facts.files("cases")[0]).to_pylist()

    for row in rows:
        road = [row[name] for name in ("reported_at", "filed_at", "dispatched_at", "handled_at")]
        assert [at for at in road if at] == sorted(at for at in road if at)
        assert row["late"] == bool(row["handled_at"] and row["handled_at"] > row["due_at"])
        assert not (row["voided_at"] and row["closed_at"])


def test_nothing_of_it_needs_django():
    told = (
        "import sys; from changxiao.evaluation import counting;"
        "from changxiao.evaluation.facts import generate;"
        "sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0


def made(plan, folder):
    generate(plan, folder)
    return store.opened(folder)


def by_hand(name, rows):
    """The digest as docs/evaluation.md tells it, without DuckDB."""
    hashes = sorted(hashlib.sha256(line(name, row)).hexdigest() for row in rows.to_pylist())
    return hashlib.sha256("".join(hashes).encode()).hexdigest()


def line(name, row):
    return "".join(cell(c.kind, row[c.name]) + "," for c in schema.TABLES[name].columns).encode()


def cell(kind, value):
    if kind == "code":
        return f"{len(value.encode())}:{value}"
    if value is None:
        return "-"
    if kind == "time":
        return str((value - EPOCH) // MICROSECOND)
    return str(int(value))


def changed(value, kind):
    if kind == pa.string():
        return value + "x"
    if kind == pa.bool_():
        return not value
    return value + (MICROSECOND if kind == pa.timestamp("us") else 1) if value else ONES[kind]
