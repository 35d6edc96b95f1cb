"""`changxiao init`: one city, once."""

import json

import pytest
from click.testing import CliRunner

from changxiao.areas.models import HomeCity
from changxiao.cli.init import init
from changxiao.kernel.refused import Refused

pytestmark = pytest.mark.django_db


def test_a_city_is_set_up_and_the_second_time_adds_nothing():
    first = json.loads(CliRunner().invoke(init, ["--city", "syracuse", "--json"]).stdout)
    assert first["city"] == "367300" and first["districts"] == 4

    again = json.loads(CliRunner().invoke(init, ["--city", "syracuse", "--json"]).stdout)
    assert {count for name, count in again.items() if name not in {"city", "name"}} == {0}


def test_a_second_city_is_refused_and_the_first_stays():
    CliRunner().invoke(init, ["--city", "syracuse"])
    done = CliRunner().invoke(init, ["--city", "chicago"])
    assert isinstance(done.exception, Refused) and done.exception.code == "home_taken"
    assert HomeCity.objects.get().code == "367300"


def test_an_unknown_city_is_refused_before_anything_is_made():
    done = CliRunner().invoke(init, ["--city", "nowhere"])
    assert isinstance(done.exception, Refused) and not HomeCity.objects.exists()
