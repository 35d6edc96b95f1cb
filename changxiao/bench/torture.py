"""酷刑 torture: kill the city at random moments while reports come in, then count (promise P1).

A-01: everything dies by SIGKILL after U(0, 250) ms of service, over and over; clients retry their
keys. A-01b: only the worker dies, or all is frozen for a while. Afterwards every acknowledged key
must be stored, each key once, file and chain whole, and no photo row without its file
(reliability.md §4.3). The run repeats with its seed.
"""

from __future__ import annotations

import json
import random
import shutil
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from changxiao.bench.torture_city import COMMAND, City, Spawn, Stuck, WebCommand, fresh, run
from changxiao.bench.torture_clients import ANSWER_SECONDS, Client, Stage

MOST_SERVICE = 0.250
FREEZE_SECONDS = 2.0
DRAIN_SECONDS = 120.0
TESTS = ("A-01", "A-01b")
_HELPER = ("-m", "changxiao.bench.torture_home")


@dataclass(frozen=True, slots=True)
class Plan:
    """计划: which test, how many rounds, by which seed; `broken` plants a loss."""

    test: str
    rounds: int
    seed: int
    broken: bool = False


@dataclass(slots=True)
class Outcome:
    """结果: counts of keys; `lost` were acknowledged and are not stored, `repeated` were answered
    again from the log, `changed` are stored under another number than was answered."""

    test: str
    rounds: int
    seed: int
    acked: int = 0
    stored: int = 0
    lost: int = 0
    duplicated: int = 0
    repeated: int = 0
    changed: int = 0
    unexpected: list[str] = field(default_factory=list)
    integrity: str = ""
    ledger_code: int = -1
    photos: int = 0
    rows_without_file: int = 0
    swept: int = 0
    orphans: int = 0
    parked: int = 0
    boot_to_201_median: float = 0.0
    boot_to_201_most: float = 0.0
    seconds: float = 0.0
    ok: bool = False

    def judge(self) -> None:
        """判定: `ok` when nothing that was promised is broken; boot times are told, not judged."""
        nothing = (self.lost, self.duplicated, self.changed, len(self.unexpected), self.parked)
        files = (self.rows_without_file, self.orphans, self.ledger_code)
        self.ok = not any(nothing) and not any(files) and self.integrity == "ok" and self.acked > 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def template(folder: Path, city: str = "440500") -> Path:
    """样板城市: a home set up once, to be copied for each run; tables that are there already stay.

    Raises Stuck.
    """
    home = folder / "template"
    home.mkdir(parents=True, exist_ok=True)
    _must(run(home, *COMMAND[1:], "init", "--city", city), "init")
    told = _must(run(home, *_HELPER, "prepare"), "prepare")
    (home / "torture.json").write_text(told, encoding="utf-8")
    # A worker makes a backup first thing in a home without one; that is not what we look at.
    _must(run(home, *COMMAND[1:], "backup"), "backup")
    return home


def _must(done: Any, what: str) -> str:
    if done.returncode:
        raise Stuck(f"{what}: {done.stderr.strip()[-600:]}")
    return str(done.stdout)


def torture(
    plan: Plan,
    home: Path,
    web: WebCommand,
    *,
    tell: Callable[[int, int], None] | None = None,
    spawn: Spawn = fresh,
) -> Outcome:
    """施刑: run the plan on a copy of the template `home`, left beside it for whoever asks why.

    `web(host, port)` is the product's web command; `tell(round, acked)` reports progress.
    """
    own = home.with_name(f"run-{plan.test}-{plan.seed}-{int(plan.broken)}")
    shutil.copytree(home, own)
    begin = time.monotonic()
    harness = Harness(plan, City(own, web, plan.broken, spawn=spawn))
    outcome = harness.run(tell or (lambda _round, _acked: None))
    outcome.seconds = round(time.monotonic() - begin, 1)
    outcome.judge()
    return outcome


class Harness:
    """刑架: the rounds of one run."""

    def __init__(self, plan: Plan, city: City) -> None:
        self.plan, self.city = plan, city
        self.chance = random.Random(plan.seed)
        self.serving = threading.Event()
        self.answered, self.warm = threading.Event(), threading.Event()
        self._heard: set[int] = set()
        self.boots: list[float] = []
        told = json.loads((city.home / "torture.json").read_text(encoding="utf-8"))
        stage = Stage(city.port, told["tokens"], told["subcategory"], told["places"])
        self.clients = [
            Client(
                index,
                stage,
                seed=plan.seed,
                serving=self.serving,
                acknowledged=self._acknowledged,
            )
            for index in range(len(told["tokens"]))
        ]

    def run(self, tell: Callable[[int, int], None]) -> Outcome:
        """全程: rounds, then a last start in which every key gets its answer, then the count."""
        try:
            for number in range(self.plan.rounds):
                (self._killed if self.plan.test == "A-01" else self._hurt)(number)
                tell(number + 1, len(self.acked()))
            if self.plan.test == "A-01":
                self.boot()
            self.drain()
        finally:
            self.serving.set()
            self.city.kill()
        return self._count()

    def acked(self) -> dict[str, str]:
        """已答复: the keys acknowledged so far, with the numbers answered."""
        return {k: n for client in self.clients for k, n in client.book.acked.copy().items()}

    def _acknowledged(self, index: int) -> None:
        self._heard.add(index)
        self.answered.set()
        if len(self._heard) == len(self.clients):
            self.warm.set()

    def boot(self) -> float:
        """开机: start the city and let the clients send; when it began (monotonic seconds)."""
        begin = time.monotonic()
        self.city.start()
        self.city.wait_until_ready()
        self._heard.clear()
        self.answered.clear()
        self.warm.clear()
        self.serving.set()
        for client in self.clients:
            if not client.is_alive() and not client.ident:
                client.start()
        return begin

    def _first_answer(self, begin: float) -> None:
        if self.answered.wait(DRAIN_SECONDS):
            self.boots.append(time.monotonic() - begin)
        else:
            raise Stuck(f"no report was acknowledged in {DRAIN_SECONDS:.0f} s: {self._why()}")

    def _why(self) -> str:
        told = [line for client in self.clients for line in client.book.unexpected]
        return told[0] if told else "the clients got no answer at all"

    def _killed(self, _number: int) -> None:
        """A-01: service counts from readiness, from the first answer, or from when all clients
        were answered once and the city runs at full speed."""
        begin, wish = self.boot(), self.chance.random()
        if wish > 0.2:
            self._first_answer(begin)
        if wish > 0.5:
            self.warm.wait(ANSWER_SECONDS)
        time.sleep(self.chance.uniform(0, MOST_SERVICE))
        self.serving.clear()
        self.city.kill()

    def _hurt(self, number: int) -> None:
        """A-01b: one start; kill only the worker, or stop all processes for a while."""
        if not self.boots:
            self._first_answer(self.boot())
        time.sleep(self.chance.uniform(0, MOST_SERVICE))
        if number % 2:
            self.city.freeze(self.chance.uniform(0, FREEZE_SECONDS))
        else:
            self.city.kill_worker()
            time.sleep(self.chance.uniform(0, MOST_SERVICE))
            self.city.start_worker()

    def drain(self) -> None:
        """收尾: every report at hand gets its answer, and no other is begun."""
        for client in self.clients:
            client.last.set()
        deadline = time.monotonic() + DRAIN_SECONDS
        for client in self.clients:
            client.join(max(0.0, deadline - time.monotonic()))
            if client.is_alive():
                client.book.unexpected.append("no answer to the last report")

    def _count(self) -> Outcome:
        plan, home = self.plan, self.city.home
        looked = json.loads(_must(run(home, *_HELPER, "look"), "look"))
        verified = run(home, *COMMAND[1:], "ledger", "verify", "--state", "--media")
        acked = self.acked()
        outcome = Outcome(plan.test, plan.rounds, plan.seed)
        for client in self.clients:
            outcome.repeated += client.book.repeated
            outcome.unexpected += client.book.unexpected
        cases, entries = looked.pop("cases"), looked.pop("entries")
        outcome.acked, outcome.stored = len(acked), len(cases)
        outcome.lost = sum(key not in cases or key not in entries for key in acked)
        outcome.duplicated = sum(len(numbers) > 1 for numbers in cases.values())
        outcome.changed = sum(acked[key] != entries[key] for key in acked if key in entries)
        outcome.ledger_code = verified.returncode
        if verified.returncode:
            outcome.unexpected.append(
                f"ledger verify: {(verified.stdout + verified.stderr)[-300:]}"
            )
        for name in ("integrity", "photos", "rows_without_file", "swept", "orphans", "parked"):
            setattr(outcome, name, looked[name])
        if self.boots:
            outcome.boot_to_201_median = round(statistics.median(self.boots), 2)
            outcome.boot_to_201_most = round(max(self.boots), 2)
        return outcome
