"""Writers queue fairly, and a store that is away says so in a way that can be retried."""

import fcntl
import sqlite3
import threading
import time

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError
from django.test import RequestFactory

from changxiao.kernel.middleware import UnavailableMiddleware
from changxiao.kernel.transactions import HouseLock, TurnLock
from changxiao.kernel.unavailable import Unavailable, translate


def test_writers_go_in_the_order_in_which_they_came():
    lock, order = TurnLock(), []

    def write(number):
        assert lock.acquire(5)
        order.append(number)
        lock.release()

    lock.acquire(1)
    threads = [threading.Thread(target=write, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
        time.sleep(0.02)
    lock.release()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_the_holder_enters_again_and_leaves_as_often():
    lock = TurnLock()
    assert lock.acquire(1) and lock.acquire(1)
    lock.release()
    other = []
    thread = threading.Thread(target=lambda: other.append(lock.acquire(0.01)))
    thread.start()
    thread.join()
    assert other == [False]
    lock.release()
    assert lock.acquire(0)


@pytest.fixture
def processes():
    """Each opens the lock's files for itself, as processes do."""
    locks = [HouseLock() for _ in range(3)]
    yield locks
    for file in [file for lock in locks for file in lock._files.values()]:
        file.close()


def test_a_process_with_more_to_write_comes_after_the_one_that_waits(processes):
    busy, waiting, other = processes
    done = threading.Event()

    def write():
        assert waiting.acquire(5)
        done.wait(5)
        waiting.release()

    assert busy.acquire(0)
    thread = threading.Thread(target=write)
    thread.start()
    while _gate_is_open(other):
        time.sleep(0.001)
    busy.release()
    assert not busy.acquire(0)  # whether the one that waits has the lock by now, or only the gate
    done.set()
    assert busy.acquire(5)
    busy.release()
    thread.join()


def _gate_is_open(lock):
    gate = lock._opened("write.gate")
    try:
        fcntl.flock(gate, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(gate, fcntl.LOCK_UN)
    return True


def test_whoever_waits_in_vain_leaves_the_gate_open(processes):
    holder, late, next_one = processes
    assert holder.acquire(1)
    assert not late.acquire(0.01)
    holder.release()
    assert next_one.acquire(0)
    next_one.release()


@pytest.mark.parametrize(
    "words", ["database is locked", "database or disk is full", "disk I/O error"]
)
def test_a_locked_or_full_store_is_told_to_come_back(words):
    known = translate(OperationalError(words))
    assert known is not None and known.retry_after == 5


@pytest.mark.parametrize(
    "fault", [IntegrityError("UNIQUE"), OperationalError("no such table: x"), ValueError("x")]
)
def test_a_fault_of_ours_is_not_called_unavailable(fault):
    assert translate(fault) is None


@pytest.mark.parametrize(("state", "away"), [("57P03", True), ("53100", True), ("42601", False)])
def test_postgres_tells_by_its_state(state, away):
    cause = sqlite3.Error()
    cause.sqlstate = state
    error = DatabaseError("x")
    error.__cause__ = cause
    assert (translate(error) is not None) is away


@pytest.mark.parametrize(("path", "kind"), [("/api/v1/cases", "problem+json"), ("/", "text/html")])
def test_an_unavailable_store_answers_503_with_a_time_to_come_back(path, kind):
    layer = UnavailableMiddleware(lambda request: None)
    answer = layer.process_exception(RequestFactory().get(path), Unavailable(7))
    assert (answer.status_code, answer["Retry-After"]) == (503, "7")
    assert kind in answer["Content-Type"]


def test_other_errors_pass_the_middleware_by():
    layer = UnavailableMiddleware(lambda request: "answer")
    assert layer.process_exception(RequestFactory().get("/"), ValueError()) is None
    assert layer(None) == "answer"
