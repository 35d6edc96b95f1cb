"""What every page owes its reader is really asked: a planted fault is found, later too."""

import pytest

from tests.stories import basics

GOOD = """<!doctype html><html lang="zh-hans" data-bs-theme="light"><title>一页</title>
<style>
body { background: #fff; color: #111 } .pale { color: #ccc } .faint { opacity: 0.3 }
a, button { padding: 12px }
</style>
<body><main><h1>一页</h1>
<form><label for="a">名称</label><input id="a" name="a"></form><ul><li>一</li></ul>%s
</main></body></html>"""
FAULTS = {
    "contrast": '<p class="pale">看不清的字</p>',
    "no label": '<p><input name="b"></p>',
    "color-contrast": '<p class="faint">几乎看不见</p>',
    "list": "<ul><p>不是一行</p></ul>",
    "heading-order": "<h4>跳了两级</h4>",
    "aria-allowed-role": '<nav role="radio"></nav>',
    "target-size": '<p><input aria-label="甲" type="radio"><input aria-label="乙" type="radio">',
    "landmark-no-duplicate-main": "<main>又一个</main>",
}


pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found_on_a_page_of_known_pieces(browser, fault):
    page = browser.new_page()
    page.set_content(GOOD % "")
    basics.check(page)

    page.set_content(GOOD % FAULTS[fault])
    with pytest.raises(AssertionError, match=fault.partition(" ")[0]):
        basics.check(page)
    page.set_content(GOOD % "")
    basics.check(page)
