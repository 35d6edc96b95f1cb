"""真实清单: three cities' own lists, some hundred rows each; whole ones in the slow runs."""

import pytest

from changxiao.cases.importing.tests.conftest import home_of
from changxiao.cases.models import Case

CHICAGO = "chicago_sanitation_to_2013-06.csv.gz"
DC = "dc311_2014_with_due_dates.csv.gz"
SYRACUSE = "syracuse_potholes_filled_2016.csv.gz"


def test_chicago_begins_without_a_flaw(db, take_real):
    home_of("chicago")
    told = take_real("chicago-sanitation", CHICAGO, 60)

    assert (told.rows, told.accepted, told.refused) == (60, 60, 0)


def test_dc_agrees_with_its_published_due_times(db, take_real):
    home_of("dc")
    told = take_real("dc311", DC, 60)

    assert told.overdue.as_dict() == {"agree": 59, "differ": 0, "source_contradicts": 1}


def test_syracuse_is_corrected_and_says_so(db, take_real):
    home_of("syracuse")
    told = take_real("syracuse-potholes", SYRACUSE, 40)

    assert told.accepted == 40
    assert len(told.notices) == 1
    assert all(lon < 0 < lat for lon, lat in Case.everything.values_list("lon", "lat"))


@pytest.mark.slow
def test_dc_whole(db, take_real):
    home_of("dc")
    told = take_real("dc311", DC, None)

    assert (told.rows, told.accepted, told.refused) == (700, 696, 4)
    assert told.overdue.as_dict() == {"agree": 692, "differ": 0, "source_contradicts": 4}
