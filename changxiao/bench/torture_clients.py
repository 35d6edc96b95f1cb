"""上报客户端 clients of the harness: each keeps a book of what was answered, and retries its keys.

A key belongs to a content (reliability.md §6.2): it is made before the first sending and used until
an answer came. Only a 2xx whose body was read to the end counts as acknowledged.
"""

from __future__ import annotations

import http.client
import io
import json
import random
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

ANSWER_SECONDS = 15.0
RETRY = frozenset({408, 425, 429, 503})
FORMS = (("JPEG", "image/jpeg", "before"), ("PDF", "application/pdf", "document"))


@dataclass(frozen=True, slots=True)
class Stage:
    """舞台: where to send, as whom, and what a report may say."""

    port: int
    tokens: Sequence[str]
    subcategory: str
    places: Sequence[tuple[float, float]]


@dataclass(slots=True)
class Book:
    """账本: acknowledged keys with the number answered; what was answered that nobody expected."""

    acked: dict[str, str] = field(default_factory=dict)
    repeated: int = 0
    unexpected: list[str] = field(default_factory=list)
    photos: int = 0


@dataclass(slots=True)
class Report:
    """一份上报: the content behind one key, and its photo where it has one."""

    key: str
    body: dict[str, Any]
    photo: bytes = b""
    kind: str = ""


class Client(threading.Thread):
    """客户端: one sender; `serving` lets it send, `acknowledged` is called at each 2xx."""

    def __init__(
        self,
        index: int,
        stage: Stage,
        *,
        seed: int,
        serving: threading.Event,
        acknowledged: Callable[[int], None],
    ) -> None:
        super().__init__(name=f"client-{index}", daemon=True)
        self.index, self.stage, self.serving = index, stage, serving
        self.acknowledged = acknowledged
        self.book = Book()
        self.last = threading.Event()  # finish the report at hand and begin no other
        self._chance = random.Random(f"{seed}/{index}")
        self._connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        try:
            while not self.last.is_set():
                report = self._write()
                while not self._send(report):
                    self.serving.wait()
        finally:
            self._drop()

    def _write(self) -> Report:
        chance = self._chance
        key = str(uuid.UUID(int=chance.getrandbits(128), version=4))
        lon, lat = chance.choice(self.stage.places)
        body: dict[str, Any] = {
            "subcategory": self.stage.subcategory,
            "lon": lon,
            "lat": lat,
            "description": f"torture {key}",
            "external": key,
        }
        if chance.random() >= 0.25:
            return Report(key, body)
        form, kind, role = chance.choice(FORMS)
        photo = picture(chance, form)
        body["photos"] = [{"sha256": sha256(photo).hexdigest(), "role": role}]
        return Report(key, body, photo, kind)

    def _send(self, report: Report) -> bool:
        """True when the report is done with: acknowledged, or answered as nobody expected."""
        try:
            if report.photo:
                path = f"/api/v1/media/{report.body['photos'][0]['sha256']}"
                status, told = self._request("PUT", path, report.photo, report.kind, report.key)
                if status != 200:
                    return self._other(status, told)
            data = json.dumps(report.body).encode()
            status, told = self._request(
                "POST", "/api/v1/cases", data, "application/json", report.key
            )
        except (OSError, http.client.HTTPException):
            self._drop()
            time.sleep(0.01)
            return False
        if status not in {200, 201}:
            return self._other(status, told)
        self._acknowledge(report, status, told)
        return True

    def _acknowledge(self, report: Report, status: int, told: bytes) -> None:
        self.book.acked[report.key] = str(json.loads(told)["number"])
        self.book.repeated += status == 200
        self.book.photos += bool(report.photo)
        self.acknowledged(self.index)

    def _other(self, status: int, told: bytes) -> bool:
        if status in RETRY:
            time.sleep(0.05)
            return False
        self.book.unexpected.append(f"{status} {told[:200].decode(errors='replace')}")
        time.sleep(0.2)
        return len(self.book.unexpected) > 3  # a fault that stays shall not stop the harness

    def _request(
        self, method: str, path: str, data: bytes, kind: str, key: str
    ) -> tuple[int, bytes]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(
                "127.0.0.1", self.stage.port, timeout=ANSWER_SECONDS
            )
        headers = {
            "Authorization": f"Bearer {self.stage.tokens[self.index]}",
            "Content-Type": kind,
            "Idempotency-Key": key,
        }
        self._connection.request(method, path, body=data, headers=headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def picture(chance: random.Random, form: str = "JPEG") -> bytes:
    """小照片, or a page with it: what no other report has."""
    from PIL import Image

    noise = Image.frombytes("RGB", (32, 24), chance.randbytes(32 * 24 * 3))
    out = io.BytesIO()
    noise.resize((160, 120)).save(out, form, quality=80)
    return out.getvalue()
