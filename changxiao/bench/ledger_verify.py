"""Bench `ledger`: order, verify, prove and export a log of its own making, in a home of its own.

Entries are written in bulk with a true chain (the product writes them one by one in its verbs).
Memory is that of a process that does nothing but verify.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import click

from changxiao.bench.figures import Figure

OPTIONS = [
    click.Option(["--entries"], type=click.IntRange(min=1000), default=1_000_000, show_default=True)
]
_VERBS = ("report", "accept", "file", "dispatch", "feed_back")
_CHUNK = 20_000
_START = datetime(2026, 3, 2, 1, tzinfo=UTC)


def run(*, entries: int = 1_000_000) -> list[Figure]:
    """总账: `entries` in streams of five; hashing alone is the plain alternative to verify."""
    with tempfile.TemporaryDirectory(prefix="changxiao-bench-") as folder:
        filled = _child("fill", entries, folder)
        checked = _child("check", entries, folder)
        sealed = _child("export", entries, folder)
    seconds, plain = checked["verify"], checked["plain"]
    return [
        Figure(path="ledger/sequence", value=entries / filled["sequence"], unit="/s"),
        Figure(path="ledger/verify", value=seconds, unit="s", ratio=seconds / plain),
        Figure(path="ledger/verify-memory", value=checked["memory"], unit="MB"),
        Figure(path="ledger/prove", value=checked["prove"] * 1000, unit="ms"),
        Figure(path="ledger/export", value=sealed["export"], unit="s"),
        Figure(path="ledger/verify-independent", value=sealed["independent"], unit="s"),
    ]


def _child(step: str, entries: int, folder: str) -> dict[str, float]:
    """A step in a process and a home of its own, so that no step pays for another's memory."""
    environment = {**os.environ, "CHANGXIAO_HOME": folder, "DATABASE_URL": ""}
    command = [sys.executable, "-m", "changxiao.bench.ledger_verify", step, str(entries)]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise RuntimeError(answer.stderr)
    found: dict[str, float] = json.loads(answer.stdout)
    return found


def _fill(entries: int) -> dict[str, float]:
    from django.core.management import call_command
    from django.db import connection, transaction

    from changxiao.ledger import sequencer

    call_command("migrate", verbosity=0)
    insert = """
        INSERT INTO ledger_entry (stream, n, verb, actor, on_behalf, act_key, occurred_at, at,
                                  recorded_at, body, prev, hash)
        VALUES (%s, %s, %s, 'wang', '', %s, NULL, %s, %s, %s, %s, %s)
    """
    for chunk in _chunks(entries):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(insert, chunk)
    return {"sequence": _seconds(sequencer.drain)}


def _chunks(entries: int) -> Iterator[list[tuple[Any, ...]]]:
    rows: list[tuple[Any, ...]] = []
    for number in range(0, entries, len(_VERBS)):
        rows += _stream(number, min(len(_VERBS), entries - number))
        if len(rows) >= _CHUNK:
            yield rows
            rows = []
    if rows:
        yield rows


def _stream(number: int, length: int) -> list[tuple[Any, ...]]:
    from changxiao.ledger import chain

    stream, rows = f"case:2026{number:09}", []
    prev = chain.first(stream)
    for i, verb in enumerate(_VERBS[:length]):
        moment = _START + timedelta(seconds=number + i)
        at, key = chain.timestamp(moment), f"{number + i:036}"
        body = chain.canonical(
            {"subcategory": "0110", "text": "井盖破损" * 12, "_act": {"post": "x"}}
        )
        framed = chain.frame(key, "wang", at, body, i + 1, None, "", at, stream, verb)
        link = chain.link(prev, framed)
        stored = moment.strftime("%Y-%m-%d %H:%M:%S")
        rows.append((stream, i + 1, verb, key, stored, stored, body, prev.hex(), link.hex()))
        prev = link
    return rows


def _check(entries: int) -> dict[str, float]:
    from changxiao.ledger import audit, log, tree

    report = []
    verify = _seconds(lambda: report.append(audit.verify()))
    if report[0].findings or report[0].size != entries:
        raise RuntimeError(f"the bench's own log is not whole: {report[0]}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    prove = _seconds(lambda: tree.inclusion(log.read, entries // 3, entries))
    return {"verify": verify, "memory": memory, "prove": prove, "plain": _plain(entries)}


def _plain(entries: int) -> float:
    """Hashing alone: what an entry and its two nodes cost when nothing is read from anywhere."""
    frame, node = b"x" * 500, b"n" * 65

    def hash_all() -> None:
        for _entry in range(entries):
            sha256(frame).digest()
            sha256(node).digest()
            sha256(node).digest()

    return _seconds(hash_all)


def _export(_entries: int) -> dict[str, float]:
    from changxiao.kernel.home import folder
    from changxiao.ledger import export

    path = folder("tmp") / "log.tar"
    script = Path(__file__).resolve().parents[2] / "tools" / "verify_ledger.py"
    command = [sys.executable, str(script), str(path)]
    return {
        "export": _seconds(lambda: export.export(path)),
        "independent": _seconds(lambda: subprocess.run(command, capture_output=True, check=True)),
    }


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _main(step: str, entries: str) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "changxiao.settings")
    django.setup()
    steps = {"fill": _fill, "check": _check, "export": _export}
    sys.stdout.write(json.dumps(steps[step](int(entries))))


if __name__ == "__main__":
    _main(*sys.argv[1:])
