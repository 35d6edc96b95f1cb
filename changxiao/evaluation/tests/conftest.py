"""A March with two departments: 市政道路处 three on time of four, 园林绿化处 two of two."""

import pytest

from changxiao.cases.tests.pages import forget_catalog
from changxiao.evaluation import actions
from changxiao.evaluation.tests.rounds import SCHEME, did, drafted, handled


@pytest.fixture
def march(problem, damaged, roads, parks):
    forget_catalog()
    for day in (2, 3, 4):
        handled(problem, damaged, roads, day=day)
    handled(problem, damaged, roads, day=5, hour=17)
    for day in (2, 3):
        handled(problem, damaged, parks, day=day)
    yield
    forget_catalog()


@pytest.fixture
def scheme(city):
    return actions.save_scheme(text=SCHEME, act=did())


@pytest.fixture
def draft(march, scheme):
    return drafted(scheme)


@pytest.fixture
def published(draft):
    return actions.publish(draft, act=did())
