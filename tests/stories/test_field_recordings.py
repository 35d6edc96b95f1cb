"""Video and voice from a basement: saved first, sent once, never longer than they may be."""

import pytest
from playwright.sync_api import expect

from changxiao.cases.models import Case
from tests.stories import basics
from tests.stories.cast import session_of
from tests.stories.field import PHONE, drained, fill

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def tape(page, kind, *, clips=1):
    """Record for two seconds and stop, as a thumb does; so many clips are there then."""
    page.click(f"[data-report] [data-{kind}]")
    page.wait_for_selector("[data-report] [data-live]:not([hidden])")
    page.wait_for_timeout(2000)
    page.click("[data-report] [data-stop]")
    expect(page.locator("[data-report] [data-clips] figure")).to_have_count(clips)


def test_a_video_and_a_voice_from_a_basement_survive_the_killed_browser(mortal, browser):
    page = mortal.page
    mortal.context.set_offline(True)
    page.click(".field-bar a[href='#report']")
    tape(page, "voice")
    page.click("[data-report] [data-clip-drop]")
    expect(page.locator("[data-report] [data-clips] figure")).to_have_count(0)
    tape(page, "video")
    page.wait_for_function("() => document.querySelector('[data-clips] video').readyState > 1")
    tape(page, "voice", clips=2)
    basics.check(page)
    fill(page, "夜间施工噪声", "#555555")
    assert page.locator("[data-report] [data-clips] figure").count() == 0
    mortal.kill()
    page = mortal.open(offline=True)
    page.click(".field-bar a[href='#mine']")
    page.wait_for_selector("[data-list=waiting] [data-key]")
    mortal.sign_in("wang")
    mortal.context.set_offline(False)
    drained(page)

    case = Case.everything.get()
    clips = [row.photo for row in case.photos.filter(role="recording").order_by("photo__sound")]
    assert [(c.type, c.sound, c.width) for c in clips] == [
        ("video/webm", False, clips[0].width),
        ("audio/webm", True, None),
    ]
    # How much a busy machine records of two seconds is its own affair.
    assert clips[0].width and all(0 < clip.duration_ms < 16000 for clip in clips)
    assert case.awaiting == []
    played(browser, mortal, case)


def played(browser, phone, case):
    """Intake plays both on the case page with the keyboard; the unit's handler is not asked here,
    for the case is not his."""
    with browser.new_context(locale="zh-CN", viewport=PHONE) as context:
        page = context.new_page()
        context.add_cookies(
            [{"name": n, "value": v, "url": phone.url} for n, v in session_of("chen").items()]
        )
        page.goto(f"{phone.url}/cases/{case.number}/")
        for kind in ("video", "audio"):
            page.focus(f".recordings {kind}")
            page.keyboard.press("Space")
            page.wait_for_function(
                f"() => document.querySelector('.recordings {kind}').currentTime > 0"
            )
        basics.check(page)


def test_a_recorder_stops_by_itself_and_counts_down_where_one_sees_it(phone):
    page = phone.page
    page.evaluate("performance.now = () => (window.passed ??= 0)")  # it stands until it is moved
    page.click(".field-bar a[href='#report']")
    page.click("[data-report] [data-voice]")
    page.wait_for_selector("[data-report] [data-countdown]:text('还剩 15 秒')")
    page.evaluate("window.passed = 11500")
    page.wait_for_selector("[data-report] [data-countdown][data-state=near]:text('还剩 4 秒')")
    basics.check(page)
    page.wait_for_timeout(1000)  # something to keep
    page.evaluate("window.passed = 15001")
    page.wait_for_selector("[data-report] [data-clips] figure")
    assert page.locator("[data-live]:visible").count() == 0
