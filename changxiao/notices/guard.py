"""出站地址检查 (reliability.md T11, A-15): to which machine a request may really go.

An address that somebody typed is resolved once, every answer is looked at, and the connection is
made to the very address that was looked at: a name that means another machine a second later (DNS
rebinding) gains nothing. Networks of the city's own are let in by a policy row, by name.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from changxiao.catalog import policy
from changxiao.kernel.networks import Ip, Network, read_networks
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

Resolve = Callable[[str, int], list[str]]
MOST_URL = 500
# Clouds answer here with the keys of the machine; some of these are not private by RFC.
METADATA = frozenset(
    map(ipaddress.ip_address, ("169.254.169.254", "100.100.100.200", "fd00:ec2::254"))
)


@dataclass(frozen=True, slots=True)
class Target:
    """去处: what was typed, and the address to which the connection is made."""

    scheme: str
    host: str
    port: int
    path: str
    ip: str


def networks() -> tuple[Network, ...]:
    """放行的内网网段, by the policy in force."""
    return read_networks(policy.text("hook_networks"))


def resolved(host: str, port: int) -> list[str]:
    """解析: every address of a name, as the system knows it."""
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


def checked(url: str, *, resolve: Resolve | None = None) -> Target:
    """检查地址: Refused `url_unreadable`, `url_scheme`, `url_credentials`, `host_unknown`,
    `host_private`."""
    parts, port = _read(url)
    host = parts.hostname or ""
    try:
        found = (resolve or resolved)(host, port)
    except OSError:
        found = []
    if not found:
        message = _("找不到主机“%(host)s”，请核对地址") % {"host": host[:80]}
        raise Refused("host_unknown", message, field="url")
    allowed = networks()
    for ip in found:
        _must_be_open(ip, host, allowed)
    if parts.scheme != "https" and not all(_named(_plain(ip), allowed) for ip in found):
        raise Refused(
            "url_scheme", _("地址须以 https:// 开头；只有放行的内网网段可用 http"), field="url"
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path, found[0])


def _read(url: str) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url.strip())
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
        host = (parts.hostname or "").encode("idna").decode()
    except (ValueError, UnicodeError):
        parts, port, host = urlsplit(""), 0, ""
    readable = host and port and len(url) <= MOST_URL and url.isprintable() and " " not in url
    if not readable or parts.scheme not in {"http", "https"}:
        message = _("地址“%(url)s”不可用：请写完整的 https:// 地址") % {"url": url[:80]}
        raise Refused("url_unreadable", message, field="url")
    if parts.username or parts.password:
        message = _("地址里不能带用户名和口令，对方请用签名核对")
        raise Refused("url_credentials", message, field="url")
    return parts, port


def _must_be_open(text: str, host: str, allowed: Sequence[Network]) -> None:
    ip = _plain(text)
    never = ip in METADATA or ip.is_loopback or ip.is_link_local or ip.is_multicast
    never = never or ip.is_unspecified
    if (ip.is_global and not never) or _named(ip, allowed):
        return
    message = _(
        "“%(host)s”指向内部地址%(ip)s，不能推送；确需推送到内网的，请在政策取值里放行该网段"
    )
    raise Refused("host_private", message % {"host": host[:80], "ip": str(ip)}, field="url")


def _plain(text: str) -> Ip:
    """The address itself: one that hides in IPv6 (mapped, 6to4, NAT64, Teredo) is looked at as
    what it is."""
    ip = ipaddress.ip_address(text.partition("%")[0])
    if not isinstance(ip, ipaddress.IPv6Address):
        return ip
    if ip in ipaddress.ip_network("64:ff9b::/96"):
        return ipaddress.ip_address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or ip


def _named(ip: Ip, allowed: Sequence[Network]) -> bool:
    return any(ip.version == network.version and ip in network for network in allowed)
