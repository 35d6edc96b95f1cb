"""All words for people are Chinese at source, marked, and have an English translation."""

import re
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from tests.house.source import PACKAGE, modules, room_of, short, templates

CALLS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "gettext_noop": None}
CHINESE = re.compile(r"[\u3400-\u9fff]")
CHINESE_OR_STOPS = re.compile(r"[\u3400-\u9fff：（）、；，。]")
BLOCK = re.compile(
    r"{%\s*blocktrans(?:late)?(?P<head>[^%]*)%}(?P<one>.*?)"
    r"(?:{%\s*plural\s*%}.*?)?{%\s*endblocktrans(?:late)?\s*%}",
    re.S,
)
TAG = re.compile(
    r"{%\s*trans(?:late)?\s+(?:\"([^\"]*)\"|'([^']*)')(?:\s+context\s+[\"']([^\"']*)[\"'])?"
)
COMMENT = re.compile(r"{%\s*comment\s*%}.*?{%\s*endcomment\s*%}|{#.*?#}|<!--.*?-->", re.S)


def python_words(source: bytes) -> set[str]:
    """Marked Chinese words of a module."""
    if not any(f"{call}(".encode() in source for call in CALLS):
        return set()
    found = extract("python", BytesIO(source), keywords=CALLS)
    singles = (m if isinstance(m, str) else m[0] for _line, m, _comments, _context in found)
    return {word for word in singles if CHINESE.search(word)}


def template_words(text: str) -> set[str]:
    """Marked words of a template, placeholders as gettext has them."""
    words = {
        _named((double or single).replace("%", "%%"), context)  # as Django looks it up
        for double, single, context in TAG.findall(text)
    }
    for block in BLOCK.finditer(text):
        inside = block["one"].strip() if "trimmed" in block["head"] else block["one"]
        words.add(re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", inside.replace("%", "%%")))
    return words


def _named(word: str, context: str) -> str:
    """A word in a context is another word, as gettext has it."""
    return f"{context}\x04{word}" if context else word


def bare_chinese(text: str) -> list[str]:
    """Chinese, its colons and brackets too, outside comments and translation marks."""
    rest = TAG.sub("", BLOCK.sub("", COMMENT.sub("", text)))
    rest = re.sub(r"_\((?:\"[^\"]*\"|'[^']*')\)", "", rest)
    return [line.strip() for line in rest.splitlines() if CHINESE_OR_STOPS.search(line)]


@cache
def translations(room: str) -> dict[str, object]:
    """The room's English catalogue, sub-folders' own ones included."""
    found = {}
    for path in (PACKAGE / room).rglob("locale/en/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            for message in read_po(file, locale="en", abort_invalid=True):
                key = message.id if isinstance(message.id, str) else message.id[0]
                found[_named(key, message.context or "")] = "" if message.fuzzy else message.string
    return found


def words_of(room: str) -> set[str]:
    """All that this room says; no other room is read for it."""
    found: set[str] = set()
    for path in modules():
        if room_of(path) == room:
            found |= python_words(path.read_bytes())
    for path in templates():
        if room_of(path) == room:
            found |= template_words(path.read_text(encoding="utf-8"))
    return found


def untranslated(words: set[str], catalogue: dict[str, object]) -> list[str]:
    """Words whose English is missing or empty, plural forms included."""

    def spoken(word: str) -> bool:
        english = catalogue.get(word)
        return all(english) if isinstance(english, tuple) else bool(english)

    return sorted(word for word in words if CHINESE.search(word) and not spoken(word))


@pytest.mark.parametrize("room", sorted({room_of(path) for path in (*modules(), *templates())}))
def test_every_word_speaks_english(room):
    folder = room if (PACKAGE / room).is_dir() else "kernel"
    missing = untranslated(words_of(room), translations(folder))

    assert not missing, f"{room}: {missing}"


def test_no_template_has_chinese_outside_the_marks():
    bare = {
        short(path): lines
        for path in templates()
        if (lines := bare_chinese(path.read_text(encoding="utf-8")))
    }

    assert not bare, bare


def test_the_checks_find_a_bad_example_and_leave_a_good_one(tmp_path: Path):
    good = '{% translate "派遣" %}{% blocktranslate %}剩 {{ n }} 件{% endblocktranslate %}'

    assert template_words(good) == {"派遣", "剩 %(n)s 件"}
    assert not bare_chinese(good)
    assert bare_chinese("<p>派遣</p>") == ["<p>派遣</p>"]
    assert template_words('{% translate "设置" context "menu" %}') == {"menu\x04设置"}
    assert bare_chinese("{{ one }}：{{ two }}") and not bare_chinese('{% translate "：" %}')
    assert python_words('_("不能派遣")\n"""说明"""'.encode()) == {"不能派遣"}
    assert untranslated({"派遣", "回退"}, {"派遣": "dispatch"}) == ["回退"]
