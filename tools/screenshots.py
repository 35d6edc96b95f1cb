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
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
CHROMIUM = os.environ.get("CHANGXIAO_CHROMIUM") or shutil.which("chromium")
SHOTS = (("queue", "dispatcher", 1280, 800), ("case", "dispatcher", 1280, 1100))
PHONE = ("phone", "handler", 390, 1000)
TOUR = IMAGES / "tour"
MOST_BYTES = 120_000
TOUR_HEAD = (
    "Each page of the demo city in both themes, made by "
    "`python tools/screenshots.py --tour http://127.0.0.1:8000`. The cases are generated."
)
DESK, HAND = (1280, 860), (390, 844)
FIRST_CASE = "a[href^='/cases/2']"
# name, post, address, what to press once it is open, size, and what the page is for
PAGES = (
    ("home", "dispatcher", "/", "", DESK, "待办 · what waits for my posts; each number opens"),
    (
        "queue",
        "dispatcher",
        "/cases/",
        "",
        DESK,
        "案卷 · the list by time left",
    ),
    (
        "case",
        "dispatcher",
        "/cases/?stage=filed",
        FIRST_CASE,
        DESK,
        "一件案卷 · its story and clocks",
    ),
    ("report", "intake", "/cases/report/", "", DESK, "上报 · a report from the desk"),
    ("map", "dispatcher", "/map/", "", DESK, "地图 · the filtered list on the city's own map"),
    (
        "mine",
        "handler",
        "/cases/mine/",
        "",
        HAND,
        "我的案卷 · the handling unit's cases on the phone",
    ),
    ("leader", "leader", "/leader/", "", DESK, "我负责的 · red, amber, green; 督办 in two taps"),
    ("daily", "leader", "daily", "", HAND, "日报 · at eight, by signed link, no sign-in"),
    ("handover", "dispatcher", "/cases/handover/", "", DESK, "交接班 · open, promised, odd"),
    ("print", "dispatcher", "print", "", DESK, "派遣单 · A4, with the proof's QR"),
    ("flags", "center_director", "/flags/", "", DESK, "证据疑点 · flags, for the centre director"),
    ("exceptional", "leader", "/exceptional/", "", DESK, "作废与强结 · exceptional ends by name"),
    ("components", "dispatcher", "/components/", "", DESK, "部件 · the census of components"),
    ("catalog", "city_admin", "/catalog/", "", DESK, "目录 · categories and criteria"),
    ("units", "city_admin", "/units/", "", DESK, "单位 · who answers for what, and vacancies"),
    ("people", "city_admin", "/people/", "", DESK, "人员 · people and their posts"),
    ("settings", "city_admin", "/settings/", "", DESK, "设置 · what a city edits itself"),
    ("areas", "city_admin", "/areas/", "", DESK, "区域 · districts, streets, communities"),
    ("emergencies", "city_admin", "/emergencies/", "", DESK, "应急令 · the public list of orders"),
    ("ledger", "auditor", "/ledger/", "", DESK, "总账 · size, checkpoint, key"),
)


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


def tour(url: str) -> int:
    """Every page of the tour in both themes, and docs/tour.md that shows them."""
    told = _asked("demo", "users", "--json")
    users = {user["post"]: user for user in json.loads(told)}
    TOUR.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        windows: dict[tuple[str, tuple[int, int]], Page] = {}
        for name, post, path, press, size, _words in PAGES:
            if (post, size) not in windows:
                windows[post, size] = signed_in(browser, url, users[post], size)
            page = windows[post, size]
            _open(page, url, path, users[post]["username"])
            if press:
                page.locator(press).first.click()
                page.wait_for_load_state("networkidle")
            for theme in ("light", "dark"):
                page.context.add_cookies([{"name": "cx_theme", "value": theme, "url": url}])
                page.reload()
                page.wait_for_load_state("networkidle")
                page.wait_for_timeout(300)
                _keep(page.screenshot(), TOUR / f"{name}-{theme}.webp")
        browser.close()
    _write_page()
    return 0


def _open(page: Page, url: str, path: str, username: str) -> None:
    if path == "daily":
        path = json.loads(_asked("daily-report", "link", username, "--json"))["url"]
        path = "/" + path.split("/", 3)[3]
    if path == "print":
        page.goto(f"{url}/cases/?stage=dispatched")
        path = str(page.locator(FIRST_CASE).first.get_attribute("href")).split("?")[0] + "print/"
    page.goto(url + path)
    page.wait_for_load_state("networkidle")


def _asked(*words: str) -> str:
    command = [str(Path(sys.executable).with_name("changxiao")), *words]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def _keep(png: bytes, path: Path) -> None:
    """As WebP, in the quality that stays below 120 kB."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for quality in (75, 60, 45, 30):
        picture.save(path, "WEBP", quality=quality, method=6)
        if path.stat().st_size <= MOST_BYTES:
            return


def _write_page() -> None:
    lines = ["# A tour of the pages", "", TOUR_HEAD, ""]
    for name, _post, _path, _press, size, words in PAGES:
        width = ' width="240"' if size == HAND else ' width="49%"'
        shown = [
            f'<img src="images/tour/{name}-{theme}.webp" alt="{words}, {theme}"{width}>'
            for theme in ("light", "dark")
        ]
        lines += [f"## {words}", "", " ".join(shown), ""]
    page = IMAGES.parent / "tour.md"
    page.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    given = [word for word in sys.argv[1:] if not word.startswith("--")]
    sys.exit((tour if "--tour" in sys.argv else main)(given[0].rstrip("/")))
