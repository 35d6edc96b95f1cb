"""写出 writing: one answer as XML or JSON; the same tree gives both (GeoReport: JSON is the XML
with the list wrappers dropped).

XML is written here and not by a general library: names are ours, values are escaped, and what no
XML 1.0 document may hold (control characters, halves of a pair) is left out. What is empty is left
out as well: importers take an absent field for none and stumble over null.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from django.http import HttpResponse

JSON, XML = "application/json", "text/xml"
TYPES = {"json": JSON, "xml": XML}
# What a list's members are called; a list in an answer has no other way to say so.
MEMBERS = {
    "discovery": "endpoint",
    "endpoints": "endpoint",
    "formats": "format",
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "media_urls": "media_url",
}
_BAD = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
Node = Mapping[str, Any]


def answer(
    fmt: str, root: str, told: Node | Sequence[Node], *, status: int = 200, charset: bool = True
) -> HttpResponse:
    """回应: `root` names the outermost XML element; JSON has none."""
    if fmt == "xml":
        content = '<?xml version="1.0" encoding="utf-8"?>' + _element(root, told)
    else:
        content = json.dumps(told, ensure_ascii=False, default=_text)
    kind = f"{TYPES[fmt]}; charset=utf-8" if charset else TYPES[fmt]
    return HttpResponse(content, content_type=kind, status=status)


def filled(**fields: Any) -> dict[str, Any]:
    """有值的字段: without those that are None or empty."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def _element(name: str, value: Any) -> str:
    return f"<{name}>{_inside(name, value)}</{name}>"


def _inside(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return "".join(_element(key, one) for key, one in value.items())
    if isinstance(value, list | tuple):
        return "".join(_members(name, value))
    return escape(_BAD.sub("", _text(value)))


def _members(name: str, values: Iterable[Any]) -> Iterable[str]:
    return (_element(MEMBERS.get(name, "item"), value) for value in values)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return str(value)
