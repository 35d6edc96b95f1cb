"""离线酷刑 A-06: a line cut at every kind of byte between phones and the city (§6.2, P2–P4).

Phones, three of each collector, send their reports through a proxy that breaks the connection
before, inside and after the request, after the commit and inside the answer. Each goes on as the
phone's queue does: the same key, words and photos in any order, until nothing is missing. Then: one
case a key, each photo once, no photo more than was taken; other content under a used key is
refused.
"""

from __future__ import annotations

import http.client
import json
import random
import socket
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from changxiao.bench.torture_city import City, WebCommand, free_port, run
from changxiao.bench.torture_clients import picture

CUTS = ("none", "before", "head", "body", "after body", "before answer", "in answer")
PHONES = 3  # of a collector, and at work at a time
EACH = 500  # reports of a collector: he may bring no more than 600 new photos a day
MOST_TRIES = 400  # one answer in seven comes back whole, and a photo needs up to a dozen
_HELPER = ("-m", "changxiao.bench.torture_home")


@dataclass(slots=True)
class Outcome:
    """结果: of `sent` keys; `cuts` says how often the line was cut where."""

    sent: int = 0
    seed: int = 0
    stored: int = 0
    lost: int = 0
    duplicated: int = 0
    changed: int = 0
    photos: int = 0
    photos_expected: int = 0
    reused_refused: int = 0
    reused_tried: int = 0
    replayed: int = 0
    cuts: dict[str, int] = field(default_factory=dict)
    unexpected: list[str] = field(default_factory=list)
    seconds: float = 0.0
    ok: bool = False

    def judge(self) -> None:
        """判定."""
        wrong = (self.lost, self.duplicated, self.changed, len(self.unexpected))
        photos = self.photos == self.photos_expected
        refused = self.reused_refused == self.reused_tried
        self.ok = not any(wrong) and photos and refused and self.stored == self.sent > 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Proxy:
    """断线代理: one connection a request; where it is cut is drawn by lot."""

    def __init__(self, port: int, seed: int) -> None:
        self.port, self.own = port, free_port()
        self.cuts: Counter[str] = Counter()
        self._chance = random.Random(f"proxy/{seed}")
        self._listening = socket.create_server(("127.0.0.1", self.own), backlog=64)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                near, _who = self._listening.accept()
            except OSError:
                return
            cut = self._chance.choice(CUTS)
            self.cuts[cut] += 1
            share = self._chance.random()
            threading.Thread(target=self._pass, args=(near, cut, share), daemon=True).start()

    def _pass(self, near: socket.socket, cut: str, share: float) -> None:
        with closing(near), suppress(OSError):
            if cut == "before":
                return
            request, head = _request(near)
            ends = {"head": int(head * share), "body": head + int((len(request) - head) * share)}
            with closing(socket.create_connection(("127.0.0.1", self.port), 30)) as far:
                far.sendall(request[: ends.get(cut, len(request))])
                if cut in {"head", "body", "after body"}:
                    return
                answer = _all(far)
            if cut == "before answer":
                return
            near.sendall(answer if cut == "none" else answer[: int(len(answer) * share)])

    def close(self) -> None:
        """收起."""
        self._listening.close()


def _request(near: socket.socket) -> tuple[bytes, int]:
    """One whole request, and where its head ends."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += near.recv(65536)
    head = data.index(b"\r\n\r\n") + 4
    lengths = [v for n, _, v in (x.partition(b":") for x in data[:head].split(b"\r\n"))
               if n.lower() == b"content-length"]  # fmt: skip
    whole = head + int(lengths[0] if lengths else 0)
    while len(data) < whole:
        data += near.recv(65536)
    return data, head


def _all(far: socket.socket) -> bytes:
    data = b""
    while piece := far.recv(65536):
        data += piece
    return data


@dataclass(slots=True)
class Report:
    """一条: its key, its body and its photos by hash."""

    key: str
    body: dict[str, Any]
    photos: dict[str, bytes]


class Phone:
    """手机: sends one report until the city says that it has all of it."""

    def __init__(self, port: int, told: dict[str, Any], seed: str, *, broken: bool) -> None:
        self.port, self.told, self.broken = port, told, broken
        self.chance = random.Random(seed)
        self.numbers: dict[str, set[str]] = {}
        self.replayed = self.tried = self.refused = 0
        self.unexpected: list[str] = []

    def send(self, report: Report) -> None:
        """发一条: words and photos in any order, some of it twice, until nothing is missing."""
        early = [sha for sha in report.photos if self.chance.random() < 0.3]
        for sha in early:
            self._bytes(report, sha)
        for _try in range(MOST_TRIES):
            missing = self._words(report)
            if missing == []:
                break
            for sha in missing or ():
                self._bytes(report, sha)
        else:
            self.unexpected.append(f"{report.key}: still not whole")
        if self.chance.random() < 0.2:
            self._words(report)
        if self.chance.random() < 0.1:
            self._other_content(report)

    def _words(self, report: Report) -> list[str] | None:
        # The planted fault: a key for the attempt and not for the content.
        key = str(uuid.uuid4()) if self.broken else report.key
        status, told = self._ask("POST", "reports", json.dumps(report.body).encode(), key)
        if status not in {200, 201}:
            self._not(status, told)
            return None
        self.replayed += status == 200
        self.numbers.setdefault(report.key, set()).add(told["number"])
        return [one["sha256"] for one in told["missing"]]

    def _bytes(self, report: Report, sha: str) -> None:
        data, start = report.photos[sha], 0
        for _try in range(MOST_TRIES):
            piece = data[start : start + self.chance.choice((700, 4000, 64_000))]
            told_range = f"bytes {start}-{start + len(piece) - 1}/{len(data)}"
            status, told = self._ask("PUT", f"media/{sha}", piece, "", told_range)
            if status == 200 and told["whole"]:
                return
            if status in {200, 409} and "held" in told:
                start = told["held"]
            else:
                self._not(status, told)
        self.unexpected.append(f"{sha[:12]}: never whole")

    def _other_content(self, report: Report) -> None:
        body = json.dumps(report.body | {"description": "other"}).encode()
        for _try in range(MOST_TRIES):
            status, told = self._ask("POST", "reports", body, report.key)
            if status:
                self.tried += 1
                self.refused += (status, told.get("code")) == (409, "key_reused")
                return

    def _not(self, status: int, told: dict[str, Any]) -> None:
        if status and status not in {408, 425, 429, 503}:
            self.unexpected.append(f"{status} {json.dumps(told, ensure_ascii=False)[:200]}")

    def _ask(
        self, method: str, path: str, data: bytes, key: str, piece: str = ""
    ) -> tuple[int, dict[str, Any]]:
        """Status and answer; 0 where the line broke."""
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {
            "Cookie": f"cx_sid={self.told['session']}; cx_csrf={self.told['csrf']}",
            "X-CSRFToken": self.told["csrf"],
            "X-Field-User": self.told["user"],
            "Content-Type": "application/json" if method == "POST" else "image/jpeg",
            "Connection": "close",
        }
        headers |= {"Idempotency-Key": key} if key else {}
        headers |= {"Content-Range": piece} if piece else {}
        try:
            with closing(wire):
                wire.request(method, f"/field/sync/{path}", data, headers)
                answer = wire.getresponse()
                body = answer.read()
                return answer.status, json.loads(body) if answer.status != 302 else {}
        except (OSError, http.client.HTTPException, ValueError):
            return 0, {}


def reports(count: int, seed: int, told: dict[str, Any]) -> list[Report]:
    """上报若干: a third with photos, some of which other reports show too."""
    chance = random.Random(seed)
    shared = [picture(chance) for _ in range(max(1, count // 40))]
    found = []
    for _number in range(count):
        key = str(uuid.UUID(int=chance.getrandbits(128), version=4))
        lon, lat = chance.choice(told["places"])
        taken = [picture(chance) for _ in range(chance.choice((0, 0, 0, 1, 1, 2)))]
        taken += [chance.choice(shared)] if chance.random() < 0.05 else []
        photos = {sha256(data).hexdigest(): data for data in taken}
        manifest = [
            {"sha256": sha, "role": "before", "bytes": len(data), "type": "image/jpeg"}
            for sha, data in photos.items()
        ]
        body = {"subcategory": told["subcategory"], "lon": lon, "lat": lat, "external": key}
        found.append(Report(key, body | {"description": key, "photos": manifest}, photos))
    return found


def offline(count: int, seed: int, home: Path, web: WebCommand, *, broken: bool) -> Outcome:
    """离线酷刑: `count` submissions through the cutting proxy, then the count of what stands."""
    begin = time.monotonic()
    told = json.loads((home / "torture.json").read_text(encoding="utf-8"))
    sessions = json.loads(_must(run(home, *_HELPER, "sessions")))["sessions"]
    # Phone n and the one after it are of different collectors, who show some of the same photos.
    crew = PHONES * [told | one for one in sessions[: -(-count // EACH)]]
    all_of_them = reports(count, seed, told)
    if broken:  # the city would recognise the outside number: the fault shall be seen by its keys
        for one in all_of_them:
            del one.body["external"]
    city = City(home, web)
    city.start()
    try:
        city.wait_until_ready()
        proxy = Proxy(city.port, seed)
        phones = [
            Phone(proxy.own, whose, f"{seed}/{n}", broken=broken) for n, whose in enumerate(crew)
        ]
        with ThreadPoolExecutor(PHONES) as pool:
            list(pool.map(_carry, phones, [all_of_them[n :: len(crew)] for n in range(len(crew))]))
        proxy.close()
    finally:
        city.kill()
    outcome = _count(phones, all_of_them, json.loads(_must(run(home, *_HELPER, "offline"))))
    outcome.seed, outcome.cuts = seed, dict(proxy.cuts)
    outcome.seconds = round(time.monotonic() - begin, 1)
    outcome.judge()
    return outcome


def _carry(phone: Phone, own: list[Report]) -> None:
    for report in own:
        phone.send(report)


def _must(done: Any) -> str:
    if done.returncode:
        raise RuntimeError(done.stderr.strip()[-600:])
    return str(done.stdout)


def _count(phones: list[Phone], sent: list[Report], looked: dict[str, Any]) -> Outcome:
    outcome = Outcome(sent=len(sent))
    stored: dict[str, list[str]] = looked["cases"]
    numbers = {key: found for phone in phones for key, found in phone.numbers.items()}
    outcome.stored = len(stored)
    outcome.lost = sum(report.key not in stored for report in sent)
    outcome.duplicated = sum(len(found) - 1 for found in stored.values())
    outcome.changed = sum(found != set(stored.get(key, ())) for key, found in numbers.items())
    outcome.photos = looked["photos"]
    outcome.photos_expected = sum(len(report.photos) for report in sent)
    for phone in phones:
        outcome.replayed += phone.replayed
        outcome.reused_tried += phone.tried
        outcome.reused_refused += phone.refused
        outcome.unexpected += phone.unexpected
    if looked["waiting"]:
        outcome.unexpected.append(f"{looked['waiting']} photos still awaited")
    return outcome
