"""Every operation of the published OpenAPI and of the doors beside it, asked with whatever its
schema allows and more: never a 5xx (reliability.md A-14). CHANGXIAO_SCHEMA_EXAMPLES asks each
operation more often than the suite does."""

import itertools
import os
import warnings

import pytest
from django.core import signals
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, Verbosity, given, settings

from changxiao.cases import actions
from changxiao.cases.finds.tests.conftest import camera
from changxiao.cases.models import Case
from changxiao.cases.tests.pages import forget_catalog, person, signed_in
from changxiao.kernel.home import home
from changxiao.orgs.models import ApiToken, Staff, ThrottleRule
from changxiao.orgs.tokens import digest_of
from changxiao.surfaces.protocols.cloudevents.keys import BOXES
from changxiao.surfaces.protocols.open311.keys import HOLDERS
from changxiao.surfaces.protocols.rest import VIEWERS
from changxiao.surfaces.protocols.wechat.tests.conftest import AES, FILE
from tests import beside_openapi
from tests.support.cast import MONDAY, act

__all__ = ["camera"]

EXAMPLES = int(os.environ.get("CHANGXIAO_SCHEMA_EXAMPLES", "2"))
pytestmark = pytest.mark.django_db
OFTEN = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=EXAMPLES < 10,
    phases=[Phase.generate],
    verbosity=Verbosity.quiet,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def as_system():
    """Over HTTP nobody is the system; the token's holder looks."""


@pytest.fixture
def one_connection():
    """As Django's own test client does: a request does not close the test's connection."""
    told = (signals.request_started, signals.request_finished)
    for signal in told:
        signal.disconnect(close_old_connections)
    yield
    for signal in told:
        signal.connect(close_old_connections)


def bearer(username):
    person(username)
    return {"Authorization": f"Bearer {token(username, 'api')}"}


def operations(told=None):
    """Of the document we publish, or of one of our own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import schemathesis

        from changxiao.wsgi import application

        if told is None:
            found = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
        else:
            found = schemathesis.openapi.from_dict(told)
            found.app = application
        return [one.ok() for one in found.get_all_operations()]


@pytest.fixture
def number(city, problem, damaged, one_connection):
    """Of a case that there is; nobody is held back, nothing is remembered from another test."""
    from changxiao.kernel import scope
    from changxiao.orgs import throttle

    forget_catalog()
    for memory in (VIEWERS, HOLDERS, BOXES):
        memory.clear()
    for name in ("staff", "open311", "open311_ip", "camera", "camera_ip", "wechat"):
        ThrottleRule.objects.create(scope=name, limit=10**9, window=60)
    throttle.forget_rules()
    with scope.viewing(scope.system("test")):
        yield actions.report(problem, act=act("report", by="app")).number
    throttle.forget_rules()


def test_no_operation_breaks_whoever_asks(number):
    who = itertools.cycle([{"headers": bearer(name)} for name in ("chen", "li", "zhao")])
    asked, broken = set(), []
    for operation in operations():
        _asked(operation, number, who.__next__, asked, broken)

    assert not broken, broken[:3]
    assert len(asked) > 40 and Case.everything.filter(number=number).exists()


def test_no_door_beside_it_breaks_either(number, camera, wechat):
    box = f"Bearer {token('box-1', 'camera')}"
    events = ({"Content-Type": kind} for kind in beside_openapi.EVENT_TYPES)
    doors = {
        "/open311/": [{"headers": {"Authorization": f"Bearer {token('app', 'open311')}"}}],
        "/cloudevents/media": [{"headers": {"Authorization": box}}],
        "/cloudevents/": [{"headers": {"Authorization": box} | kind} for kind in events],
        "/field/": [session("wang")],
        "/wechat/": [{}],
    }
    asked, broken = set(), []
    for operation in operations(beside_openapi.document(number)):
        door = next(one for one in doors if operation.path.startswith(one))
        _asked(operation, number, itertools.cycle(doors[door]).__next__, asked, broken)

    assert not broken, broken[:3]
    assert len(asked) == sum(len(verbs) for verbs in beside_openapi.PATHS.values())
    assert Case.everything.filter(number=number).exists()


def token(username, kind):
    """Of a program that speaks as that member of staff."""
    staff, _made = Staff.objects.get_or_create(username=username, defaults={"name": username})
    held = f"{kind}-{username}"
    ApiToken.objects.create(staff=staff, kind=kind, digest=digest_of(held), created_at=MONDAY)
    return held


def session(username):
    """A collector's phone: its cookies, and the token that its page sends along."""
    from django.conf import settings as ours
    from django.middleware.csrf import _get_new_csrf_string

    cookies, secret = signed_in(username, area="440511").cookies, _get_new_csrf_string()
    told = {ours.SESSION_COOKIE_NAME: cookies[ours.SESSION_COOKIE_NAME].value}
    told[ours.CSRF_COOKIE_NAME] = secret
    return {"headers": {"X-CSRFToken": secret}, "cookies": told}


@pytest.fixture
def wechat():
    """The account `town`; what WeChat seals is asked in its own tests."""
    path = home() / "wechat" / "town.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(FILE.format(aes=AES, base="http://127.0.0.1:9"))
    yield
    path.unlink()


def _asked(operation, number, who, asked, broken):
    turn = itertools.count()

    @OFTEN
    @given(case=operation.as_strategy())
    def ask(case):
        asked.add(operation.label)
        # Half of them about a case that there is, else every answer would be 404.
        if "number" in (case.path_parameters or {}) and next(turn) % 2:
            case.path_parameters["number"] = number
        answer = case.call(**who())
        if answer.status_code >= 500:
            broken.append((operation.label, case.as_curl_command(), answer.status_code))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ask()
