"""An account of a file in the home, a WeChat that behaves like theirs, and a follower."""

import base64
import itertools
import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from changxiao.cases.chats.models import ChatMessage
from changxiao.cases.samples import pictures
from changxiao.cases.tests.pages import forget_catalog
from changxiao.kernel import scope
from changxiao.kernel.geo import from_wgs84_many
from changxiao.kernel.home import home
from changxiao.orgs import throttle
from changxiao.surfaces.protocols.wechat import jobs
from changxiao.surfaces.protocols.wechat.accounts import account
from changxiao.surfaces.protocols.wechat.sealing import sealed, signature
from tests.support.cast import JINPING

AES = base64.b64encode(bytes(range(32))).decode()[:43]
FILE = """
appid = "wx0123456789abcdef"
token = "callbacktoken"
aes_key = "{aes}"
secret = "s"
base = "{base}"
"""
_n = itertools.count(1)


class _Theirs(BaseHTTPRequestHandler):
    """api.weixin.qq.com, as far as we ask it."""

    def log_message(self, *_):
        pass

    def _answer(self, told, kind="application/json"):
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _bearer(self):
        return parse_qs(urlsplit(self.path).query).get("access_token", [""])[0]

    def do_POST(self):
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        theirs = self.server.theirs
        if self.path.endswith("/cgi-bin/stable_token"):
            theirs.tokens += 1
            return self._answer({"access_token": f"t{theirs.tokens}", "expires_in": 7200})
        if theirs.away > 0:
            theirs.away -= 1
            return self._answer({"errcode": -1, "errmsg": "system busy"})
        if self._bearer() != f"t{theirs.tokens}":
            return self._answer({"errcode": 40001, "errmsg": "invalid credential"})
        if self.path.partition("?")[0].endswith("/message/template/send"):
            told["text"] = {"content": json.dumps(told["data"], ensure_ascii=False)}
        theirs.said.append((told["touser"], told["text"]["content"]))
        return self._answer({"errcode": 0, "errmsg": "ok"})

    def do_GET(self):
        theirs = self.server.theirs
        media = parse_qs(urlsplit(self.path).query)["media_id"][0]
        if theirs.away > 0:
            theirs.away -= 1
            return self._answer({"errcode": -1, "errmsg": "system busy"})
        if media not in theirs.media:
            return self._answer({"errcode": 40007, "errmsg": "invalid media_id"})
        return self._answer(theirs.media[media], "image/png")


class Theirs:
    """微信: what was said, which pictures it holds, for how many requests it is busy."""

    def __init__(self):
        self.said, self.tokens, self.away = [], 0, 0
        self.media = {"hole": pictures.drawn("pothole", "before"), "text": b"no picture"}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _Theirs)
        self.server.theirs = self
        self.base = f"http://127.0.0.1:{self.server.server_port}"

    @property
    def last(self):
        return self.said[-1][1]


@pytest.fixture(scope="module")
def _running():
    theirs = Theirs()
    thread = threading.Thread(target=theirs.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield theirs
    theirs.server.shutdown()
    theirs.server.server_close()
    thread.join()


@pytest.fixture
def theirs(_running):
    _running.said, _running.tokens, _running.away = [], 0, 0
    for path in (home() / "keys" / "notices").glob("*.token"):
        path.unlink()
    return _running


@pytest.fixture
def as_system():
    """Over HTTP nobody is the system."""


@pytest.fixture
def ours(damaged, theirs, settings):
    settings.MIDDLEWARE = settings.PROGRAM_MIDDLEWARE
    forget_catalog()
    throttle.forget_rules()
    folder = home() / "wechat"
    folder.mkdir(exist_ok=True)
    path = folder / "town.toml"
    path.write_text(FILE.format(aes=AES, base=theirs.base))
    yield account("town")
    os.unlink(path)


def xml(**fields):
    told = {"ToUserName": "gh_1", "FromUserName": "oFollower1", "CreateTime": int(time.time())}
    told |= {"MsgType": "text", "MsgId": f"{7_000_000_000 + next(_n)}"} | fields
    inside = "".join(f"<{k}><![CDATA[{v}]]></{k}>" for k, v in told.items() if v is not None)
    return f"<xml>{inside}</xml>".encode()


def envelope(ours, message, *, key=None, appid=None, stamp=None, nonce=None, token=None):
    """A POST as they make it: address and body."""
    box = sealed(message, key or ours.aes_key, appid or ours.appid, os.urandom(16))
    stamp = str(int(timezone.now().timestamp())) if stamp is None else stamp
    nonce = nonce or f"n{next(_n)}"
    mark = signature(token or ours.token, stamp, nonce, box)
    asked = {"timestamp": stamp, "nonce": nonce, "msg_signature": mark, "encrypt_type": "aes"}
    body = f"<xml><ToUserName>gh_1</ToUserName><Encrypt><![CDATA[{box}]]></Encrypt></xml>"
    return f"/wechat/town?{urlencode(asked)}", body.encode()


def posted(address, body):
    return Client().generic("POST", address, body, "text/xml")


@pytest.fixture
def send(ours):
    """The follower sends something; it is stored and worked."""

    def sent(work=True, **fields):
        answer = posted(*envelope(ours, xml(**fields)))
        assert (answer.status_code, answer.content) == (200, b"")
        if work:
            swept()
        return answer

    return sent


def swept(at=None):
    with scope.viewing(scope.system("worker")):
        return jobs.sweep(at or timezone.now())


def here(metres=0):
    lon, lat = from_wgs84_many([JINPING[0]], [JINPING[1] + metres / 111_000], "gcj02")
    told = {"Location_X": f"{lat[0]:.7f}", "Location_Y": f"{lon[0]:.7f}", "Label": "金砂路口"}
    return told | {"MsgType": "location"}


def stored():
    return ChatMessage.objects.count()
