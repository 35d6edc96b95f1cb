"""Pages: nothing inline, nothing unescaped, no icon and no file that is not there."""

import re

from django.contrib.staticfiles import finders
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import get_template

from tests.house.source import PACKAGE, modules, short, templates

FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*=|<style", re.I),
    "an inline script": re.compile(
        r"<script(?![^>]*\b(?:src=|type=\"(?:application/(?:ld\+)?json|importmap)\"))[^>]*>", re.I
    ),
    "an event attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I),
    "unescaped output": re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off"),
    "something from another host": re.compile(r"(?:src|href|action)=[\"'](?:https?:)?//", re.I),
    "javascript: address": re.compile(r"javascript:", re.I),
}
MARK_SAFE = re.compile(r"\bmark_safe\(")
ICON = re.compile(r"{%\s*icon\s+[\"']([\w-]+)[\"']")
PART = re.compile(r"{%\s*(?:include|extends)\s+[\"']([^\"']+)[\"']")
STATIC = re.compile(r"{%\s*static\s+[\"']([^\"']+)[\"']")


def troubles(text: str) -> list[str]:
    """What a page may not have, by name."""
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]


def test_no_template_breaks_the_strict_policy():
    found = {short(path): bad for path in templates() if (bad := troubles(path.read_text()))}

    assert not found, found


def test_no_module_marks_text_as_safe():
    found = [short(path) for path in modules() if MARK_SAFE.search(path.read_text())]

    assert not found, found


def test_each_icon_is_in_the_sprite_s_list():
    listed = set((PACKAGE / "ui" / "icons.txt").read_text().split())
    used = {name for path in templates() for name in ICON.findall(path.read_text())}

    assert not used - listed, sorted(used - listed)


def test_each_static_file_is_there():
    used = {name for path in templates() for name in STATIC.findall(path.read_text())}
    # The developers' pages are no app in operation, so no finder knows their files.
    dev = PACKAGE / "surfaces" / "dev" / "static"
    missing = [n for n in sorted(used) if finders.find(n) is None and not (dev / n).is_file()]

    assert not missing, f"{missing} (vendor files come from `make setup`)"


def test_the_checks_find_a_bad_example_and_leave_a_good_one():
    good = '<script src="{% static \'ui/page.js\' %}"></script><progress class="limit"></progress>'
    bad = '<p style="x" onclick="y">{{ name|safe }}</p><script>1</script><img src="//cdn/x.png">'

    assert not troubles(good)
    assert len(troubles(bad)) == 5


def absent(text: str) -> list[str]:
    """Templates that this one names and nobody has."""
    found = []
    for name in PART.findall(text):
        if name.startswith("django/forms/"):  # found by the renderer of forms
            continue
        try:
            get_template(name)
        except TemplateDoesNotExist as missing:
            found.append(str(missing))
    return found


def test_every_part_that_a_template_names_is_there():
    assert absent('{% include "ui/_nowhere.html" %}') == ["ui/_nowhere.html"]

    found = {short(path): bad for path in templates() if (bad := absent(path.read_text()))}
    assert not found, found
