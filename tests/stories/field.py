"""A collector's phone: a browser that is killed and opened again, and what a thumb does on it."""

import contextlib
import io
import os
import signal
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from tests.stories.cast import session_of
from tests.support.services import QUIET, chromium_path

PHONE = {"width": 390, "height": 844}
HERE = {"longitude": 116.703, "latitude": 23.365, "accuracy": 12}
HELD = {
    "viewport": PHONE,
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
    "reduced_motion": "reduce",
    "permissions": ["geolocation", "camera", "microphone"],
    "geolocation": HERE,
}


class Phone:
    """A window of the stories' Chromium; with a folder one of its own, whose profile survives the
    browser's sudden death."""

    def __init__(self, browser, url, folder=None):
        self.browser, self.url, self.folder = browser, url, folder
        self.context = self.page = None
        self.troubles = []

    def open(self, *, offline=False, as_whom=""):
        if self.folder:
            self.context = self.browser.browser_type.launch_persistent_context(
                str(self.folder), executable_path=chromium_path(), args=QUIET, **HELD
            )
        else:
            self.context = self.browser.new_context(**HELD)
        self.context.set_offline(offline)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        if as_whom:
            self.sign_in(as_whom)
        self.page.goto(self.url + "/field/")
        return self.page

    def sign_in(self, username):
        cookies = session_of(username)
        self.context.add_cookies(
            [{"name": n, "value": v, "url": self.url} for n, v in cookies.items()]
        )

    def change_hands(self, username):
        """Another signs in; an answer under way to the one before would bring back his cookie."""
        self.page.goto("about:blank")
        self.sign_in(username)
        self.page.goto(self.url + "/field/")

    def kill(self):
        """kill -9 of every process of this profile, and of no other; when all of them are gone."""
        deadline = time.monotonic() + 30
        while alive := self._processes():
            for pid in alive:
                with contextlib.suppress(ProcessLookupError):  # it died of another's death
                    os.kill(pid, signal.SIGKILL)
            assert time.monotonic() < deadline, f"{alive} do not die"
            time.sleep(0.02)
        with contextlib.suppress(Exception):
            self.context.close()
        for lock in self.folder.glob("Singleton*"):
            lock.unlink(missing_ok=True)

    def _processes(self):
        mark, found = f"--user-data-dir={self.folder}".encode(), []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                if mark in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
                    found.append(int(pid))
        return found


def controlled(page):
    """Until the service worker answers for the page."""
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def ready(page):
    page.wait_for_selector("body[data-ready]")


def picture(shade):
    out = io.BytesIO()
    Image.new("RGB", (320, 240), shade).save(out, "JPEG")
    return {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def fill(page, words, *shades):
    page.click(".field-bar a[href='#report']")
    page.wait_for_selector("[data-place][data-state]")
    if shades:
        page.set_input_files("[data-report] input[type=file]", [picture(s) for s in shades])
    page.check("[data-report] input[type=radio]")
    page.fill("[data-report] textarea", words)
    page.click(".field-save")
    saved(page)


def saved(page):
    """Until the phone says that it keeps what was written."""
    page.wait_for_selector("[data-report] [data-said][data-state=saved]")


def drained(page, sent=1, within=30_000):
    """Open 我的 until so many stand there as sent and nothing waits any more: by the second alone
    one would go on before the queue has seen what was saved."""
    page.click(".field-bar a[href='#mine']")
    expect(page.locator("[data-list=sent] [data-key]")).to_have_count(sent, timeout=within)
    page.wait_for_selector("[data-mine][data-waiting='0']")
