"""选择框 drawn in one go: Django renders a template an option, and a filter has four hundred."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class PlainSelect(forms.Select):
    """选择框: the same markup as Django's, without its templates."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        chosen = set(self.format_value(value) or [])
        flat = flatatt({"name": name, **self.build_attrs(self.attrs, attrs)})
        return format_html(
            "<select{}>{}</select>",
            flat,
            format_html_join("", "{}", ((_group(one, chosen),) for one in self.choices)),
        )


def _group(choice: tuple[Any, Any], chosen: set[str]) -> SafeString:
    value, label = choice
    if isinstance(label, list | tuple):
        return format_html('<optgroup label="{}">{}</optgroup>', value, _options(label, chosen))
    return _options([choice], chosen)


def _options(rows: Iterable[tuple[Any, Any]], chosen: set[str]) -> SafeString:
    marked = ((value, " selected" if str(value) in chosen else "", label) for value, label in rows)
    return format_html_join("", '<option value="{}"{}>{}</option>', marked)
