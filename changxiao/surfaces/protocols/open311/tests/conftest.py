"""The cast of the cases' tests, asked for by strangers' programs."""

from dataclasses import replace

import pytest
from django.test import Client

from changxiao.cases import actions
from changxiao.cases.samples import pictures
from changxiao.catalog import known, publicity, questions
from changxiao.kernel import scope
from changxiao.orgs.models import ApiToken, Staff
from changxiao.orgs.tokens import digest_of
from changxiao.surfaces.protocols.open311 import keys, services
from changxiao.surfaces.protocols.open311.keys import HOLDERS
from tests.support.cast import MONDAY, act, at

V2 = "/open311/v2"


@pytest.fixture
def as_system():
    """Over HTTP nobody is the system: the key says who looks."""


@pytest.fixture(autouse=True)
def _by_their_own_door(settings):
    """Programs come by `changxiao.wsgi`'s second door; memories go between tests."""
    settings.MIDDLEWARE = settings.PROGRAM_MIDDLEWARE
    for memory in (HOLDERS, known.known, publicity.table, questions.table):
        memory.clear()
    for memory in (services.conditions, services._written):
        memory.clear()
    for meter in (keys.METER, keys.READERS):
        meter.forget()


def issued(username, *, kind="open311", **more):
    """A key of that name; the token is the name's own."""
    staff = Staff.objects.create(username=username, name=username)
    digest = digest_of(f"key-{username}")
    ApiToken.objects.create(staff=staff, kind=kind, digest=digest, created_at=MONDAY, **more)
    return f"key-{username}"


@pytest.fixture
def key(city):
    return issued("app")


@pytest.fixture
def other_key(city):
    return issued("rival")


@pytest.fixture
def form(damaged, key):
    return {
        "api_key": key,
        "service_code": "e9799",
        "lat": "23.365",
        "long": "116.703",
        "description": "有坑",
    }


@pytest.fixture
def outside():
    """Somebody without a session, a cookie or a language of the test's."""
    return Client(HTTP_ACCEPT_LANGUAGE="zh-hans")


@pytest.fixture
def png():
    return pictures.drawn("pothole", "before")


@pytest.fixture
def walk(problem, damaged, roads):
    """A case as far as `upto`, at `step` ten-thousandths of a degree to the east; published."""

    def walked(upto="close", step=0, published="路面有坑", public=True):
        with scope.viewing(scope.system("test")):
            here = replace(problem, lon=problem.lon + step / 10_000, address="金平路3号")
            case = actions.report(here, act=act("report"))
            road = {
                "accept": lambda c: actions.accept(c, act=act("accept", at(2, 9, 5))),
                "file": lambda c: actions.file(c, criterion=damaged, act=act("file", at(2, 9, 10))),
                "dispatch": lambda c: actions.dispatch(
                    c, to=roads, act=act("dispatch", at(2, 9, 15))
                ),
                "feed_back": lambda c: actions.feed_back(
                    c, act=act("feed_back", at(2, 11, 15), note="已修补")
                ),
                "verify": lambda c: actions.verify(c, act=act("verify", at(2, 11, 40))),
                "close": lambda c: actions.close(c, act=act("close", at(2, 11, 50))),
            }
            for verb, step_ in road.items():
                case = step_(case)
                if verb == upto:
                    break
            if public:
                case = actions.publish(
                    case, text=published, act=act("publish", at(2, 12), by="chen", post="intake")
                )
        return case

    return walked
