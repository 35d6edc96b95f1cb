"""消费者: who hears of entries, each with a gapless cursor over their order (P15, A-08).

A consequence and the step of its cursor are one transaction: whoever is killed in between has done
neither. An entry that fails five times is parked with an alarm, and the consumer goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import F
from django.utils.module_loading import import_string

from changxiao.kernel.transactions import writing
from changxiao.kernel.unavailable import Unavailable, translate
from changxiao.ledger.models import Cursor, Entry, Leaf, Parked

logger = logging.getLogger(__name__)

BATCH = 500
TRIES = 5
_FIRST_PAUSE = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Consumer:
    """消费者: `function(entry)` (dotted name) hears of these verbs; no verbs means all of them.

    `from_now` starts a new consumer at the end of the log, else it hears the whole past. The
    function runs inside the transaction of the cursor: it changes rows, and spawns what takes long.
    `concerns` (dotted, of an entry) is asked before: what does not concern it takes no turn.
    `many`: it takes a list of entries, at most `at_once`, reads what it needs before the writers'
    turn and answers what then is to be written (None: nothing), in one transaction; a list that
    fails is gone through singly, so that only the poisoned entry is set aside. What it read may be
    older than the turn: it must be such that the next entry of the same stream mends it.
    """

    name: str
    verbs: frozenset[str]
    function: str
    from_now: bool = False
    many: bool = False
    concerns: str = ""
    at_once: int = BATCH

    def hears(self, verb: str) -> bool:
        return not self.verbs or verb in self.verbs


def deliver(consumers: Iterable[Consumer], now: datetime) -> int:
    """投递: one batch to each consumer that is not pausing; how many consequences happened.

    Those who had nothing to write step on together: each alone would take a turn of the writers.
    """
    passed: list[tuple[Cursor, int]] = []
    done = sum(_feed(consumer, now, passed) for consumer in consumers)
    if passed:
        with writing():
            for cursor, position in passed:
                _step(cursor, position)
    return done


def lag(consumer: Consumer) -> int:
    """落后: entries in the tree that this consumer has not passed."""
    top = Leaf.objects.order_by("-index").values_list("index", flat=True).first()
    return (-1 if top is None else top) + 1 - _cursor(consumer).position


def _feed(consumer: Consumer, now: datetime, passed: list[tuple[Cursor, int]]) -> int:
    cursor = _cursor(consumer)
    if cursor.retry_at is not None and cursor.retry_at > now:
        return 0
    leaves = Leaf.objects.filter(index__gte=cursor.position).order_by("index")
    batch = list(leaves.values_list("index", "entry_id", "entry__verb")[:BATCH])
    heard = [(index, entry_id) for index, entry_id, verb in batch if consumer.hears(verb)]
    if consumer.concerns:
        heard = _concerned(consumer, heard)
    done = 0
    while some := heard[done : done + (consumer.at_once if consumer.many else 1)]:
        if consumer.many and _hand_over_all(consumer, cursor, some):
            done += len(some)
            continue
        for place in some:
            if not _hand_over(consumer, cursor, place, now):
                return done
            done += 1
    if batch and cursor.position <= batch[-1][0]:
        passed.append((cursor, batch[-1][0] + 1))
    return done


def _concerned(consumer: Consumer, heard: list[tuple[int, int]]) -> list[tuple[int, int]]:
    concerns: Callable[[Entry], bool] = import_string(consumer.concerns)
    entries = Entry.objects.in_bulk([entry_id for _index, entry_id in heard])
    return [(index, entry_id) for index, entry_id in heard if concerns(entries[entry_id])]


def _cursor(consumer: Consumer) -> Cursor:
    found = Cursor.objects.filter(consumer=consumer.name).first()
    if found is not None:
        return found
    top = Leaf.objects.order_by("-index").values_list("index", flat=True).first()
    start = 0 if top is None or not consumer.from_now else top + 1
    return Cursor.objects.get_or_create(consumer=consumer.name, defaults={"position": start})[0]


def _hand_over_all(consumer: Consumer, cursor: Cursor, some: Sequence[tuple[int, int]]) -> bool:
    """False where anything stood in the way: singly it will be seen what."""
    ids = [entry_id for _index, entry_id in some]
    try:
        write = _read(consumer, list(Entry.objects.filter(pk__in=ids).order_by("leaf__index")))
        if write is None:  # the cursor goes on with the next that has something to write
            return True
        with writing():
            if not _step(cursor, some[-1][0] + 1):
                return False
            write()
    except Exception:
        logger.warning("consumer %s failed on a batch", consumer.name, exc_info=True)
        cursor.refresh_from_db()
        return False
    return True


def _read(consumer: Consumer, entries: list[Entry]) -> Callable[[], object] | None:
    """What is to be written of the entries, if anything; only `many` reads for it at once."""
    handle: Callable[[list[Entry] | Entry], Any] = import_string(consumer.function)
    if consumer.many:
        write: Callable[[], object] | None = handle(entries)
        return write
    return partial(handle, entries[0])


def _hand_over(consumer: Consumer, cursor: Cursor, place: tuple[int, int], now: datetime) -> bool:
    index, entry_id = place
    try:
        with writing():
            # First the cursor, which locks it: a second worker finds it moved and does nothing.
            if not _step(cursor, index + 1):
                return False
            if write := _read(consumer, [Entry.objects.get(pk=entry_id)]):
                write()
    except Unavailable:
        cursor.refresh_from_db()
        return False
    except Exception as error:
        cursor.refresh_from_db()
        if translate(error) is not None:
            return False
        return _failed(consumer, cursor, place, error=error, now=now)
    return True


def move_to_end(consumer: Consumer) -> None:
    """移至末尾: whoever has rebuilt everything from the rows need not hear the past."""
    top = Leaf.objects.order_by("-index").values_list("index", flat=True).first()
    position = 0 if top is None else top + 1
    Cursor.objects.update_or_create(
        consumer=consumer.name, defaults={"position": position, "tries": 0, "retry_at": None}
    )


def _step(cursor: Cursor, position: int) -> bool:
    ours = Cursor.objects.filter(consumer=cursor.consumer, position=cursor.position)
    if not ours.update(position=position, tries=0, retry_at=None):
        return False
    cursor.position, cursor.tries, cursor.retry_at = position, 0, None
    return True


def _failed(
    consumer: Consumer, cursor: Cursor, place: tuple[int, int], *, error: Exception, now: datetime
) -> bool:
    """True where the entry was parked and the consumer may go on."""
    index, entry_id = place
    tries = cursor.tries + 1
    logger.error(
        "consumer %s failed on leaf %s, try %s", consumer.name, index, tries, exc_info=error
    )
    if tries < TRIES:
        # Twice as long each time; the position stays, so order is kept.
        ours = Cursor.objects.filter(consumer=consumer.name, position=cursor.position)
        with writing():
            ours.update(tries=F("tries") + 1, retry_at=now + _FIRST_PAUSE * 2 ** (tries - 1))
        return False
    with writing():
        if _step(cursor, index + 1):
            Parked.objects.get_or_create(
                consumer=consumer.name,
                entry_id=entry_id,
                defaults={"error": f"{type(error).__name__}: {error}"[:2000], "parked_at": now},
            )
    return True
