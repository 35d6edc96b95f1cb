"""A small city of two departments and two districts, and one person for each way of looking."""

import io
import json
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.test.client import ClientHandler
from openpyxl import load_workbook

from changxiao.cases import actions
from changxiao.cases.actions import Problem, Reporter
from changxiao.cases.indexing import index_streams
from changxiao.cases.models import Case
from changxiao.catalog import known
from changxiao.kernel import scope
from changxiao.orgs.models import ApiToken, Appointment, Staff
from changxiao.orgs.posts import Post
from changxiao.orgs.tokens import digest_of
from changxiao.surfaces.protocols.rest import METER, VIEWERS
from tests.support.cast import MONDAY, act

CASES = "/api/v1/cases"
LONGHU = (116.725, 23.375)  # degrees WGS-84, within 龙湖区
TARGETS = ("own", "other_department", "other_district")
NEVER = "209901010001"
HERE = "440511"  # 金平区
PLANTED = ("陈大文", "13800138000", "13912345678", "王隐名", "collector-wang")


@dataclass
class World:
    """Numbers of the cases by ownership, and of the posts of each person."""

    cases: dict[str, str] = field(default_factory=dict)
    people: dict[str, tuple[str, ...]] = field(default_factory=dict)


def hire(username, *posts, unit=None, area="", name="", until=None, active=True):
    staff = Staff.objects.create(
        username=username, name=name or username, unit=unit, is_active=active
    )
    for post in posts:
        Appointment.objects.create(
            staff=staff,
            post=post,
            unit=unit,
            area_code=area,
            since_date=date(2020, 1, 1),
            until_date=until,
        )
    digest = digest_of(f"token-{username}")
    ApiToken.objects.create(staff=staff, kind="api", name="t", digest=digest, created_at=MONDAY)
    return username


PLACED = (
    Post.INTAKE,
    Post.SHIFT_LEADER,
    Post.CENTER_DIRECTOR,
    Post.DISPATCHER,
    Post.COMMAND_DIRECTOR,
    Post.LEADER,
    Post.INSPECTOR,
)


@pytest.fixture
def as_system():
    """Nobody is the system here: what names no viewer must fail, not see everything."""


@pytest.fixture(autouse=True)
def _fresh_memories(monkeypatch):
    """What a process remembers for two seconds belongs to another test, and the throttle's count
    of a minute to another question."""
    monkeypatch.setattr(METER, "allow", lambda *_asked: True)
    VIEWERS.clear()
    known.known.clear()


@pytest.fixture
def people(roads, parks, squad):
    """Everybody looks at 金平区 or from 市政道路处, so that each kind of foreign row exists."""
    for post in PLACED:
        hire(post.value, post, area=HERE)
    hire("collector-wang", Post.COLLECTOR, area=HERE, name="王隐名")
    hire("handler", Post.HANDLER, unit=roads)
    hire("unit_lead", Post.UNIT_LEAD, unit=roads)
    hire("squad", Post.HANDLER, unit=squad)
    hire("parks", Post.HANDLER, unit=parks)
    hire("elsewhere", Post.INTAKE, area="440507")
    hire("auditor", Post.AUDITOR)
    hire("city_admin", Post.CITY_ADMIN)
    hire("security_admin", Post.SECURITY_ADMIN)
    hire("no_post")
    hire("former", Post.INTAKE, until=date(2021, 1, 1))
    hire("disabled", Post.INTAKE, active=False)


def sees(who: str) -> set[str]:
    """Which of the cases this person may see, worked out by hand and not by `access.reach`."""
    if who in {post.value for post in PLACED} | {"collector-wang"}:
        return {"own", "other_department"}
    return {
        "handler": {"own"},
        "unit_lead": {"own"},
        "parks": {"other_department", "other_district"},
        "elsewhere": {"other_district"},
        "auditor": set(TARGETS),
    }.get(who, set())


SIGNED_IN = [
    *(post.value for post in PLACED),
    *("collector-wang", "handler", "unit_lead", "squad", "parks", "elsewhere"),
    *("auditor", "city_admin", "security_admin", "no_post", "former"),
]


@pytest.fixture
def world(people, damaged, roads, parks):
    """A case of each ownership, reported by a resident whose number stands in the text."""
    built = World()
    with scope.viewing(scope.system("test")):
        for name, point, unit in (
            ("own", (116.703, 23.365), roads),
            ("other_department", (116.704, 23.366), parks),
            ("other_district", LONGHU, parks),
        ):
            built.cases[name] = dispatched(name, point, unit, damaged)
        index_streams({f"case:{number}" for number in built.cases.values()})
    assert Case.everything.filter(community_code__startswith="440507").count() == 1
    return built


def dispatched(name, point, unit, criterion) -> str:
    found = Problem(
        channel="public",
        subcategory=criterion.subcategory,
        lon=point[0],
        lat=point[1],
        description="有坑，请回电13912345678",
        address=f"{name}-address 1号",
        reporter=Reporter("陈大文", "13800138000"),
    )
    case = actions.report(found, act=act("report", by="collector-wang"))
    case = actions.ask_to_confirm(case, collector="collector-wang", act=act("ask_to_confirm"))
    case = actions.confirm(case, act=act("confirm", by="collector-wang", note="属实13912345678"))
    case = actions.accept(case, act=act("accept"))
    case = actions.file(case, criterion=criterion, act=act("file"))
    return str(actions.dispatch(case, to=unit, act=act("dispatch")).number)


class ProgramHandler(ClientHandler):
    """The second door of `changxiao.wsgi`, by which programs come."""

    def load_middleware(self, is_async: bool = False) -> None:
        with override_settings(MIDDLEWARE=settings.PROGRAM_MIDDLEWARE):
            super().load_middleware(is_async)


class Api:
    """Asks the REST interface with somebody's token."""

    def __init__(self) -> None:
        self.client = Client(raise_request_exception=False)
        self.client.handler = ProgramHandler(enforce_csrf_checks=False)

    def __call__(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        held = {"Authorization": f"Bearer token-{who}"} if who else {}
        raw = body if isinstance(body, bytes) else json.dumps({} if body is None else body)
        return self.client.generic(
            method,
            path,
            raw,
            headers.pop("content_type", "application/json"),
            headers={**held, **headers},
        )


@pytest.fixture
def api():
    return Api()


class Desk:
    """Opens pages with somebody's session."""

    def __init__(self) -> None:
        self.clients: dict[str, Client] = {}

    def __call__(self, who: str, method: str, path: str, body: Any = None) -> Any:
        client = self.clients.get(who)
        if client is None:
            client = self.clients[who] = Client(raise_request_exception=False)
            if who:
                client.force_login(Staff.objects.get(username=who))
        if method == "POST":
            return client.post(path, body or {})
        return client.generic(method, path)


@pytest.fixture
def desk():
    return Desk()


def sheet(answer):
    rows = load_workbook(io.BytesIO(b"".join(answer))).active.iter_rows(values_only=True)
    return [row for number, row in enumerate(rows) if number]  # the first holds the time


def told(answer, number):
    """What a stranger could compare: status, kind and body, without the number they sent."""
    body = b"".join(answer) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "")
    text = body.decode("utf-8", "replace").replace(number, "N")
    return answer.status_code, kind, answer.headers.get("Location", ""), cleaned(text)


def cleaned(text):
    text = re.sub(r'(nonce=|csrfmiddlewaretoken" value=|"X-CSRFToken": )"[^"]+"', "", text)
    return re.sub(r'name="key" value="[^"]+"|datetime="[^"]+"', "", text)
