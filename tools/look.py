"""`python tools/look.py URL FOLDER [NAME ...]`: every page at every width, theme and language.

Keeps a strip of pictures for each page and writes down what a machine can see: a page wider than
its window, poor contrast, fields without label, words of the other language, script errors. Needs
the dev packages and Chromium; CHANGXIAO_HOME names the demo home.
"""

import io
import sys
from pathlib import Path

from pages import PAGES, Shown
from PIL import Image
from playwright.sync_api import Page, sync_playwright
from screenshots import demo_users, launched, opened, signed_in

WIDTHS = (1440, 1024, 390)
KEPT = ((1440, "light", "zh"), (1440, "dark", "en"), (1024, "light", "en"), (390, "dark", "zh"))
KEPT = (*KEPT, (390, "light", "en"))
TALLEST = 1500
ROOT = Path(__file__).resolve().parents[1]
TROUBLES = (ROOT / "tests" / "stories" / "basics.js").read_text(encoding="utf-8")
FOREIGN = """(language) => {
  const wrong = language === "en" ? /[\\u4e00-\\u9fff]/ : /[a-z]{3,} [a-z]{2,}/i;
  const where = language === "en"
    ? "button, label, th, h1, h2, h3, legend, summary, dt, .btn, .field-hint, .note, figcaption"
    : "body *";
  const own = (e) => [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join(" ");
  return [...new Set([...document.querySelectorAll(where)]
    .filter((e) => !e.closest("[lang], script, style, .code, code, kbd, .ui-preferences") ||
      e.closest("[lang]") === document.documentElement)
    .filter((e) => e.checkVisibility() && !["SCRIPT", "STYLE"].includes(e.tagName))
    .map((e) => own(e).trim()).filter((t) => wrong.test(t))
    .map((t) => t.slice(0, 60)))].slice(0, 8);
}"""


def look(page: Page, url: str, shown: Shown, user: dict[str, str], folder: Path) -> list[str]:
    """One page in both languages; its strip is kept, what is wrong comes back."""
    pictures, found = {}, list[str]()
    page.emulate_media(reduced_motion="reduce")  # no colour halfway to the next
    page.on("pageerror", lambda error: found.append(f"script: {error}"))
    for language, cookie in (("zh", "zh-hans"), ("en", "en")):
        page.context.add_cookies([{"name": "cx_lang", "value": cookie, "url": url}])
        page.set_viewport_size({"width": 1440, "height": 900})
        opened(page, url, shown, user)
        found += [f"{language}: {words!r}" for words in page.evaluate(FOREIGN, language)]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for theme in ("light", "dark"):
                page.evaluate("(theme) => document.documentElement.dataset.bsTheme = theme", theme)
                how = (width, theme, language)
                found += [f"{how}: {words}" for words in page.evaluate(TROUBLES)]
                if how in KEPT:
                    pictures[how] = page.screenshot(full_page=True)
    _strip([pictures[how] for how in KEPT]).save(folder / f"{shown.name}.png")
    return found


def _strip(pictures: list[bytes]) -> Image.Image:
    """Side by side at half size; what is very long is cut."""
    drawn = [Image.open(io.BytesIO(one)).convert("RGB") for one in pictures]
    drawn = [one.crop((0, 0, one.width, min(one.height, TALLEST))) for one in drawn]
    drawn = [
        one.resize((one.width // 2, one.height // 2), Image.Resampling.LANCZOS) for one in drawn
    ]
    strip = Image.new("RGB", (sum(one.width + 8 for one in drawn), max(o.height for o in drawn)))
    at = 0
    for one in drawn:
        strip.paste(one, (at, 0))
        at += one.width + 8
    return strip


def main(url: str, folder: Path, names: list[str]) -> int:
    """All pages, or those that are named."""
    users, wrong = demo_users(), 0
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = launched(play)
        windows: dict[str, Page] = {}
        for shown in PAGES:
            if names and shown.name not in names:
                continue
            if shown.post not in windows:
                windows[shown.post] = signed_in(browser, url, users[shown.post], (1440, 900))
            page = windows[shown.post].context.new_page()
            try:
                found = look(page, url, shown, users[shown.post], folder)
            except Exception as error:
                found = [f"not opened: {str(error)[:200]}"]
            page.close()
            wrong += bool(found)
            for words in dict.fromkeys(found):
                sys.stdout.write(f"{shown.name}: {words}\n")
            sys.stdout.flush()
        browser.close()
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1].rstrip("/"), Path(sys.argv[2]), sys.argv[3:]))
