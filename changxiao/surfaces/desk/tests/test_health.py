"""What doctor and readyz say of a city that is well, and of one that is not."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import OperationalError

from changxiao.catalog import probes as catalog_probes
from changxiao.kernel.finding import Finding, Level
from changxiao.kernel.worktime import WorkCalendar
from changxiao.ledger import health as ledger_health
from changxiao.ledger import probes
from changxiao.ledger.backup import schedule
from changxiao.ledger.models import Cursor
from changxiao.surfaces.desk import health

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def level(found, name):
    return {one.id: one.level for one in found}[name]


@pytest.fixture
def fresh(monkeypatch):
    monkeypatch.setattr(health, "remembered", health._Remembered())


def test_every_probe_has_an_id_of_its_own_and_a_remedy_where_it_complains(db):
    found = health.findings(NOW)

    assert len({one.id for one in found}) == len(found)
    assert all(one.remedy for one in found if one.level != Level.OK)
    assert level(found, "triggers") == level(found, "write") == Level.OK


def test_a_worker_that_is_not_there_is_an_error_only_while_the_web_serves(db):
    assert probes.jobs(NOW, [], serving=False).level == Level.WARN
    assert probes.jobs(NOW, [], serving=True).level == Level.ERROR


def test_one_late_job_among_punctual_ones_is_an_error(db):
    ledger_health.beat("sequencer", timedelta(seconds=30), NOW)
    assert probes.jobs(NOW, [], serving=True).level == Level.OK

    ledger_health.beat("sweep", timedelta(seconds=30), NOW - timedelta(minutes=10))
    assert probes.jobs(NOW, [], serving=True).level == Level.ERROR


def test_the_write_probe_leaves_nothing_behind(db):
    assert probes.writable().level == Level.OK
    assert not Cursor.objects.exists()


def test_a_database_that_takes_no_writes_is_an_error(db, monkeypatch):
    def locked(**_values):
        raise OperationalError("database is locked")

    monkeypatch.setattr(Cursor.objects, "create", locked)

    assert probes.writable().level == Level.ERROR


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (datetime(2026, 9, 1, tzinfo=UTC), Level.OK),
        (datetime(2026, 10, 3, tzinfo=UTC), Level.WARN),
        (datetime(2027, 1, 5, tzinfo=UTC), Level.WARN),
    ],
)
def test_a_calendar_reaches_ninety_days_ahead(db, today, expected):
    known = WorkCalendar.build("Asia/Shanghai", days={date(2026, 5, 1): False})

    assert catalog_probes.horizon(known, today).level == expected


def test_a_failed_trial_restore_is_an_error(db, monkeypatch, tmp_path):
    monkeypatch.setenv("CHANGXIAO_BACKUPS", str(tmp_path))
    (tmp_path / schedule.name(NOW)).touch()
    schedule.note_rehearsal(tmp_path, schedule.Rehearsal(NOW.isoformat(), "x", False, "chain"))

    found = probes.backups(NOW)

    assert (level(found, "backup"), level(found, "rehearsal")) == (Level.OK, Level.ERROR)


def test_readyz_says_503_and_no_details_while_something_is_wrong(client, db, fresh, monkeypatch):
    wrong = Finding("disk", Level.ERROR, "磁盘空间不足", "secret detail", "remedy")
    monkeypatch.setattr(health, "readiness", lambda now: [wrong])

    answer = client.get("/readyz")

    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert answer.json() == {"ready": False, "findings": [{"id": "disk", "level": "error"}]}


def test_readyz_says_200_with_warnings(client, db, fresh, monkeypatch):
    monkeypatch.setattr(health, "readiness", lambda now: [Finding("backup", Level.WARN, "备份")])

    assert client.get("/readyz").status_code == 200


def test_readyz_asks_once_in_five_seconds_however_often_it_is_asked(client, db, fresh, monkeypatch):
    asked = []
    monkeypatch.setattr(health, "readiness", lambda now: asked.append(now) or [])

    for _time in range(5):
        client.get("/readyz")

    assert len(asked) == 1


def test_a_probe_that_the_database_cannot_answer_is_itself_a_finding():
    def broken():
        raise OperationalError("no such host")

    assert [one.level for one in health._asked(broken)] == [Level.ERROR]
