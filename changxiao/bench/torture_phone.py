"""外业酷刑 A-06b: a collector's browser killed at random while he saves reports (T25, P2, P4).

A real Chromium with a profile of its own fills the real form, mostly without a network, and dies by
SIGKILL before, around or after "已保存". It is opened again, now and then with the line up, and at
last drained. Then: what was shown as saved is one case with its photo; nothing is there twice,
saved or not. The photo's content is the report's own, so a mixed-up one is seen.
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
from hashlib import sha256
from pathlib import Path
from typing import Any

from changxiao.bench.torture_city import City, Stuck, WebCommand, run
from changxiao.bench.torture_clients import picture

KILLED = 0.14  # of the reports
PICTURED = 0.34
ONLINE = 0.05
DRAIN_SECONDS = 600
WAIT = 60_000  # milliseconds for what a loaded machine does in one
CHROMIUM = os.environ.get("CHANGXIAO_CHROMIUM") or shutil.which("chromium") or ""
_HELPER = ("-m", "changxiao.bench.torture_home")
SAVED = "[data-said][data-state=saved]"


@dataclass(slots=True)
class Outcome:
    """结果 of a run: `saved` was shown as saved; `unsaved` died before that and is there anyway."""

    reports: int = 0
    seed: int = 0
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
            args=["--no-sandbox", "--disable-gpu"],
            viewport={"width": 390, "height": 844},
            locale="zh-CN",
            permissions=["geolocation"],
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

    def fill(self, words: str, photo: bytes | None) -> None:
        self.page.wait_for_selector("[data-place][data-state]")
        if photo is not None:
            shot = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo}
            self.page.set_input_files("[data-report] input[name=photos]", [shot])
        self.page.check("[data-report] [data-subjects] input[type=radio] >> nth=0")
        self.page.fill("[data-report] textarea", words)
        self.page.evaluate("document.querySelector('[data-said]').dataset.state = ''")

    def save(self) -> bool:
        """保存: whether the page said so before the browser was gone."""
        try:
            self.page.click(".field-save")
            self.page.wait_for_selector(SAVED)
        except Exception:
            return False
        return True

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
        return shown, int(self.page.evaluate(_STORED))


_STORED = """async () => {
  const request = indexedDB.open("changxiao-field");
  const db = await new Promise((done) => (request.onsuccess = () => done(request.result)));
  const all = db.transaction("items").objectStore("items").getAll();
  await new Promise((done) => (all.onsuccess = done));
  db.close();
  return all.result.filter((one) => one.state === "waiting").length;
}"""


def phone_torture(
    count: int, seed: int, home: Path, web: WebCommand, *, tell: Callable[[int], None]
) -> Outcome:
    """外业酷刑: one run of `count` reports on a city of its own."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise Stuck("A-06b needs the dev packages (make setup-dev) and Chromium") from None
    begin, outcome = time.monotonic(), Outcome(reports=count, seed=seed)
    told = json.loads((home / "torture.json").read_text(encoding="utf-8"))
    told |= json.loads(_must(run(home, *_HELPER, "session")))
    city = City(home, web)
    city.start()
    try:
        city.wait_until_ready()
        with sync_playwright() as play:
            phone = Phone(play, home / "profile", f"http://127.0.0.1:{city.port}", told)
            saved = _shift(phone, outcome, random.Random(f"phone/{seed}"), tell)
            _drain(phone, outcome)
    finally:
        city.kill()
    _count(outcome, saved, json.loads(_must(run(home, *_HELPER, "phone"))))
    outcome.seconds = round(time.monotonic() - begin, 1)
    outcome.judge()
    return outcome


def _shift(
    phone: Phone, outcome: Outcome, chance: random.Random, tell: Callable[[int], None]
) -> dict[str, tuple[bool, str]]:
    """一班: every report's words, with whether it was shown as saved, and its photo's hash."""
    told: dict[str, tuple[bool, str]] = {}
    phone.open(online=True)
    phone.settle()
    phone.context.set_offline(True)
    for number in range(outcome.reports):
        words = f"a06b-{outcome.seed}-{number:04d}"
        photo = picture(chance) if chance.random() < PICTURED else None
        phone.context.set_offline(chance.random() >= ONLINE)
        phone.fill(words, photo)
        dies = chance.random() < KILLED
        timer = threading.Timer(chance.uniform(0, 0.6), phone.kill) if dies else None
        if timer:
            timer.start()
        told[words] = phone.save(), sha256(photo).hexdigest() if photo else ""
        if timer:
            timer.join()
            outcome.kills += 1
            phone.gone()
            phone.open(online=False)
            shown, stored = phone.waiting()
            outcome.miscounted += shown != stored
        tell(number + 1)
    return told


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


def _count(outcome: Outcome, told: dict[str, tuple[bool, str]], looked: dict[str, Any]) -> None:
    found: Counter[str] = Counter(words for words, _photos in looked["cases"])
    photos = dict(looked["cases"])
    outcome.saved = sum(saved for saved, _sha in told.values())
    outcome.stored = sum(found.values())
    outcome.unsaved = sum(found[words] > 0 for words, (saved, _sha) in told.items() if not saved)
    outcome.lost = sum(found[words] == 0 for words, (saved, _sha) in told.items() if saved)
    outcome.doubled = sum(count - 1 for count in found.values()) + len(set(found) - set(told))
    outcome.photos = sum(len(held) for held in photos.values())
    for words, held in photos.items():
        sha = told.get(words, (False, ""))[1]
        outcome.photos_wrong += held != ([sha] if sha else [])
