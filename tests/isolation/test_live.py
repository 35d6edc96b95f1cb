"""Live updates and the map (A-10): whoever looks hears and sees own cases only, by number."""

import gzip

import pytest
from django.utils import timezone

from changxiao.cases import live, points
from changxiao.cases.tests.test_map import unpacked
from changxiao.ledger import sequencer
from changxiao.orgs.access import viewer_for
from changxiao.orgs.models import Staff
from tests.isolation.conftest import SIGNED_IN, sees


@pytest.mark.parametrize("who", SIGNED_IN)
def test_nobody_hears_of_a_foreign_case(world, who):
    sequencer.drain()
    _position, changes = live.after(-1)
    assert {change.number for change in changes} == set(world.cases.values())
    viewer = viewer_for(Staff.objects.get(username=who), timezone.now())

    heard = {change.number for change in live.heard(viewer, changes)}

    assert heard == {world.cases[target] for target in sees(who)}


@pytest.mark.parametrize("who", SIGNED_IN)
def test_nobody_sees_a_foreign_case_on_the_map(desk, world, who):
    points._made.cache_clear()
    everything = ",".join(world.cases.values())
    packed = desk(who, "GET", "/map/points")
    pages = [desk(who, "GET", path) for path in ("/map/", f"/map/rows?number={everything}")]
    own = {world.cases[target] for target in sees(who)}

    assert set(unpacked(gzip.decompress(packed.content))) == own
    for page in pages:
        text = page.content.decode()
        assert {number for number in world.cases.values() if number in text} == own
