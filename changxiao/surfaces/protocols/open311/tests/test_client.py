"""Our client against what other cities really answered, over HTTP, from a tiny server."""

import json
import threading
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from changxiao.cases.models import Case
from changxiao.cases.models_public import Relay
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.surfaces.protocols.open311 import jobs, statuses
from changxiao.surfaces.protocols.open311.client import parsing, peers
from changxiao.surfaces.protocols.open311.client.peers import parse
from changxiao.surfaces.protocols.open311.client.pulling import pull
from changxiao.surfaces.protocols.open311.client.pushing import push
from changxiao.surfaces.protocols.open311.client.wire import Away, Wire
from tests.support.cast import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def koeln(outside_data):
    """What Köln answered in December 2023: fifty requests, JSON."""
    return (outside_data / "open311" / "koeln_requests_2023.json").read_bytes()


@pytest.fixture
def toronto(outside_data):
    """What Toronto answered in July 2018: two requests, XML."""
    return (outside_data / "open311" / "toronto_requests_many.xml").read_bytes()


class City(BaseHTTPRequestHandler):
    """Another city: answers what `server.answers` holds by path, remembers what it was asked."""

    def do_GET(self):
        self._answer(urlsplit(self.path).query)

    def do_POST(self):
        self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def _answer(self, sent):
        path = urlsplit(self.path).path
        asked = {name: values[0] for name, values in parse_qs(sent).items()}
        self.server.asked.append((self.command, path, asked, self.headers["Idempotency-Key"]))
        told = self.server.answers[self.command, path]
        status, body = told(asked) if callable(told) else told
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


@contextmanager
def city_of(answers):
    server = ThreadingHTTPServer(("127.0.0.1", 0), City)
    server.answers, server.asked = answers, []
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def quick(peer):
    return Wire(peer, pauses=(0.0, 0.0))


def peer_at(server, name="koeln", **more):
    return parse({"url": server.url, **more}, name)


def taken(server, since=MONDAY, **more):
    told = {"pull": {"default": "e9799"}} | more
    span = {"since": since, "until": since + timedelta(days=1)}
    return pull(peer_at(server, **told), wire=quick, **span)


def rows(*changes):
    base = {
        "service_request_id": "A-1",
        "status": "open",
        "service_code": "009",
        "description": "Schrottrad",
        "requested_datetime": "2026-03-02T08:00:00+08:00",
        "lat": 23.365,
        "long": 116.703,
    }
    return json.dumps([base | change for change in changes]).encode()


GET = ("GET", "/requests.json")


def test_every_recorded_answer_of_koeln_and_toronto_is_read(koeln, toronto):
    german = parsing.requests(koeln, "json")
    canadian = parsing.requests(toronto, "xml")
    assert (len(german.rows), german.skipped) == (50, 0)
    assert (len(canadian.rows), canadian.skipped) == (2, 0)
    assert german.rows[0].remote == "A-173480"
    assert german.rows[0].requested_at == datetime.fromisoformat("2023-12-11T09:01:37+01:00")
    assert (canadian.rows[0].lon, canadian.rows[0].lat) == (-79.272306875, 43.691104288)
    assert canadian.rows[0].notes.startswith("In progress")


def test_recorded_rows_of_another_place_are_counted_and_none_is_taken(damaged, koeln):
    with city_of({GET: (200, koeln)}) as server:
        done = taken(server)
    assert (done.taken, done.skipped["outside_city"]) == (0, 50)
    assert not Case.everything.exists()
    assert not Relay.objects.exists()


def test_the_recorded_rows_moved_here_become_cases_each_once(damaged, koeln):
    moved = [
        row | {"lat": 23.36 + n / 10_000, "long": 116.70} for n, row in enumerate(json.loads(koeln))
    ]
    with city_of({GET: (200, json.dumps(moved).encode())}) as server:
        first, again = taken(server), taken(server)
    # Köln tells one of them twice.
    assert (first.taken, first.same) == (49, 1)
    assert (again.taken, again.same) == (0, 50)
    assert Case.everything.filter(channel="open311").count() == 49
    case = Case.everything.get(external="koeln:A-173480")
    assert case.description.startswith("Rondorfer Strasse 5")
    assert [entry.verb for entry in case.entries] == ["report", "relay"]


def test_toronto_s_xml_moved_here_becomes_cases(damaged, toronto):
    text = toronto.decode().replace("-79.2", "116.7").replace("43.69", "23.36")
    with city_of({("GET", "/requests.xml"): (200, text.encode())}) as server:
        done = taken(server, name="toronto", format="xml")
    assert done.taken == 2
    assert {case.address for case in Case.everything.all()} == {
        "Warden Ave / Freeman St, Scarborough",
        "Parkette Pl / Danforth Ave, Scarborough",
    }


def test_a_later_status_is_heard_once_on_the_case_and_ends_nothing(damaged):
    with city_of({GET: (200, rows({}))}) as server:
        taken(server)
        server.answers[GET] = (200, rows({"status": "closed", "status_notes": "weggeräumt"}))
        heard, again = taken(server), taken(server)
    assert (heard.heard, again.heard, again.same) == (1, 0, 1)
    case = Case.everything.get()
    assert (case.stage, case.entries.last().verb) == ("reported", "supplement")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": "closed"}, "over_already"),
        ({"status": "FIXED"}, "over_already"),
        ({"service_request_id": None}, "row_unreadable"),
        ({"lat": None}, "row_unreadable"),
        ({"long": "east"}, "row_unreadable"),
        ({"updated_datetime": "gestern"}, "row_unreadable"),
        ({"lat": 40.0}, "outside_city"),
    ],
)
def test_what_cannot_be_a_case_is_skipped_and_counted(damaged, change, reason):
    with city_of({GET: (200, rows(change))}) as server:
        done = taken(server)
    assert (done.taken, done.skipped[reason]) == (0, 1)
    assert not Case.everything.exists()


def test_a_service_without_a_place_in_the_table_is_not_guessed(damaged):
    with city_of({GET: (200, rows({}))}) as server:
        done = taken(server, pull={"services": {"001": "e9799"}})
    assert (done.taken, done.skipped["service_unmapped"]) == (0, 1)


@pytest.mark.parametrize("failing", [503, 429, 500])
def test_a_busy_peer_is_asked_again_and_a_dead_one_is_away(damaged, failing):
    turns = iter([(failing, b""), (200, rows({}))])
    with city_of({GET: lambda _asked: next(turns)}) as server:
        assert taken(server).taken == 1
        server.answers[GET] = (failing, b"")
        with pytest.raises(Away):
            taken(server)
    with pytest.raises(Away):
        taken(server)


@pytest.mark.parametrize(
    ("fmt", "body"),
    [
        ("json", b"<html>"),
        ("xml", b"<a><b></a>"),
        ("xml", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><b>&x;</b></a>'),
    ],
)
def test_an_answer_that_is_none_or_an_attack_is_refused(damaged, fmt, body):
    answers = {("GET", f"/requests.{fmt}"): (200, body)}
    with city_of(answers) as server, pytest.raises(Refused) as no:
        taken(server, format=fmt)
    assert no.value.code == "answer_unreadable"
    assert not Case.everything.exists()


POST = ("POST", "/requests.json")
SENDS = {"push": {"services": {"e9799": "POT"}, "area": "440511"}, "api_key": "k"}


@pytest.fixture
def live(damaged):
    from changxiao.catalog.actions import set_public_rule
    from changxiao.kernel.act import Act

    rule = {"view": "live", "place": "exact"}
    set_public_rule(damaged.subcategory, **rule, act=Act.system("test"))


def test_released_cases_are_sent_once_in_their_public_words_and_followed(live, walk):
    case = walk("dispatch")
    walk("dispatch", step=1, public=False)
    answers = {POST: (200, b'[{"service_request_id": "T-7"}]'), GET: (200, rows({}))}
    with city_of(answers) as server:
        peer = peer_at(server, **SENDS)
        assert push(peer, wire=quick).sent == 1
        (sent,) = [told for method, _path, told, _key in server.asked if method == "POST"]
        assert (sent["service_code"], sent["description"], sent["lat"]) == (
            *("POT", "路面有坑", "23.365"),
        )
        server.answers[GET] = (200, rows({"service_request_id": "T-7", "status": "closed"}))
        again = push(peer, wire=quick)
    assert (again.sent, again.heard) == (0, 1)
    row = Relay.objects.get()
    assert (row.case, row.way, row.state, row.remote) == (case, "out", "taken", "T-7")
    assert [e.verb for e in case.entries][-2:] == ["relay", "supplement"]


def test_what_broke_off_is_sent_again_only_to_who_honours_keys(live, walk):
    case = walk("dispatch")
    with city_of({POST: (503, b""), GET: (200, b"[]")}) as server:
        careful = peer_at(server, **SENDS)
        with pytest.raises(Away):
            push(careful, wire=quick)
        server.answers[POST] = (200, b'[{"service_request_id": "T-7"}]')
        assert push(careful, wire=quick).unsure == [case.number]
        assert not Entry.objects.filter(verb="relay").exists()
        trusting = peer_at(server, **SENDS, honours_keys=True)
        assert push(trusting, wire=quick).sent == 1
        keys = {key for method, _path, _told, key in server.asked if method == "POST"}
    assert len(keys) == 1


def test_a_peer_s_no_is_kept_and_not_asked_for_again(live, walk):
    walk("dispatch")
    with city_of({POST: (400, b"[]"), GET: (200, b"[]")}) as server:
        peer = peer_at(server, **SENDS)
        first, again = push(peer, wire=quick), push(peer, wire=quick)
    assert (first.left["peer_declined"], again.left["peer_declined"]) == (1, 0)
    assert Relay.objects.get().state == "refused"


def test_a_token_is_exchanged_for_its_number(live, walk):
    walk("dispatch")
    answers = {
        POST: (200, b'[{"token": "abc"}]'),
        ("GET", "/tokens/abc.json"): (200, b'[{"service_request_id": "T-9", "token": "abc"}]'),
        GET: (200, b"[]"),
    }
    with city_of(answers) as server:
        push(peer_at(server, **SENDS), wire=quick)
    assert Relay.objects.get().remote == "T-9"


def test_our_progress_is_told_to_whoever_sent_it_each_status_once(damaged):
    update = ("POST", "/servicerequestupdates.json")
    with city_of({GET: (200, rows({})), update: (200, b'[{"update_id": "1"}]')}) as server:
        told = {"pull": {"default": "e9799"}, "push": {"updates": True}}
        pull(peer_at(server, **told), since=MONDAY, until=MONDAY + timedelta(1), wire=quick)
        first, again = (push(peer_at(server, **told), wire=quick) for _ in range(2))
        sent = [told for method, _path, told, _key in server.asked if method == "POST"]
    assert (first.told, again.told) == (1, 0)
    assert (sent[0]["service_request_id"], sent[0]["status"]) == ("A-1", "OPEN")


def test_the_worker_asks_each_peer_in_its_own_time(damaged, tmp_path, monkeypatch):
    monkeypatch.setenv("CHANGXIAO_HOME", str(tmp_path))
    (tmp_path / "open311").mkdir()
    with city_of({GET: (200, rows({}))}) as server:
        text = f'url = "{server.url}"\nevery = 10\n[pull]\ndefault = "e9799"\n'
        (tmp_path / "open311" / "koeln.toml").write_text(text)
        counts = [jobs.sweep(MONDAY + timedelta(minutes=m)) for m in (0, 5, 10, 11)]
    assert counts == [1, 0, 1, 0]
    assert Case.everything.count() == 1


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"url": "ftp://example.org"},
        {"url": "http://example.org", "formt": "xml"},
        {"url": "http://example.org", "format": "yaml"},
        {"url": "http://example.org", "pull": {"close": "skip"}},
        {"url": "http://example.org", "pull": {"closed": "perhaps"}},
    ],
)
def test_a_peer_s_file_with_a_mistake_is_refused_by_its_key(told):
    with pytest.raises(Refused) as no:
        parse(told, "koeln")
    assert no.value.code == "peer_unreadable"


def test_a_peer_that_nobody_named_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("CHANGXIAO_HOME", str(tmp_path))
    with pytest.raises(Refused) as no:
        peers.peer("nowhere")
    assert no.value.code == "peer_unknown"


@pytest.mark.parametrize("word", ["closed", "FIXED", "No Further Action", "duplicate"])
def test_words_for_the_end_are_known_however_they_are_written(word):
    assert statuses.is_over(word)
    assert not statuses.is_over("open")
