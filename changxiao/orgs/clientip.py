"""来访地址: the address an attempt is counted under. Only proxies that the operator names
(`CHANGXIAO_TRUSTED_PROXIES`) may speak for others; anybody else's X-Forwarded-For is ignored."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

NOWHERE = "0.0.0.0"  # noqa: S104 - a name for "no address", nothing is bound to it


def client_ip(request: HttpRequest) -> str:
    """来访地址: from the right, the first hop that is not one of our own proxies."""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    hops = [hop for hop in hops if hop]
    address = _plain(request.META.get("REMOTE_ADDR", ""))
    while hops and _trusted(address):
        address = _plain(hops.pop())
    return address


def _plain(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        return NOWHERE


def _trusted(address: str) -> bool:
    networks: list[str] = settings.TRUSTED_PROXIES
    return any(ip_address(address) in ip_network(net, strict=False) for net in networks)
