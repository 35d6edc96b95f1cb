"""A whole case in a real browser, from a call to the closing, each step by the post whose it is."""

import io
import os
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from changxiao.cases.models import Case
from tests.stories import basics
from tests.stories.cast import PASSWORD, cast, session_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

READERS = {
    "desk, Chinese, light": (1440, "zh-hans", "light"),
    "phone, English, dark": (390, "en", "dark"),
}
OTHERS = ((1440, "en", "dark"), (1440, "en", "light"), (390, "zh-hans", "light"))
LISTS = ("/", "/cases/", "/catalog/", "/units/", "/areas/", "/ledger/", "/components/")
SHOTS = os.environ.get("CHANGXIAO_SHOTS")


def photo(text):
    """A street, or the same street repaired."""
    picture = Image.new("RGB", (640, 480), "#8a8d90" if text == "after" else "#7c6f5a")
    draw = ImageDraw.Draw(picture)
    if text == "before":
        draw.ellipse((220, 180, 420, 330), fill="#2b2622")
    file = io.BytesIO()
    picture.save(file, "JPEG")
    return {"name": f"{text}.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


# A browser that saves data draws no map beside each case: tests of maps look at those.
SPARING = """navigator.connection
  && Object.defineProperty(navigator.connection, "saveData", {value: true})"""


class Walk:
    """One reader's window on the running server, and what it met on the way."""

    def __init__(self, browser, server, how, *, maps=False):
        self.browser, self.url, self.how, self.maps = browser, server.url, how, maps
        self.number, self.shots = "", 0
        self.page, self.troubles = None, []
        self.forgives = ()  # what a walk provokes on purpose

    @contextmanager
    def person(self, username):
        """Signed in as that person; script errors and refused content fail the walk."""
        _width, language, theme = self.how
        page = self.page = self.page or self._window()
        page.context.clear_cookies()
        for name, value in {"cx_lang": language, "cx_theme": theme, **session_of(username)}.items():
            page.context.add_cookies([{"name": name, "value": value, "url": self.url}])
        yield page
        page.goto("about:blank")  # whoever sits down next gets no answer to the one before
        left = [one for one in self.troubles if not any(word in one for word in self.forgives)]
        assert not left, left

    def _window(self):
        """One for all persons of the walk, as at a desk: what is loaded is not loaded anew."""
        window = {"width": self.how[0], "height": 900}
        context = self.browser.new_context(
            viewport=window, timezone_id="Asia/Shanghai", reduced_motion="reduce"
        )
        if not self.maps:
            context.add_init_script(SPARING)
        page = context.new_page()
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda said: _is_trouble(said) and self.troubles.append(said.text))
        return page

    def look(self):
        """The page owes its reader the basics; keep a picture where somebody asked for it."""
        self.page.wait_for_load_state("networkidle")
        basics.check(self.page)
        if SHOTS:
            self.shots += 1
            name = f"{'-'.join(map(str, self.how))}-{self.shots:02d}.png"
            self.page.screenshot(path=Path(SHOTS) / name, full_page=True)

    def open_case(self):
        self.page.goto(f"{self.url}/cases/{self.number}/")
        self.look()

    def do(self, verb, **told):
        """Press the verb's button, fill its form, send it."""
        self.open_case()
        more = self.page.locator("details.more-steps")
        button = self.page.locator(f'#act [href$="/do/{verb}/"]')
        if not button.is_visible():
            more.locator("summary").click()
        button.click()
        self.page.wait_for_selector("form.act-form")
        self.look()
        for name, value in told.items():
            field = self.page.locator(f"form.act-form [name={name}]")
            if name.startswith("photos_"):
                field.set_input_files(value)
            elif field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        with self.answered(verb):
            self.page.click("form.act-form button[type=submit]")
        self.look()

    def press(self, verb):
        """A button that needs no form."""
        self.open_case()
        with self.answered(verb):
            self.page.click(f'#act form[action$="/do/{verb}/"] button')

    def answered(self, verb):
        """Until the server has said what came of the step."""
        return self.page.expect_response(f"**/do/{verb}/")

    def stage(self):
        return Case.everything.get(number=self.number).stage


def _is_trouble(said):
    # A refusal is an answer (422), though the console calls it an error.
    left = ("htmx:sendAbort", "htmx:afterRequest")  # a page that is left drops what it had asked
    return said.type == "error" and "422" not in said.text and not said.text.startswith(left)


@pytest.mark.parametrize("how", READERS.values(), ids=READERS)
def test_a_call_becomes_a_closed_case(running_server, browser, how):
    cast()
    walk = Walk(browser, running_server, how)

    with walk.person("chen") as page:
        page.goto(walk.url + "/")
        walk.look()
        report(walk, page)
        walk.do("ask_to_confirm")
    assert walk.stage() == "confirming"
    with walk.person("wang"):
        walk.do("confirm", note="到场查看，路面有坑", photos_confirm=photo("before"))
    with walk.person("chen"):
        walk.do("accept")
    with walk.person("lin"):
        walk.do("file", criterion="E9799-01")
    assert walk.stage() == "filed"
    with walk.person("li") as page:
        filtered(walk, page)
        walk.do("dispatch", note="请尽快修补")
    with walk.person("zhao") as page:
        walk.press("receive")
        walk.do("feed_back", note="已修补路面", photos_after=photo("after"))
        assert "陈大文" not in page.content() and "王监督" not in page.content()
    assert walk.stage() == "handled"
    with walk.person("wang"):
        walk.do("verify", note="已修好")
    with walk.person("lin") as page:
        refused_then_closed(walk, page)
        page.goto(f"{walk.url}/cases/{walk.number}/print/")
        walk.look()
    assert walk.stage() == "closed"


def report(walk, page):
    """Intake finds the kind, names the place, adds a photo; a slip of the pen keeps the draft."""
    page.goto(walk.url + "/cases/report/")
    walk.look()
    page.press("[name=description]", "Control+Enter")  # the kind lies folded, and is shown
    page.wait_for_function("document.activeElement.name === 'subcategory'")
    page.locator("#subject").press_sequentially("破损")
    page.wait_for_selector("#subject-list [role=option]")
    page.press("#subject", "Enter")
    page.fill("[name=description]", "人行道有坑，雨天积水")
    page.fill("[name=address]", "金砂东路与龙眼南路交叉口东北角（靠近公交站）")
    page.locator("details[data-by-hand] summary").first.click()
    page.fill("[name=lon]", "113.2")
    page.fill("[name=lat]", "23.365")
    page.fill("[name=reporter_name]", "陈大文")
    page.fill("[name=reporter_phone]", "13800138000")
    page.locator("[name=photos_before]").set_input_files(photo("before"))
    page.press("[name=description]", "Control+Enter")
    page.wait_for_selector(".field-error")
    walk.look()
    page.fill("[name=lon]", "116.703")
    page.click("main button[type=submit]")
    page.wait_for_url("**/reported/")
    walk.look()
    walk.number = page.url.split("/")[-3]
    assert Case.everything.get(number=walk.number).photos.count() == 1


def test_a_phone_report_takes_half_a_minute_by_keyboard_alone(running_server, browser):
    """Walk 1: place, kind, words, number of the caller, sent, read out, the next one; no mouse."""
    cast()
    walk = Walk(browser, running_server, READERS["desk, Chinese, light"])
    with walk.person("chen") as page:
        page.goto(walk.url + "/cases/report/")
        page.wait_for_function("document.activeElement.name === 'address'")
        chosen(page, "address", "金苑", "金平区东方街道金苑居委会")
        page.wait_for_selector(".here-place")
        presses = reach(page, "#subject")
        chosen(page, "subject", "破损", "道路破损")
        page.wait_for_selector(".here-units")
        assert "汕头市市政道路桥梁管理处" in page.inner_text(".here-units")
        presses += reach(page, "[name=description]")
        page.keyboard.type("人行道有坑", delay=60)
        presses += reach(page, "[name=reporter_phone]")
        page.keyboard.type("１３８００１３８０００", delay=60)
        walk.look()
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/reported/")
        number = page.inner_text(".reported-number").replace(" ", "").replace("\n", "")
        assert Case.everything.get(number=number).community_code.startswith("440511")
        page.keyboard.press("Enter")
        page.wait_for_function("document.activeElement.name === 'address'")
        assert page.input_value("[name=channel]") == "hotline"
    presses += len(
        "金苑+破损+人行道有坑+13800138000+!"
    )  # an Enter, or Ctrl with it, after each field
    assert presses <= 40  # three in two seconds, and a little to listen


def chosen(page, field, words, text):
    page.keyboard.type(words, delay=60)
    page.wait_for_selector(f"#{'place' if field == 'address' else field}-list [role=option]")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.value") == text


def reach(page, selector):
    """Tab until that field has the focus, and how often; a form whose order loses it fails here."""
    for press in range(1, 13):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return press
    raise AssertionError(f"{selector} is not within twelve presses of Tab")


def filtered(walk, page):
    """The dispatcher narrows the queue; the address bar says how, and the list follows."""
    page.goto(walk.url + "/cases/")
    walk.look()
    page.locator("details.filter-more summary").click()
    page.select_option("[name=stage]", "filed")
    page.wait_for_url("**stage=filed**")
    page.wait_for_selector(f'#queue [href$="{walk.number}/"]')
    walk.look()


def refused_then_closed(walk, page):
    """Closing without the answer that a resident waits for is refused where it is missing."""
    walk.open_case()
    page.click('#act [href$="/do/close/"]')
    page.wait_for_selector("form.act-form")
    page.fill("form.act-form [name=answer]", " ")
    page.click("form.act-form button[type=submit]")
    page.wait_for_selector(".field-error")
    walk.look()
    page.fill("form.act-form [name=answer]", "路面已修补，感谢您的来电")
    with walk.answered("close"):
        page.click("form.act-form button[type=submit]")
    walk.look()


def test_every_list_keeps_the_basics_when_the_house_is_new(running_server, browser):
    cast()

    for how in (*READERS.values(), *OTHERS):
        walk = Walk(browser, running_server, how)
        with walk.person("wu") as page:
            for path in LISTS:
                page.goto(walk.url + path)
                walk.look()


def test_a_case_walks_without_script(running_server, browser):
    cast()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(running_server.url + "/cases/report/")
    page.fill("[name=login]", "chen")
    page.fill("[name=password]", PASSWORD)
    page.click("form[action*=login] button[type=submit]")

    page.select_option("#id_subcategory", "e9799")
    page.fill("[name=description]", "路面有坑")
    page.fill("[name=lon]", "116.703")
    page.fill("[name=lat]", "23.365")
    page.click("main button[type=submit]")
    page.locator('main [href^="/cases/2"]').click()
    page.click('#act [href$="/do/decline/"]')
    page.fill("[name=reason]", "不在管理范围，已转告路政部门")
    with page.expect_navigation():
        page.click("form.act-form button[type=submit]")

    assert Case.everything.get().stage == "declined"
    context.close()
