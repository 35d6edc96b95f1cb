"""Long lists: written by a process of their own, told as they grow, opened by their asker alone."""

import io
import subprocess
import sys
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from changxiao.kernel.spreadsheet import Column, Sheet, neutral, write
from changxiao.ledger.models import Entry
from changxiao.orgs import downloads
from changxiao.orgs.models import Appointment, Download, Staff
from changxiao.orgs.posts import Post

State = Download.State


def person(username, post=Post.CITY_ADMIN):
    staff = Staff.objects.create(username=username, name=username)
    Appointment.objects.create(staff=staff, post=post, since_date="2020-01-01")
    client = Client()
    client.force_login(staff, "django.contrib.auth.backends.ModelBackend")
    return staff, client


@pytest.fixture
def lin(db):
    return person("lin")


@pytest.fixture
def long(monkeypatch, lin):
    """Every list is long, so that a few rows take the long road."""
    monkeypatch.setattr(downloads, "AT_ONCE", 0)
    monkeypatch.setattr(downloads.subprocess, "Popen", Started)
    downloads._running.clear()
    Started.calls.clear()
    return lin


class Started:
    """A process that was started and never ends by itself."""

    calls = []

    def __init__(self, command):
        self.calls.append(command)

    def poll(self):
        return None


def asked(client):
    answer = client.get("/downloads/list/people.xlsx")
    return answer, Download.objects.order_by("-pk").first()


def rows_of(answer):
    return list(openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active.values)


def test_a_short_list_is_the_file_itself_and_an_entry(lin):
    _staff, client = lin
    answer = client.get("/downloads/list/people.xlsx")

    assert rows_of(answer)[2][0] == "lin"
    entry = Entry.objects.get(verb="export")
    assert (entry.stream, entry.data["list"]) == ("export:lin", "people")
    assert not Download.objects.exists()


def test_a_long_list_is_written_told_and_fetched(long):
    _staff, client = long
    answer, row = asked(client)
    assert answer["Location"] == f"/downloads/{row.pk}/"
    assert "正在排队" in client.get(answer["Location"]).content.decode()

    downloads.sweep(timezone.now())
    assert Started.calls[0][-1] == str(row.pk)
    downloads.make(row.pk)

    row.refresh_from_db()
    assert (row.state, row.done) == (State.READY, row.total)
    assert "下载 xlsx" in client.get(answer["Location"]).content.decode()
    assert rows_of(client.get(f"/downloads/{row.pk}/file"))[2][0] == "lin"
    assert downloads.path_of(row).stat().st_mode & 0o077 == 0


def test_nobody_else_opens_it(long):
    _staff, client = long
    _answer, row = asked(client)
    downloads.make(row.pk)
    _other, stranger = person("stranger")

    for path in (f"/downloads/{row.pk}/", f"/downloads/{row.pk}/file"):
        never = path.replace(str(row.pk), "999999")
        assert stranger.get(path).status_code == stranger.get(never).status_code == 404
        assert Client().get(path).status_code == 302
        answer = client.get(path)
        assert answer.status_code == 200
        b"".join(answer)  # read to its end, a file is closed


def test_it_is_written_with_the_rights_of_that_moment(long):
    staff, client = long
    _answer, row = asked(client)
    Appointment.objects.filter(staff=staff).update(until_date="2021-01-01")

    from django.core.exceptions import PermissionDenied

    with pytest.raises(PermissionDenied):
        downloads.make(row.pk)
    assert not downloads.path_of(row).exists()
    assert client.get(f"/downloads/{row.pk}/file")["Location"] == f"/downloads/{row.pk}/"


def test_one_is_written_at_a_time_in_the_order_of_asking(long):
    _staff, client = long
    first, second = asked(client)[1], asked(client)[1]

    downloads.sweep(timezone.now())
    downloads.sweep(timezone.now())

    assert [command[-1] for command in Started.calls] == [str(first.pk)]
    states = dict(Download.objects.values_list("pk", "state"))
    assert states == {first.pk: State.RUNNING, second.pk: State.WAITING}


def test_what_stands_still_is_tried_once_more_and_then_given_up(long):
    _staff, client = long
    _answer, row = asked(client)
    now = timezone.now()
    for expected in (State.RUNNING, State.RUNNING, State.FAILED):
        downloads._running.clear()
        downloads.sweep(now)
        row.refresh_from_db()
        assert row.state == expected
        now += downloads.STUCK + timedelta(seconds=1)

    assert row.tries == 2
    assert "没有写成" in client.get(f"/downloads/{row.pk}/").content.decode()


def test_after_a_day_it_is_gone(long):
    _staff, client = long
    _answer, row = asked(client)
    downloads.make(row.pk)
    path = downloads.path_of(row)
    assert path.exists()

    downloads.sweep(timezone.now() + downloads.KEPT + timedelta(minutes=1))
    assert not path.exists() and not Download.objects.exists()
    assert client.get(f"/downloads/{row.pk}/").status_code == 404


def test_the_time_left_follows_from_the_pace(db, lin):
    now = timezone.now()
    row = Download(total=300, done=100, started_at=now - timedelta(seconds=5))

    assert row.seconds_left(now) == 10
    assert Download(total=300, done=0, started_at=now).seconds_left(now) is None


TAKES = {
    "people": {Post.CITY_ADMIN, Post.SECURITY_ADMIN, Post.AUDITOR},
    "exceptional": {Post.CENTER_DIRECTOR, Post.COMMAND_DIRECTOR, Post.LEADER, Post.AUDITOR},
}


@pytest.mark.parametrize("post", sorted(Post))
@pytest.mark.parametrize("name", ["people", "exceptional", "units", "components", "emergencies"])
def test_who_may_take_which_list(db, name, post):
    _staff, client = person("somebody", post)
    expected = 200 if post in TAKES.get(name, set(Post)) else 403

    answer = client.get(f"/downloads/list/{name}.xlsx")
    assert answer.status_code == expected
    b"".join(answer)
    assert Entry.objects.filter(verb="export").count() == (expected == 200)


def test_an_unknown_list_is_not_found(lin):
    assert lin[1].get("/downloads/list/passwords.xlsx").status_code == 404


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_text_becomes_a_formula(text):
    file = io.BytesIO()
    write(file, Sheet("表", "头", [Column("列")], [1], lambda keys: [[text] for _key in keys]))

    cell = openpyxl.load_workbook(io.BytesIO(file.getvalue())).active.cell(3, 1)
    assert (cell.value.lstrip("'").strip(), cell.data_type) == (text.strip(), "s")
    assert neutral(text) == f"'{text}"


def test_the_command_of_the_worker_says_what_is_not_there(real_database):
    done = subprocess.run(
        [sys.executable, "-c", downloads._MAKE, "12345"],
        env=real_database.environment,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert "12345" in done.stderr.decode()


@pytest.mark.parametrize("text", ["", "李明", "2026-03-02", "a=b"])
def test_what_no_spreadsheet_would_run_stays_as_it_is(text):
    assert neutral(text) == text
