"""A box with a token of its own, sending through the real SDK of CloudEvents."""

import base64
import itertools

import pytest
from cloudevents.core.bindings.http import to_structured_event
from cloudevents.core.v1.event import CloudEvent
from django.test import Client

from changxiao.cases.finds.tests.conftest import camera  # noqa: F401 - the cast's
from changxiao.cases.samples import pictures
from changxiao.orgs.models import ApiToken, Staff
from changxiao.orgs.tokens import digest_of
from changxiao.surfaces.protocols.cloudevents.keys import BOXES
from changxiao.surfaces.protocols.cloudevents.reading import TYPE
from tests.support.cast import MONDAY

_n = itertools.count(1)


@pytest.fixture
def as_system():
    """Over HTTP nobody is the system: the token says who speaks."""


@pytest.fixture(autouse=True)
def _by_their_own_door(settings):
    settings.MIDDLEWARE = settings.PROGRAM_MIDDLEWARE
    BOXES.clear()


def token_of(username, kind="camera"):
    staff, _made = Staff.objects.get_or_create(username=username, defaults={"name": username})
    ApiToken.objects.create(
        staff=staff, kind=kind, digest=digest_of(f"{kind}-{username}"), created_at=MONDAY
    )
    return f"{kind}-{username}"


@pytest.fixture
def box(camera):  # noqa: F811
    """The box at the crossing, with its token."""
    token = token_of("box-1")
    return Client(HTTP_ACCEPT_LANGUAGE="zh-hans", headers={"Authorization": f"Bearer {token}"})


def event(data=None, **attributes):
    told = {
        "type": TYPE,
        "source": "urn:camera:box-1",
        "id": f"e{next(_n)}",
        "datacontenttype": "application/json",
    }
    told |= attributes
    return CloudEvent(told, {"class": "pothole", "confidence": 0.91} if data is None else data)


def send(client, one, mode=to_structured_event):
    made = mode(one)
    headers = {name: value for name, value in made.headers.items() if name != "content-type"}
    return client.generic(
        "POST", "/cloudevents/", made.body, made.headers["content-type"], headers=headers
    )


def picture(**more):
    told = base64.b64encode(pictures.drawn("pothole", "before")).decode()
    return {"type": "image/png", "base64": told} | more
