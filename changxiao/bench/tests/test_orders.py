"""Bench `orders`: its sheet is one that intake takes, every row of it."""

import pytest

from changxiao.areas.locate import locator
from changxiao.bench import orders
from changxiao.workorders import intake, reading, sources
from changxiao.workorders.models import OrderBatch
from tests.support.cast import JINPING

PLACE = "金平区金东街道北墩"


@pytest.mark.django_db
def test_every_row_of_the_sheet_can_be_taken(city, damaged):
    assert locator().at(*JINPING)
    data = orders.sheet(30, [PLACE], ["道路破损"])

    batch = intake.receive(sources.of("12345"), data, "orders.csv", post="intake")

    assert (batch.state, batch.good, batch.bad) == (OrderBatch.State.DRAFT, 30, 0)
    assert len(list(reading.table(data, "orders.csv"))) == 31
    assert [number for number, _body in orders._rows(data)][::29] == ["GD000000", "GD000029"]
