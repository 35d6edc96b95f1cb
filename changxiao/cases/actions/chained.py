"""连办: several steps of one person as one act: each its own entry, all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from changxiao.cases.models import Case
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import whole
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import KeyReused, Replayed


@dataclass(frozen=True, slots=True)
class Part:
    """连办中的一步: its name for people, its post, its own note, and the verb itself."""

    title: str
    post: str
    take: Callable[[Case, Act], object]
    note: str = ""


def take_steps(case: Case, parts: Sequence[Part], *, act: Act) -> list[Entry]:
    """连办: take the parts in order, in one transaction; gives their entries.

    Each part has a key derived from the act's, so that a replay repeats nothing: it raises Replayed
    with the last part's entry. Refused names the part that was refused; then nothing was taken.
    """
    title, entries = "", []
    try:
        with whole():
            for place, part in enumerate(parts):
                title = part.title
                case = _taken(case, part, _part_of(act, place, part))
                assert case.head is not None
                entries.append(case.head)
    except Replayed as again:
        raise _answer(again, act, len(parts) - 1) from None
    except Refused as no:
        if isinstance(no, KeyReused):
            raise
        sentence = f"{title}：{no.sentence}"
        raise Refused(no.code, sentence, field=no.field) from None
    return entries


def _taken(case: Case, part: Part, act: Act) -> Case:
    taken = part.take(case, act)
    assert isinstance(taken, Case)
    return taken


def _part_of(act: Act, place: int, part: Part) -> Act:
    """一步的动作: in the part's own post; only the first can have been late."""
    base_n = None if place else act.base_n
    return replace(_derived(act, place), post=part.post, note=part.note, base_n=base_n)


def entries_of(done: Act, count: int) -> list[Entry]:
    """已记各步: the entries of an act of `count` steps that was done before, in order."""
    keys = [_derived(done, place).key for place in range(count)]
    return list(Entry.objects.filter(act_key__in=keys).order_by("n"))


def _derived(act: Act, place: int) -> Act:
    return act.derive(f"steps/{place}")


def _answer(again: Replayed, act: Act, last: int) -> Exception:
    found = Entry.objects.filter(act_key=_derived(act, last).key).first()
    return Replayed(found) if found is not None else KeyReused(again.entry)
