"""A fixed camera of one box, watching 道路破损 in 金平区, and what it says it saw."""

import itertools
import uuid

import pytest

from changxiao.cases.finds import actions
from changxiao.cases.finds.actions import Sighting
from changxiao.cases.finds.cameras import CameraDraft, set_camera
from changxiao.cases.tests.pages import forget_catalog
from changxiao.catalog.actions import set_policy
from changxiao.kernel.act import Act
from changxiao.orgs.models import Staff
from changxiao.orgs.posts import Post
from tests.support.cast import JINPING

_n = itertools.count(1)


@pytest.fixture
def camera(damaged):
    forget_catalog()
    Staff.objects.create(username="box-1", name="路口一号盒子")
    draft = CameraDraft(
        name="金砂路口东",
        box="box-1",
        lon=JINPING[0],
        lat=JINPING[1],
        address="金砂路与东厦路口",
        classes={"pothole": "e9799", "crack": "e9799"},
    )
    return set_camera("44050011001320000001", draft, act=Act.system("test"))


@pytest.fixture
def see(camera):
    """The camera sees something, `metres` to the north of where it stands."""

    def saw(metres=0, kind="pothole", key=None, **more):
        lon, lat = JINPING
        seen = Sighting(camera=camera, kind=kind, lon=lon, lat=lat + metres / 111_000, **more)
        act = Act(actor="box-1", key=key or str(uuid.uuid4()), digest=f"d{next(_n)}")
        return actions.take_find(seen, act=act)

    return saw


def by(username="chen", post=Post.INTAKE):
    return Act(actor=username, post=post, key=str(uuid.uuid4()))


def policies(**told):
    for key, value in told.items():
        set_policy(key, value=str(value), act=Act.system("test"))
