"""对方 peers: a TOML file a city, `open311/<name>.toml` in the home (docs/channels.md)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from changxiao.kernel.home import folder
from changxiao.kernel.refused import Refused

_KNOWN = {
    *("url", "format", "api_key", "jurisdiction_id", "every", "honours_keys"),
    *("pull", "push", "statuses"),
}
_PULL, _PUSH = {"services", "default", "closed"}, {"services", "area", "updates"}


@dataclass(frozen=True, slots=True)
class Peer:
    """对方: where it is, which of its services are ours, what it is sent.

    `statuses` says of words that are not usual whether they end a case; `honours_keys`, that it
    takes the same Idempotency-Key for the same report, so that sending again is safe.
    """

    name: str
    url: str
    format: str = "json"
    api_key: str = ""
    jurisdiction_id: str = ""
    every: int = 15  # minutes
    honours_keys: bool = False
    takes: Mapping[str, str] = field(default_factory=dict)
    default: str = ""
    closed: str = "skip"
    sends: Mapping[str, str] = field(default_factory=dict)
    area: str = ""
    updates: bool = False
    statuses: Mapping[str, str] = field(default_factory=dict)


def peers() -> list[Peer]:
    """所有对方, by name. Refused `peer_unreadable` names file and key."""
    return [read(path) for path in sorted(folder("open311").glob("*.toml"))]


def peer(name: str) -> Peer:
    """对方 by its name, or by the path of its file; Refused `peer_unknown`."""
    path = Path(name) if name.endswith(".toml") else folder("open311") / f"{name}.toml"
    if not path.is_file():
        known = "、".join(one.stem for one in sorted(folder("open311").glob("*.toml")))
        message = _("没有对方“%(name)s”：可用 %(known)s，或给出 .toml 文件的路径")
        told = {"name": name[:80], "known": known or _("（无）")}
        raise Refused("peer_unknown", message % told, field="peer")
    return read(path)


def read(path: Path) -> Peer:
    """读取一个对方."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise _unreadable(path.name, "", str(wrong)) from None
    return parse(told, path.stem)


def parse(told: Mapping[str, Any], name: str) -> Peer:
    """解析; Refused `peer_unreadable` for a key that is not known or a value that will not do."""
    pull, push = dict(told.get("pull", {})), dict(told.get("push", {}))
    for table, known in ((told, _KNOWN), (pull, _PULL), (push, _PUSH)):
        for key in set(table) - known:
            raise _unreadable(name, key, _("可用：%(known)s") % {"known": "、".join(sorted(known))})
    url = str(told.get("url", "")).rstrip("/")
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise _unreadable(name, "url", _("请填 http 或 https 地址"))
    if told.get("format", "json") not in {"json", "xml"} or pull.get("closed", "skip") not in {
        "skip",
        "take",
    }:
        raise _unreadable(
            name, "format / closed", _("format 为 json 或 xml，closed 为 skip 或 take")
        )
    if len(name) > 20:
        raise _unreadable(name, "", _("文件名最多20个字母"))
    plain = ("format", "api_key", "jurisdiction_id", "every", "honours_keys", "statuses")
    return Peer(
        name=name,
        url=url,
        **{key: told[key] for key in plain if key in told},
        takes=pull.get("services", {}),
        default=pull.get("default", ""),
        closed=pull.get("closed", "skip"),
        sends=push.get("services", {}),
        area=push.get("area", ""),
        updates=push.get("updates", False),
    )


def _unreadable(name: str, key: str, why: str) -> Refused:
    message = _("对方“%(name)s”的文件读不出（%(key)s）：%(why)s")
    return Refused("peer_unreadable", message % {"name": name, "key": key, "why": why}, field=key)
