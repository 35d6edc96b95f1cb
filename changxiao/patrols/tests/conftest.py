"""One duty grid where the known problem lies, its collector, and the policies of missed reports."""

import itertools
from dataclasses import replace

import pytest
import time_machine

from changxiao.areas.locate import locator
from changxiao.areas.models import Community, District, DutyGrid, Subdistrict
from changxiao.cases import actions as cases
from changxiao.cases.tests.pages import forget_catalog, person
from changxiao.catalog.models import CityPolicy
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.scope import Grant, Viewer
from changxiao.orgs.posts import Post
from changxiao.patrols import actions
from tests.support.cast import JINPING, act, at

_keys = itertools.count(1)


@pytest.fixture(autouse=True)
def _monday():
    forget_catalog()
    with time_machine.travel(at(2, 12), tick=False):
        yield
    forget_catalog()


@pytest.fixture
def grid(city):
    return laid_out()


def laid_out():
    """责任网格 around JINPING, and another beside it."""
    place = locator().at(*JINPING)
    box = {"west": 116.7, "east": 116.71, "south": 23.36, "north": 23.37, "outline": "[]"}
    common = {"scheme": "generated", **box}
    code = place.community_code
    district = District.objects.create(code=code[:6], name="金平区", **common)
    street = Subdistrict.objects.create(code=code[:9], name="街道", district=district, **common)
    home = Community.objects.create(code=code, name="社区", subdistrict=street, **common)
    DutyGrid.objects.create(code=f"{code}Z99", name="99", community=home, **common)
    return DutyGrid.objects.create(code=place.duty_grid, name="01", community=home, **common)


@pytest.fixture
def wang(grid):
    return person("wang", area=grid.code)


def own(staff="wang", area=""):
    """As the collector himself looks."""
    return scope.viewing(Viewer("staff", staff, (Grant(Post.COLLECTOR, area),)))


def did(by="wang", post=Post.COLLECTOR, when=None, note="", key=None):
    when, key = when or at(2, 9), key or f"walk-key-{next(_keys):05d}"
    return Act(actor=by, post=post, key=key, at=when, origin="test", note=note)


@pytest.fixture
def walked(wang, grid):
    """王监督 walked his grid from nine to half past."""
    with own(area=grid.code):
        patrol = actions.start_patrol(grid=grid.code, act=did(when=at(2, 9)))
        return actions.finish_patrol(patrol, act=did(when=at(2, 9, 30)))


@pytest.fixture
def must_find(damaged):
    CityPolicy.objects.create(key="missed_kinds", value="e9799 c0101")
    forget_catalog()


@pytest.fixture
def found(problem, damaged):
    """A case of others, filed: reported at the given time by the given channel."""

    def one(when=None, channel="hotline", **more):
        when = when or at(2, 10)
        told = replace(problem, channel=channel, **more)
        case = cases.report(told, act=act("report", when))
        case.confirmation = "real"
        case.save()
        cases.accept(case, act=act("accept", at(2, 19)))
        return cases.file(case, criterion=damaged, act=act("file", at(2, 19, 10)))

    return one
