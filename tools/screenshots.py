"""`python tools/screenshots.py URL`: the pictures of the README, taken from a running demo city.

Needs the dev packages and Chromium; CHANGXIAO_HOME names the demo home whose users sign in.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
CHROMIUM = os.environ.get("CHANGXIAO_CHROMIUM") or shutil.which("chromium")
SHOTS = (("queue", "dispatcher", 1280, 800), ("case", "dispatcher", 1280, 1100))
PHONE = ("phone", "handler", 390, 1000)


def signed_in(browser: Browser, url: str, user: dict[str, str], size: tuple[int, int]) -> Page:
    """A page of the demo person, on the queue."""
    shape = {"width": size[0], "height": size[1]}
    page = browser.new_context(viewport=shape, locale="zh-CN").new_page()
    page.goto(url)
    page.fill("input[name=login]", user["username"])
    page.fill("input[name=password]", user["password"])
    page.click("button[type=submit]")
    page.goto(f"{url}/cases/")
    page.wait_for_load_state("networkidle")
    return page


def main(url: str) -> int:
    """Every picture anew."""
    told = subprocess.run(
        [str(Path(sys.executable).with_name("changxiao")), "demo", "users", "--json"],
        capture_output=True,
        check=True,
        text=True,
    )
    users = {user["post"]: user for user in json.loads(told.stdout)}
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, post, width, height in (*SHOTS, PHONE):
            page = signed_in(browser, url, users[post], (width, height))
            if name != "queue":
                page.click("a[href^='/cases/2']")
                page.wait_for_load_state("networkidle")
            page.screenshot(path=IMAGES / f"{name}.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1].rstrip("/")))
