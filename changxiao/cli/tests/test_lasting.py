"""`changxiao lasting` and `changxiao forecast`, as one types them: on real lists and bad ones."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from changxiao.cli.lasting import forecast, lasting
from changxiao.kernel.refused import Refused

CHICAGO = (
    "--kind nature_of_violation --found created_date --closed completed_date --lon lon --lat lat"
)
NAMES = "--kind kind --found found --closed closed --lon lon --lat lat"
HEAD = "kind,found,closed,lon,lat,street,channel\n"
GOOD = (
    HEAD
    + "litter,2026-01-01,2026-01-02,116.70,23.35,A,public\n"
    + "litter,2026-01-12,2026-01-13,116.70,23.35,A,patrol\n"
    + "litter,2026-03-01,,116.75,23.35,B,public\n"
)


def run(command, *words):
    return CliRunner().invoke(command, words)


def rows(ran):
    return list(csv.DictReader(io.StringIO(ran.stdout)))


@pytest.fixture
def listed(tmp_path):
    def write(text, name="list.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_what_came_back_is_told_of_each_street(listed):
    ran = run(lasting, "--csv", listed(GOOD), *NAMES.split(), "--by", "street")

    assert ran.exit_code == 0, ran.stderr
    one, other = rows(ran)
    assert (one["group"], one["closed"], one["again"], one["percent"]) == ("A", "2", "1", "50.00")
    assert one["kept_30"] == "50.00"
    assert (other["group"], other["closed"], other["percent"]) == ("B", "0", "")


def test_only_named_channels_count_as_a_recurrence(listed):
    asked = ["--channel", "channel", "--count", "public", "--json"]
    ran = run(lasting, "--csv", listed(GOOD), *NAMES.split(), *asked)

    (told,) = json.loads(ran.stdout)
    assert (told["closed"], told["again"]) == (2, 0)


def test_a_kind_has_a_reach_of_its_own(listed):
    reach = listed("kind,metres,days\nlitter,50,5\n", "reach.csv")
    ran = run(lasting, "--csv", listed(GOOD), *NAMES.split(), "--reach", reach)
    assert rows(ran)[0]["again"] == "0"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("litter,last week,,116.7,23.3,A,public", "found“last week”不是时间"),
        ("litter,2026-01-01,soon,116.7,23.3,A,public", "closed“soon”不是时间"),
        ("litter,2026-01-01,,east,23.3,A,public", "lon“east”不是经纬度"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_left_out(listed, cells, said):
    ran = run(lasting, "--csv", listed(GOOD + cells + "\n"), *NAMES.split())

    assert ran.exit_code == 1
    assert "第 5 行" in ran.stderr
    assert said in ran.stderr
    assert rows(ran)[0]["closed"] == "2"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--count", "public"], "须同时给出"),
        (["--metres", "0"], "metres"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(listed, words, said):
    ran = run(lasting, "--csv", listed(GOOD), *NAMES.split(), *words)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert said in ran.stderr


def test_a_file_without_the_column_says_which(listed):
    ran = run(lasting, "--csv", listed(GOOD), *NAMES.split(), "--kind", "sort")
    assert isinstance(ran.exception, Refused)
    assert (ran.exception.code, ran.exception.field) == ("column_missing", "sort")


def test_a_reach_of_nothing_is_refused(listed):
    reach = listed("kind,metres,days\nlitter,50,0\n", "reach.csv")
    ran = run(lasting, "--csv", listed(GOOD), *NAMES.split(), "--reach", reach)
    assert "第 2 行" in ran.exception.sentence
    assert ran.stdout == ""


def test_chicago_by_ward_and_by_kind(outside_data):
    """46,432 rows, 46,346 numbers: docs/lasting-effect.md prints these."""
    path = str(outside_data / "civic311" / "chicago_sanitation_to_2013-06.csv.gz")
    asked = ["--csv", path, *CHICAGO.split(), "--number", "request_number"]
    wards = rows(run(lasting, *asked, "--by", "ward"))
    kinds = {row["group"]: row for row in rows(run(lasting, *asked, "--by", "nature_of_violation"))}

    counted = [
        (sum(int(row[n]) for row in table))
        for table in (wards, kinds.values())
        for n in ("closed", "again")
    ]
    assert counted == [43514, 4564, 43514, 4564]
    assert kinds["Dumpster not being emptied"]["percent"] == "13.76"
    assert kinds["Standing water"]["percent"] == "4.71"


def test_chicago_next_week(outside_data):
    path = str(outside_data / "civic311" / "chicago_sanitation_to_2013-06.csv.gz")
    asked = ["--csv", path, "--found", "created_date", "--by", "ward"]
    told = rows(run(forecast, *asked, "--number", "request_number", "--since", "2011-01-01"))

    assert {row["week"] for row in told} == {"2013-06-24"}
    assert all(int(row["low"]) <= float(row["expected"]) <= int(row["high"]) for row in told)


def test_too_little_to_forecast_by_says_how_much_is_needed(listed):
    ran = run(forecast, "--csv", listed(GOOD), "--found", "found")
    assert ran.exception.code == "weeks_few"
    assert "至少要 78 周" in ran.exception.sentence
