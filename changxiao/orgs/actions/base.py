"""办理底座: transaction, lock, right; and the form in which values enter the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar, cast

from django.db.models import Model

from changxiao.kernel.act import Act
from changxiao.kernel.day import local_date
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.ledger.edits import check_unmoved
from changxiao.orgs import rules
from changxiao.orgs.access import name_of
from changxiao.orgs.models import Staff

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Doing:
    """进行中的动作: the verb, the act, the stream, and the one legal moment of all of it."""

    verb: str
    act: Act
    stream: str
    at: datetime

    @property
    def day(self) -> date:
        """办理日期: the day in the city."""
        return local_date(self.at)

    def record(self, *, on: str = "", **body: Any) -> None:
        """记录: the entry of this verb, on its stream or on another one.

        `was` in the body is what the row said before. Refused `edited_meanwhile` where somebody
        was faster than the act's reader.
        """
        stream = on or self.stream
        check_unmoved(stream, self.act, name_of)
        ledger.append(stream=stream, verb=self.verb, act=self.act, at=self.at, body=body)

    def also(self, stream: str, verb: str, **body: Any) -> None:
        """并记: what the same act did to another row, under a key that repeats with it."""
        act = replace(self.act.derive(f"{verb}/{stream}"), base_n=None, undoes=None)
        ledger.append(stream=stream, verb=verb, act=act, at=self.at, body=body)


@contextmanager
def doing(verb: str, act: Act, *, stream: str, concerned: str = "") -> Iterator[Doing]:
    """办理: the transaction of one verb. The answer to an act that was done before is its old
    answer and not today's refusal. Raises Refused, Replayed.
    """
    with writing():
        try:
            rules.check(verb, act, concerned=concerned)
            yield Doing(verb, act, stream, act.moment())
        except Refused:
            ledger.recall(stream=stream, verb=verb, act=act)
            raise


def locked(row: Row) -> Row:
    """上锁: the row as it is now, held until the transaction ends."""
    # Not type(row): the person of a request is a lazy object that only answers like one.
    rows = row._meta.model._default_manager.select_for_update(of=("self",))
    return cast(Row, rows.get(pk=row.pk))


def day_text(day: date | None) -> str | None:
    """日期: as entries hold it."""
    return day.isoformat() if day else None


def sealed(value: str) -> str:
    """承诺值: what stands in the entry for a personal value; empty for an empty one."""
    return ledger.seal(value) if value else ""


def end_access(staff: Staff) -> None:
    """收回通道: from now on no session or token of the person opens anything."""
    staff.session_epoch += 1
    staff.save(update_fields=["session_epoch"])
