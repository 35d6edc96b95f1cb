"""A-22: a backup made under load builds the city again; a flipped bit in it is found (P21)."""

import json
import random
import shutil
import time

import pytest

from changxiao.bench.torture import Harness, Plan
from changxiao.bench.torture_city import COMMAND, City, run
from changxiao.cli.run import web_command

from .conftest import SEED

# In one process: the backup under load is made once.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("a22")]
FLIPS = 3


def changxiao(home, *arguments):
    return run(home, *COMMAND[1:], *arguments)


@pytest.fixture(scope="module")
def under_load(city_template, tmp_path_factory):
    """A backup that was made while eight clients reported, and what was acknowledged before it."""
    folder = tmp_path_factory.mktemp("a22")
    home = shutil.copytree(city_template, folder / "home")
    harness = Harness(Plan("A-01", 0, SEED), City(home, web_command))
    try:
        harness.boot()
        assert harness.warm.wait(30)
        time.sleep(1)
        before = harness.acked()
        done = changxiao(home, "backup", "--to", str(folder / "b.tar.gz"), "--json")
        after = harness.acked()
        harness.drain()
    finally:
        harness.city.kill()
    assert done.returncode == 0, done.stderr
    assert len(after) > len(before) > 0, "the city went on while the backup was made"
    return folder / "b.tar.gz", json.loads(done.stdout), set(before)


def test_a_backup_made_under_load_builds_the_city_again(under_load, tmp_path):
    file, made, before = under_load

    done = changxiao(
        tmp_path / "other", "restore", str(file), "--into", str(tmp_path / "new"), "--json"
    )

    told = json.loads(done.stdout)
    assert (done.returncode, told["verified"]) == (0, True), done.stderr
    assert told["facts"] == made["facts"]
    looked = run(tmp_path / "new", "-m", "changxiao.bench.torture_home", "look")
    found = json.loads(looked.stdout)
    assert before <= set(found["cases"])
    assert (found["integrity"], found["rows_without_file"]) == ("ok", 0)


def test_a_restore_tells_how_much_would_be_lost(under_load, tmp_path):
    file, made, _before = under_load

    done = changxiao(tmp_path / "other", "restore", str(file), "--into", str(tmp_path / "new"))

    assert made["facts"]["newest_at"] in done.stdout
    assert json.loads(json.dumps(made))["rpo_seconds"] <= 60


def test_random_flipped_bits_are_found_before_anything_is_restored(under_load, tmp_path):
    good, chance = under_load[0].read_bytes(), random.Random(SEED)
    file = tmp_path / "flipped.tar.gz"
    for number in range(FLIPS):
        bad = bytearray(good)
        bad[chance.randrange(len(bad))] ^= 1 << chance.randrange(8)
        file.write_bytes(bad)
        new = tmp_path / f"new{number}"
        done = changxiao(tmp_path / "other", "restore", str(file), "--into", str(new))
        assert done.returncode == 2, done.stdout
        assert not (new / "changxiao.sqlite3").exists()


def test_a_backup_is_not_restored_over_a_city(under_load, city_template, tmp_path):
    home = shutil.copytree(city_template, tmp_path / "home")
    done = changxiao(home, "restore", str(under_load[0]))

    assert done.returncode == 2
    assert "--into" in done.stderr
