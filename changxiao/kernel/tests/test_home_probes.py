"""Disk, keys and age of backups, at their bounds."""

from datetime import UTC, datetime, timedelta

import pytest

from changxiao.kernel import home_probes
from changxiao.kernel.finding import Level

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
GIB = 1024**3


@pytest.mark.parametrize(
    ("free", "total", "level"),
    [
        (50 * GIB, 100 * GIB, Level.OK),
        (5 * GIB, 100 * GIB, Level.OK),
        (5 * GIB - 1, 100 * GIB, Level.ERROR),  # under 5 %
        (GIB - 1, 2 * GIB, Level.ERROR),  # half of it, but under 1 GB
    ],
)
def test_a_disk_needs_five_percent_and_a_gigabyte(free, total, level):
    assert home_probes.disk_of(free, total).level == level


def test_a_key_that_others_may_read_is_an_error(tmp_path):
    tmp_path.chmod(0o700)
    key = tmp_path / "django"
    key.write_text("x")
    key.chmod(0o600)
    assert home_probes.keys(tmp_path).level == Level.OK

    key.chmod(0o640)

    found = home_probes.keys(tmp_path)
    assert (found.level, found.detail) == (Level.ERROR, "django")


@pytest.mark.parametrize(
    ("hours", "level"), [(1, Level.OK), (26, Level.OK), (27, Level.WARN), (73, Level.ERROR)]
)
def test_a_backup_grows_stale(hours, level):
    assert home_probes.backup([NOW - timedelta(hours=hours)], NOW).level == level


def test_no_backup_at_all_is_said_with_what_to_do():
    found = home_probes.backup([], NOW)
    assert found.level == Level.WARN
    assert "changxiao backup" in found.remedy
