"""Where a request may go (A-15): names and numbers that lead inside, in every disguise."""

import pytest

from changxiao.kernel.refused import Refused
from changxiao.notices import guard, wire
from changxiao.notices.channels.base import Failed
from changxiao.notices.guard import Target
from changxiao.notices.tests.conftest import set_value

pytestmark = pytest.mark.django_db
PUBLIC_IP = "203.0.114.7"


def to(*ips):
    return lambda _host, _port: list(ips)


@pytest.mark.parametrize(
    "ip",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1"),
        *("169.254.169.254", "100.100.100.200", "100.64.0.1", "224.0.0.1", "255.255.255.255"),
        *("192.0.2.1", "198.18.0.1", "240.0.0.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254"),
        *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a9fe:a9fe::1"),
    ],
)
def test_a_name_that_leads_inside_is_refused(clock, ip):
    for answers in ([ip], [PUBLIC_IP, ip], [ip, PUBLIC_IP]):
        with pytest.raises(Refused, match="内部地址") as no:
            guard.checked("https://hooks.example.org/x", resolve=to(*answers))
        assert no.value.code == "host_private"


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "2130706433", "0x7f000001"),
        *("0177.0.0.1", "127.1", "0", "2852039166", "[::ffff:a9fe:a9fe]"),
    ],
)
def test_numbers_are_read_as_the_system_reads_them(clock, host):
    """Decimal, octal, hexadecimal, short: the resolver says where they lead, not a pattern."""
    with pytest.raises(Refused) as no:
        guard.checked(f"https://{host}/")
    assert no.value.code in {"host_private", "host_unknown"}


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hooks.example.org/", "url_scheme"),
        ("ftp://hooks.example.org/", "url_unreadable"),
        ("file:///etc/passwd", "url_unreadable"),
        ("https://user:pass@hooks.example.org/", "url_credentials"),
        ("https://hooks.example.org:99999/", "url_unreadable"),
        ("https://hooks.example.org/\r\nHost: x", "url_unreadable"),
        ("https://hooks example.org/", "url_unreadable"),
        ("https:///x", "url_unreadable"),
        ("hooks.example.org", "url_unreadable"),
        ("https://" + "a" * 600, "url_unreadable"),
        ("", "url_unreadable"),
    ],
)
def test_an_address_that_is_none_is_refused_with_its_field(clock, url, code):
    with pytest.raises(Refused) as no:
        guard.checked(url, resolve=to(PUBLIC_IP))
    assert (no.value.code, no.value.field) == (code, "url")


def test_a_name_that_nobody_knows(clock):
    def fails(_host, _port):
        raise OSError

    for resolve in (fails, to()):
        with pytest.raises(Refused, match="找不到主机"):
            guard.checked("https://nowhere.example/", resolve=resolve)


def test_the_connection_goes_to_the_address_that_was_looked_at(clock):
    answers = [[PUBLIC_IP], ["127.0.0.1"]]  # the second look would be the attacker's
    target = guard.checked(
        "https://rebind.example:8443/a?b=c", resolve=lambda _h, _p: answers.pop(0)
    )
    assert target == Target("https", "rebind.example", 8443, "/a?b=c", PUBLIC_IP)
    assert len(answers) == 1


def test_an_inner_network_is_let_in_by_name_only(clock):
    url = "http://10.20.0.5/hook"
    with pytest.raises(Refused, match="内部地址"):
        guard.checked(url)
    set_value("hook_networks", "10.20.0.0/16")
    assert guard.checked(url).ip == "10.20.0.5"
    for other in ("http://10.21.0.5/", "http://127.0.0.1/", "http://[::ffff:10.21.0.1]/"):
        with pytest.raises(Refused):
            guard.checked(other)
    assert guard.checked("http://[::ffff:10.20.0.9]/").host == "::ffff:10.20.0.9"
    with pytest.raises(Refused, match="网段"):
        set_value("hook_networks", "10.20.0.0/99")


def test_the_wire_connects_to_the_address_and_names_the_host(clock, vendor):
    port = int(vendor.url.rpartition(":")[2])
    target = Target("http", "hooks.example.org", port, "/in", "127.0.0.1")
    wire.must_be_taken(wire.post_json(target, {"a": 1}))

    assert vendor.got[0].headers["Host"] == f"hooks.example.org:{port}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(clock, vendor, status):
    vendor.answer("/in", (status, b"", {"Location": f"{vendor.url}/canary"}))
    with pytest.raises(Failed) as wrong:
        wire.must_be_taken(wire.post_json(wire.known(f"{vendor.url}/in"), {}))

    assert wrong.value.for_good
    assert [one.path for one in vendor.got] == ["/in"]


def test_an_answer_is_read_up_to_its_limit_only(clock, vendor):
    vendor.answer("/in", (200, b"x" * 1_000_000, {}))
    answer = wire.post_json(wire.known(f"{vendor.url}/in"), {})

    assert len(answer.body) == wire.MOST
