"""选择框 drawn in one go: Django renders a template an option, and a filter has four hundred."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Choice = tuple[str, Any]  # value and label, or a group's name and its choices


class PlainSelect(forms.Select):
    """选择框: the same markup as Django's, without its templates."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        chosen = frozenset(map(str, self.format_value(value) or []))
        flat = flatatt({"name": name, **self.build_attrs(self.attrs, attrs)})
        return format_html("<select{}>{}</select>", flat, _drawn(_frozen(self.choices), chosen))


def _frozen(choices: Iterable[tuple[Any, Any]]) -> tuple[Choice, ...]:
    """The choices as plain text: what was drawn for the same text need not be drawn again."""
    return tuple(
        (str(value), _frozen(label) if isinstance(label, list | tuple) else str(label))
        for value, label in choices
    )


@lru_cache(64)
def _drawn(choices: tuple[Choice, ...], chosen: frozenset[str]) -> SafeString:
    return format_html_join("", "{}", ((_group(one, chosen),) for one in choices))


def _group(choice: Choice, chosen: frozenset[str]) -> SafeString:
    value, label = choice
    if isinstance(label, tuple):
        return format_html('<optgroup label="{}">{}</optgroup>', value, _options(label, chosen))
    return _options([choice], chosen)


def _options(rows: Iterable[Choice], chosen: frozenset[str]) -> SafeString:
    marked = ((value, " selected" if value in chosen else "", label) for value, label in rows)
    return format_html_join("", '<option value="{}"{}>{}</option>', marked)
