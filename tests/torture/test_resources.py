"""A-09: a locked, full or failing store is answered 503, and nothing acknowledged is lost (P13)."""

import contextlib
import resource
import shutil
import sqlite3
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from .conftest import serving

# In one process: what their cities are forked of imports the product once.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(180), pytest.mark.xdist_group("resources")]
THREADS = 20


def fill(live, prefix, most=400):
    """Report until the store is full: the keys acknowledged, and the refusal."""
    acked = []
    for number in range(most):
        key = f"{prefix}-{number:05}"
        status, answer, headers = live.report(key, description="满" * 500)
        if status != 201:
            return acked, key, (status, answer, headers)
        acked.append(key)
    raise AssertionError(f"{most} reports and the store is not full")


def assert_unavailable(refusal):
    status, answer, headers = refusal
    assert (status, answer["code"]) == (503, "unavailable")
    assert int(headers["retry-after"]) > 0


def test_a_locked_database_is_answered_503_and_works_again_without_a_restart(live):
    live.report("before-lock")  # the first request of a process reads more than the others
    with closing(sqlite3.connect(live.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        refusal = live.report("locked-out-1")  # by a client that waits thirty seconds at most
        other.execute("ROLLBACK")

    assert_unavailable(refusal)
    assert live.stored() == ["before-lock"]
    assert live.report("locked-out-1")[0] == 201


def test_a_short_lock_is_waited_for(live):
    live.report("before-lock")
    with closing(sqlite3.connect(live.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(live.report, "short-lock-1")
            time.sleep(2)
            other.execute("ROLLBACK")
            assert waiting.result()[0] == 201


def test_a_file_that_may_not_grow_loses_nothing_and_recovers(live):
    live.report("before-full")
    wal = live.home / "changxiao.sqlite3-wal"
    limit = max(live.file.stat().st_size, wal.stat().st_size) + 200_000
    for pid in live.pids():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    acked, refused, refusal = fill(live, "grow")

    assert_unavailable(refusal)
    assert set(acked) <= set(live.stored())
    assert refused not in live.stored()
    for pid in live.pids():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    assert live.report(refused, description="满" * 500)[0] == 201


@contextlib.contextmanager
def small_disk(folder, size):
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a tmpfs")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_loses_nothing_and_recovers_when_it_is_enlarged(city_template, tmp_path):
    used = sum(path.stat().st_size for path in city_template.rglob("*") if path.is_file())
    with small_disk(tmp_path / "disk", used + 1_500_000) as disk:
        home = shutil.copytree(city_template, disk / "home")
        with serving(home) as live:
            acked, refused, refusal = fill(live, "full")
            assert_unavailable(refusal)
            grown = ["-o", f"remount,size={used + 50_000_000}"]
            subprocess.run(["mount", *grown, str(disk)], check=True)
            assert live.report(refused, description="满" * 500)[0] == 201
            assert set(acked) <= set(live.stored())


def test_a_key_with_other_content_is_refused_and_nothing_is_stored(live):
    first = live.report("same-key-1", description="井盖缺失")

    status, answer, _headers = live.report("same-key-1", description="路灯不亮")

    assert first[0] == 201
    assert (status, answer["code"]) == (409, "key_reused")
    assert live.stored() == ["same-key-1"]


def test_the_same_report_twenty_times_at_once_is_one_case(live):
    live.report("warm-up-key")
    with ThreadPoolExecutor(THREADS) as pool:
        told = list(pool.map(lambda _n: live.report("storm-key-1"), range(THREADS)))

    assert sorted(status for status, _answer, _headers in told) == [200] * 19 + [201]
    assert len({answer["number"] for _status, answer, _headers in told}) == 1
    assert sum(headers.get("idempotent-replayed") == "true" for _s, _a, headers in told) == 19
    assert live.stored().count("storm-key-1") == 1


def test_a_verb_twenty_times_at_once_has_one_winner(live):
    number = live.report("to-accept-1")[1]["number"]

    def accept(index):
        key = f"accept-key-{index:02}"
        return live.post(f"/{number}/accept", {}, key=key, token=live.told["intake"])

    with ThreadPoolExecutor(THREADS) as pool:
        told = list(pool.map(accept, range(THREADS)))

    assert sorted(status for status, _answer, _headers in told) == [200] + [409] * 19
    assert {answer["code"] for status, answer, _headers in told if status == 409} == {"not_now"}
    with closing(sqlite3.connect(f"file:{live.file}?mode=ro", uri=True)) as opened:
        query = "SELECT COUNT(*) FROM ledger_entry WHERE stream = ? AND verb = 'accept'"
        assert opened.execute(query, [f"case:{number}"]).fetchone() == (1,)
