"""The known cast 同一班人: 李派遣, 王监督 and the others, two departments, one Monday.

The one place of it: `conftest.py` at the root gives the fixtures to every room, and whoever asks
for the city looks as the system unless his room says otherwise.
"""

import itertools
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from changxiao.areas.home import settle
from changxiao.cases import actions
from changxiao.cases.actions import Problem, Reporter
from changxiao.catalog.models import Category, FilingCriterion, Subcategory
from changxiao.kernel.act import Act
from changxiao.kernel.city import city as city_of
from changxiao.orgs.models import Unit
from changxiao.orgs.posts import Post

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
JINPING = (116.703, 23.365)  # degrees WGS-84, within 金平区

ACTORS = {
    "report": ("wang", Post.COLLECTOR),
    "accept": ("chen", Post.INTAKE),
    "decline": ("chen", Post.INTAKE),
    "ask_to_confirm": ("chen", Post.INTAKE),
    "confirm": ("wang", Post.COLLECTOR),
    "refute": ("wang", Post.COLLECTOR),
    "handle_on_spot": ("wang", Post.COLLECTOR),
    "file": ("lin", Post.SHIFT_LEADER),
    "dispatch": ("li", Post.DISPATCHER),
    "rule_ownership": ("zhang", Post.LEADER),
    "adopt_ruling": ("fang", Post.COMMAND_DIRECTOR),
    "drop_ruling": ("fang", Post.COMMAND_DIRECTOR),
    "take_back": ("li", Post.DISPATCHER),
    "extend": ("li", Post.DISPATCHER),
    "suspend": ("li", Post.DISPATCHER),
    "resume": ("li", Post.DISPATCHER),
    "refuse_request": ("li", Post.DISPATCHER),
    "ask_to_verify": ("chen", Post.INTAKE),
    "verify": ("wang", Post.COLLECTOR),
    "rework": ("wang", Post.COLLECTOR),
    "verify_again": ("lin", Post.SHIFT_LEADER),
    "close": ("lin", Post.SHIFT_LEADER),
    "acknowledge": ("system:portal", ""),
    "contest": ("system:portal", ""),
    "follow": ("system:portal", ""),
    "void": ("huang", Post.CENTER_DIRECTOR),
    "force_close": ("huang", Post.CENTER_DIRECTOR),
    "supervise": ("zhang", Post.LEADER),
    "nudge": ("chen", Post.INTAKE),
    "call_again": ("chen", Post.INTAKE),
    "call_back": ("chen", Post.INTAKE),
    "reopen": ("chen", Post.INTAKE),
    "give_due": ("system:work-orders", ""),
    "endorse_appeal": ("li", Post.DISPATCHER),
    "grant_appeal": ("lin", Post.SHIFT_LEADER),
    "refuse_appeal": ("li", Post.DISPATCHER),
    "unmask": ("chen", Post.INTAKE),
    "amend": ("chen", Post.INTAKE),
    "ask_amend": ("chen", Post.INTAKE),
    "agree_amend": ("li", Post.DISPATCHER),
    "refuse_amend": ("li", Post.DISPATCHER),
    "split": ("chen", Post.INTAKE),
    "join": ("chen", Post.INTAKE),
    "split_off": ("chen", Post.INTAKE),
    "fill_in": ("chen", Post.INTAKE),
    "pass_answer": ("system:duplicates", ""),
    "wake": ("system:sweep", ""),
    "assign": ("system:sweep", ""),
    "await_collector": ("system:sweep", ""),
    "recheck": ("wu", Post.COLLECTOR),
    "dispute_check": ("wu", Post.COLLECTOR),
    "follow_up": ("lin", Post.SHIFT_LEADER),
    "excuse_check": ("lin", Post.SHIFT_LEADER),
    "draw_recheck": ("system:lot", ""),
    "redraw_recheck": ("system:lot", ""),
    "hand_on": ("system:sweep", ""),
    "hold": ("system:sweep", ""),
    "release": ("system:sweep", ""),
    "pass_on": ("system:sweep", ""),
}
_keys = itertools.count(1)


def at(day=2, hour=9, minute=0, month=3):
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def act(verb, when=MONDAY, *, by=None, note="", key=None, **more):
    """Who usually takes this step, at that time; the rest (a handling unit's) is 赵处置."""
    actor, post = ACTORS.get(verb, ("zhao", Post.HANDLER))
    return Act(
        actor=by or actor,
        post=more.pop("post", post),
        key=key or f"test-key-{next(_keys):06d}",
        at=when,
        origin=more.pop("origin", "test"),
        note=note,
        **more,
    )


@pytest.fixture
def city(db, as_system):
    """汕头, without its tables: places are found from the city's data."""
    return settle(city_of("440500"))


def _unit(code, name, kind, path, **more):
    return Unit.objects.create(
        code=code, name=name, kind=kind, path=path, since_date=date(2020, 1, 1), **more
    )


@pytest.fixture
def roads(city):
    """市政道路处."""
    return _unit("SZ-DL", "市政道路处", Unit.Kind.DEPARTMENT, "9001.")


@pytest.fixture
def parks(city):
    """园林绿化处."""
    return _unit("YL-LH", "园林绿化处", Unit.Kind.DEPARTMENT, "9002.")


@pytest.fixture
def squad(roads):
    """抢修一班, below 市政道路处."""
    return _unit("SZ-DL-01", "抢修一班", Unit.Kind.SQUAD, "9001.0001.", parent=roads)


@pytest.fixture
def damaged(city):
    """道路破损, limit 4 工作时, closing needs no photos (tests of evidence add their own)."""
    category = Category.objects.create(kind="event", edition="local", code="97", name="测试大类")
    subcategory = Subcategory.objects.create(
        kind="event",
        edition="local",
        code="9799",
        category=category,
        name="道路破损",
        status="local",
    )
    return FilingCriterion.objects.create(
        code="9799-1",
        subcategory=subcategory,
        condition="路面破损",
        amount=Decimal(4),
        unit="work_hour",
        closing_needs=[],
        since_date=date(2020, 1, 1),
    )


@pytest.fixture
def problem(damaged):
    lon, lat = JINPING
    return Problem(
        channel="collector", subcategory=damaged.subcategory, lon=lon, lat=lat, description="有坑"
    )


@pytest.fixture
def public_problem(problem):
    from dataclasses import replace

    return replace(problem, channel="public", reporter=Reporter("陈大文", "13800138000"))


@pytest.fixture
def reported(problem):
    return actions.report(problem, act=act("report"))


@pytest.fixture
def accepted(reported):
    return actions.accept(reported, act=act("accept", at(2, 9, 5)))


@pytest.fixture
def filed(accepted, damaged):
    return actions.file(accepted, criterion=damaged, act=act("file", at(2, 9, 10)))


@pytest.fixture
def dispatched(filed, roads):
    return actions.dispatch(filed, to=roads, act=act("dispatch", at(2, 9, 15)))


@pytest.fixture
def handled(dispatched):
    return actions.feed_back(dispatched, act=act("feed_back", at(2, 11, 15), note="已修补"))


@pytest.fixture
def verified(handled):
    return actions.verify(handled, act=act("verify", at(2, 11, 40)))


@pytest.fixture
def closed(verified):
    return actions.close(verified, act=act("close", at(2, 11, 50)))
