"""What an operator may type or set is described in docs/operate.md."""

import re

import pytest

from changxiao.cases import diagram
from changxiao.cli import COMMANDS
from changxiao.evaluation import drawing
from tests.house.source import HOUSE, modules

SETTING = re.compile(r"\b(CHANGXIAO_[A-Z_]+|DATABASE_URL)\b")
FOR_TESTS = {"CHANGXIAO_DATA", "CHANGXIAO_TEST_DB"}


def operate() -> str:
    return (HOUSE / "docs" / "operate.md").read_text(encoding="utf-8")


def undescribed(words: set[str], page: str) -> list[str]:
    return sorted(word for word in words if f"`{word}" not in page)


def test_each_command_is_described():
    assert not undescribed({f"changxiao {name}" for name in COMMANDS}, operate())


def test_each_setting_is_described():
    used = {name for path in modules() for name in SETTING.findall(path.read_text())}

    assert not undescribed(used - FOR_TESTS, operate())


def test_each_described_setting_exists():
    everywhere = [*modules(), HOUSE / "conftest.py", HOUSE / "tools" / "run_tests.py"]
    used = {name for path in everywhere for name in SETTING.findall(path.read_text())}
    for files in ((HOUSE / "tests").rglob("*.py"), (HOUSE / "changxiao").rglob("tests/*.py")):
        used |= {name for path in files for name in SETTING.findall(path.read_text())}

    assert not set(SETTING.findall(operate())) - used


def test_the_check_finds_a_bad_example_and_leaves_a_good_one():
    assert undescribed({"CHANGXIAO_HOME", "CHANGXIAO_X"}, "`CHANGXIAO_HOME` …") == ["CHANGXIAO_X"]


@pytest.mark.parametrize("made", [diagram, drawing])
def test_the_drawn_page_is_current(made):
    page = made.PAGE.read_text(encoding="utf-8")

    assert made.drawn(page) == page, "run `make docs`"
