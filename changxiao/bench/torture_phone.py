"""外业酷刑 A-06b: a collector's browser killed at random while he works (T25, P2, P4).

A real Chromium with a profile of its own fills the real forms, mostly without a network, and dies
by SIGKILL before, around or after "已保存". It is opened again, now and then with the line up, and
at last drained. Then: what was shown as saved stands in the log with its photos; nothing is there
twice, saved or not. A photo's content is its deed's own, so a mixed-up one is seen. `mixed` is a
whole shift (`torture_deeds`), else reports alone; `broken` takes saved items off the phone, and a
count that does not see that proves nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from changxiao.bench.torture_city import City, Stuck, WebCommand, run
from changxiao.bench.torture_deeds import (
    ITEMS,
    Deed,
    counted,
    drawn,
    filled,
    recognised,
    saved,
)

KILLED = 0.14  # of the reports
ONLINE = 0.05
DRAIN_SECONDS = 600
WAIT = 60_000  # milliseconds for what a loaded machine does in one
CHROMIUM = os.environ.get("CHANGXIAO_CHROMIUM") or shutil.which("chromium") or ""
_HELPER = ("-m", "changxiao.bench.torture_home")
# A camera and a microphone that show and play something, and ask nobody.
_FAKED = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@dataclass(frozen=True, slots=True)
class Plan:
    """计划: how many deeds, by which seed; reports or a whole shift; `broken` plants a loss."""

    count: int
    seed: int
    mixed: bool = False
    broken: bool = False


@dataclass(slots=True)
class Outcome:
    """结果 of a run: `saved` was shown as saved; `unsaved` died before that and is there anyway.
    `kinds` are the deeds of each kind."""

    reports: int = 0
    seed: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    kills: int = 0
    saved: int = 0
    stored: int = 0
    unsaved: int = 0
    lost: int = 0
    doubled: int = 0
    photos: int = 0
    photos_wrong: int = 0
    miscounted: int = 0
    unexpected: list[str] = field(default_factory=list)
    seconds: float = 0.0
    ok: bool = False

    def judge(self) -> None:
        """判定."""
        wrong = (self.lost, self.doubled, self.photos_wrong, self.miscounted)
        self.ok = not any(wrong) and not self.unexpected and self.saved > 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Phone:
    """手机: a browser with a profile that survives it."""

    def __init__(self, play: Any, folder: Path, url: str, told: dict[str, Any]) -> None:
        self.play, self.folder, self.url, self.told = play, folder, url, told
        self.context: Any = None
        self.page: Any = None

    def open(self, *, online: bool) -> None:
        """打开 the page; without a network it comes from the service worker."""
        lon, lat = self.told["places"][0]
        self.context = self.play.chromium.launch_persistent_context(
            str(self.folder),
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", *_FAKED],
            viewport={"width": 390, "height": 844},
            locale="zh-CN",
            permissions=["geolocation", "camera", "microphone"],
            geolocation={"longitude": lon, "latitude": lat, "accuracy": 9},
        )
        self.context.set_default_timeout(WAIT)
        named = (("cx_sid", self.told["session"]), ("cx_csrf", self.told["csrf"]))
        self.context.add_cookies([{"name": n, "value": v, "url": self.url} for n, v in named])
        self.context.set_offline(not online)
        self.page = self.context.new_page()
        self.page.goto(f"{self.url}/field/#report")
        self.page.wait_for_selector("body[data-ready]")

    def settle(self) -> None:
        """装好: once the service worker answers for the page, it opens without a network too."""
        self.page.wait_for_function("navigator.serviceWorker.controller !== null")
        self.page.wait_for_selector("[data-subjects] input[type=radio]")

    def kill(self) -> None:
        """kill -9 of every process of this profile, and of no other."""
        mark = f"--user-data-dir={self.folder}".encode()
        for pid in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                if mark in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
                    os.kill(int(pid), signal.SIGKILL)

    def gone(self) -> None:
        """收尸: forget the dead browser, and its lock on the profile."""
        with contextlib.suppress(Exception):
            self.context.close()
        for lock in self.folder.glob("Singleton*"):
            lock.unlink(missing_ok=True)

    def waiting(self) -> tuple[int, int]:
        """待传: as the page shows it, and as it lies in the phone's storage."""
        self.page.wait_for_function("document.querySelector('[data-mine]').dataset.waiting")
        shown = int(self.page.get_attribute("[data-mine]", "data-waiting"))
        return shown, sum(state == "waiting" for *_item, state in self.page.evaluate(ITEMS))


_DROP = """async () => {
  const request = indexedDB.open("changxiao-field");
  const db = await new Promise((done) => (request.onsuccess = () => done(request.result)));
  const items = db.transaction("items", "readwrite").objectStore("items");
  const all = items.getAll();
  await new Promise((done) => (all.onsuccess = done));
  const last = all.result.filter((one) => one.state === "waiting").pop();
  if (last) items.delete(last.key);
  await new Promise((done) => (items.transaction.oncomplete = done));
  db.close();
}"""


def phone_torture(
    plan: Plan, home: Path, web: WebCommand, *, tell: Callable[[int], None]
) -> Outcome:
    """外业酷刑: one run of `plan` on a city of its own."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise Stuck("A-06b needs the dev packages (make setup-dev) and Chromium") from None
    begin, outcome = time.monotonic(), Outcome(reports=plan.count, seed=plan.seed)
    told = json.loads((home / "torture.json").read_text(encoding="utf-8"))
    told |= json.loads(_must(run(home, *_HELPER, "session")))
    if plan.mixed:
        told |= json.loads(_must(run(home, *_HELPER, "shift")))
    city = City(home, web)
    city.start()
    try:
        city.wait_until_ready()
        with sync_playwright() as play:
            phone = Phone(play, home / "profile", f"http://127.0.0.1:{city.port}", told)
            deeds = _shift(phone, outcome, plan, tell)
            _drain(phone, outcome)
    finally:
        city.kill()
    _count(outcome, deeds, json.loads(_must(run(home, *_HELPER, "acts")))["acts"])
    outcome.seconds = round(time.monotonic() - begin, 1)
    outcome.judge()
    return outcome


def _shift(phone: Phone, outcome: Outcome, plan: Plan, tell: Callable[[int], None]) -> list[Deed]:
    """一班: every deed, with whether it was shown as saved."""
    chance, deeds, known = random.Random(f"phone/{plan.seed}"), list[Deed](), set[str]()
    phone.open(online=True)
    phone.settle()
    phone.context.set_offline(True)
    for number in range(plan.count):
        words = f"a06b-{plan.seed}-{number:04d}"
        kind = drawn(chance) if plan.mixed else "report"
        phone.context.set_offline(chance.random() >= ONLINE)
        deed = filled(phone.page, kind, words, chance, phone.told.get("small", ""))
        deeds.append(deed)
        dies = chance.random() < KILLED
        timer = threading.Timer(chance.uniform(0, 0.6), phone.kill) if dies else None
        if timer:
            timer.start()
        deed.saved = saved(phone.page, deed)
        if timer:
            timer.join()
            outcome.kills += 1
            phone.gone()
            phone.open(online=False)
            shown, stored = phone.waiting()
            outcome.miscounted += shown != stored
        recognised(phone.page, deed, known)
        if timer and plan.broken:
            phone.page.evaluate(_DROP)
            phone.page.reload()
            phone.page.wait_for_selector("body[data-ready]")
        tell(number + 1)
    return deeds


def _drain(phone: Phone, outcome: Outcome) -> None:
    """收尾: the line is up until nothing waits."""
    phone.context.set_offline(False)
    phone.page.reload()
    deadline = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < deadline:
        phone.page.wait_for_timeout(1000)
        if phone.waiting() == (0, 0):
            break
        phone.page.evaluate("document.querySelector('[data-send]').click()")
    else:
        outcome.unexpected.append(f"{phone.waiting()} still waiting")
    refused = phone.page.locator("[data-list=refused] [data-why]").all_text_contents()
    outcome.unexpected += refused[:5]
    phone.context.close()


def _must(done: Any) -> str:
    if done.returncode:
        raise Stuck(done.stderr.strip()[-600:])
    return str(done.stdout)


def _count(outcome: Outcome, deeds: list[Deed], acts: list[tuple[str, str, list[str]]]) -> None:
    found = counted(deeds, acts)
    outcome.saved = sum(deed.saved for deed in deeds)
    outcome.kinds = dict(Counter(deed.kind for deed in deeds))
    for name, number in asdict(found).items():
        setattr(outcome, name, number)
