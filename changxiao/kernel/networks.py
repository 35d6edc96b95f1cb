"""网段 networks: lists of networks as an operator writes them, "10.20.0.0/16 fd00::/8". Pure."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@lru_cache(16)
def read_networks(text: str) -> tuple[Network, ...]:
    """读取网段; Refused `networks_unreadable` names the first that nobody can read."""
    found = []
    for part in text.replace(",", " ").split():
        try:
            found.append(ipaddress.ip_network(part, strict=False))
        except ValueError:
            message = _("网段“%(value)s”无法识别：请写成 10.20.0.0/16 这样，多个用空格分开")
            values = {"value": part[:60]}
            raise Refused("networks_unreadable", message % values, field="value") from None
    return tuple(found)
