"""A missed report is the collector's who walked there, while it stands."""

import pytest

from changxiao.evaluation.facts import store
from changxiao.evaluation.feed import reading
from changxiao.evaluation.feed.checking import check
from changxiao.evaluation.feed.export import export
from changxiao.ledger import log
from changxiao.orgs.posts import Post
from changxiao.patrols import actions
from changxiao.patrols.models import MissedReport
from changxiao.patrols.tests.conftest import (  # noqa: F401 - fixtures
    _monday,
    did,
    found,
    grid,
    must_find,
    own,
    walked,
    wang,
)
from changxiao.patrols.tests.test_missed import intake, proposed  # noqa: F401 - fixture
from tests.support.cast import at


def told(folder):
    """Whether the facts call the case missed, and by whom; the tables must say the same."""
    export(folder)
    assert list(check(store.opened(folder))) == []
    [one] = reading.folded("440500", log.size())
    return one.case["missed"], [row["person"] for row in one.tasks if row["kind"] == "miss"]


@pytest.mark.parametrize("judged", ["uphold_missed", "overturn_missed"])
def test_it_counts_from_its_confirmation_on_but_not_while_it_is_objected_to(
    proposed,  # noqa: F811
    tmp_path,
    judged,
):
    assert told(tmp_path) == (False, [])
    row = actions.confirm_missed(proposed, act=intake())
    assert told(tmp_path) == (True, ["wang"])

    with own():
        row = MissedReport.objects.get(pk=row.pk)
        act = did("wang", Post.COLLECTOR, at(3, 10), "当时被车挡住")
        row = actions.object_missed(row, act=act)
    assert told(tmp_path) == (False, [])

    getattr(actions, judged)(row, act=intake("lin", at(3, 11), "现场照片为证"))
    stands = judged == "uphold_missed"
    assert told(tmp_path) == (stands, ["wang"] if stands else [])


def test_what_was_dismissed_never_counted(proposed, tmp_path):  # noqa: F811
    actions.dismiss_missed(proposed, act=intake())

    assert told(tmp_path) == (False, [])
