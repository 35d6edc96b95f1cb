"""`python tools/screenshots.py URL`: the pictures of the README, taken from a running demo city.

With `--tour` every page of docs/tour.md instead, in both themes. Needs the dev packages and
Chromium; CHANGXIAO_HOME names the demo home whose users sign in.
"""

import io
import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from pages import CASE, HAND, PAGES, Shown
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, TimeoutError, sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
CHROMIUM = os.environ.get("CHANGXIAO_CHROMIUM") or shutil.which("chromium")
SHOTS = (("queue", "dispatcher", 1280, 800), ("case", "dispatcher", 1280, 1100))
PHONE = ("phone", "handler", 390, 1000)
TOUR = IMAGES / "tour"
HERE = {"longitude": 116.703, "latitude": 23.365, "accuracy": 12}  # a street of the demo city
MOST_BYTES, WIDEST = 30_000, 960
TOLD = [shown for shown in PAGES if shown.words]
TOUR_HEAD = (
    "Each page of the demo city in both themes, made by "
    "`python tools/screenshots.py --tour http://127.0.0.1:8000`. The cases are generated."
)


def launched(play: Playwright) -> Browser:
    """A Chromium whose own words (dates, file fields) are Chinese, as a reader's are."""
    chinese = {**os.environ, "LANG": "zh_CN.UTF-8", "LANGUAGE": "zh_CN"}
    return play.chromium.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", "--lang=zh-CN"], env=chinese
    )


def signed_in(browser: Browser, url: str, user: dict[str, str], size: tuple[int, int]) -> Page:
    """A page of the demo person, on the queue."""
    shape = {"width": size[0], "height": size[1]}
    context = browser.new_context(
        viewport=shape, locale="zh-CN", geolocation=HERE, permissions=["geolocation"]
    )
    page = context.new_page()
    page.goto(url)
    page.fill("input[name=login]", user["username"])
    page.fill("input[name=password]", user["password"])
    page.click("button[type=submit]")
    page.goto(f"{url}/cases/")
    page.wait_for_load_state("networkidle")
    return page


def main(url: str) -> int:
    """Every picture anew."""
    users = demo_users()
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = launched(play)
        for name, post, width, height in (*SHOTS, PHONE):
            page = signed_in(browser, url, users[post], (width, height))
            if name != "queue":
                page.click(CASE)
                page.wait_for_load_state("networkidle")
            page.screenshot(path=IMAGES / f"{name}.png")
        browser.close()
    return 0


def tour(url: str) -> int:
    """Every page of the tour in both themes, and docs/tour.md that shows them."""
    users = demo_users()
    TOUR.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = launched(play)
        windows: dict[tuple[str, tuple[int, int]], Page] = {}
        for shown in TOLD:
            key = (shown.post, shown.size)
            if key not in windows:
                windows[key] = signed_in(browser, url, users[shown.post], shown.size)
            page = windows[key]
            opened(page, url, shown, users[shown.post])
            for theme in ("light", "dark"):
                page.evaluate("(theme) => document.documentElement.dataset.bsTheme = theme", theme)
                page.wait_for_timeout(300)
                _keep(page.screenshot(), TOUR / f"{shown.name}-{theme}.webp")
            sys.stdout.write(f"{shown.name}\n")
            sys.stdout.flush()
        browser.close()
    _write_page()
    return 0


def opened(page: Page, url: str, shown: Shown, user: dict[str, str]) -> None:
    """The page as its post opens it."""
    path = shown.path
    if path == "@daily":
        link = json.loads(_asked("daily-report", "link", user["username"], "--json"))["url"]
        path = "/" + link.split("/", 3)[3]
    page.goto(url + path)
    if shown.follow:
        link = str(page.locator(shown.follow).first.get_attribute("href", timeout=5000))
        page.goto(url + link.split("?")[0] + shown.then)
    settled(page)
    for button in shown.press:
        page.locator(button).first.click()
        settled(page)


def settled(page: Page) -> None:
    """Until nothing comes in any more, or a page that listens has had its time."""
    with suppress(TimeoutError):
        page.wait_for_load_state("networkidle", timeout=4000)


def demo_users() -> dict[str, dict[str, str]]:
    """One person a post, with the password of this home."""
    return {user["post"]: user for user in json.loads(_asked("demo", "users", "--json"))}


def _asked(*words: str) -> str:
    command = [str(Path(sys.executable).with_name("changxiao")), *words]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def _keep(png: bytes, path: Path) -> None:
    """As WebP, in the quality that stays below 30 kB: there are a hundred of them."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.thumbnail((WIDEST, WIDEST), Image.Resampling.LANCZOS)
    for quality in (75, 60, 45, 30, 15):
        picture.save(path, "WEBP", quality=quality, method=6)
        if path.stat().st_size <= MOST_BYTES:
            return


def _write_page() -> None:
    lines = ["# A tour of the pages", "", TOUR_HEAD, ""]
    for shown in TOLD:
        width = ' width="240"' if shown.size == HAND else ' width="49%"'
        pictures = [
            f'<img src="images/tour/{shown.name}-{theme}.webp" alt="{shown.words}, {theme}"{width}>'
            for theme in ("light", "dark")
        ]
        lines += [f"## {shown.words}", "", " ".join(pictures), ""]
    page = IMAGES.parent / "tour.md"
    page.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    given = [word for word in sys.argv[1:] if not word.startswith("--")]
    sys.exit((tour if "--tour" in sys.argv else main)(given[0].rstrip("/")))
