"""案卷词索引: which words a case is found by, kept up with the log and rebuilt from the rows.

A consumer of entries keeps it (`jobs.index_cases`): a report on the phone waits for nothing, and
search knows of it within two seconds. What it holds is what every reader of the case reads: texts
with every long number taken out, no reporter, no collector. Notes are read from the
entries, for no column holds them.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from django.db.models import QuerySet

from changxiao.cases import places
from changxiao.cases.models import Case
from changxiao.kernel.bigrams import normalised
from changxiao.kernel.fulltext import Document, Index, Row
from changxiao.kernel.transactions import writing
from changxiao.ledger.models import Entry

INDEX = Index("cases_words")
CONSUMER = "search.cases"  # its name in `wiring`
STREAM = "case:"
BATCH = 1000
SHOWN = ("subcategory__category", "unit", "lead_unit", "component")
_LEVELS = (6, 9, 12)  # district, street, community
# Seven digits or more in what people write may be somebody's number, however they are spaced.
NUMBER = re.compile(r"\d(?:[ \-]?\d){6,}")


def index_streams(streams: Collection[str]) -> int:
    """更新: the cases behind these streams, as they are now; how many."""
    return INDEX.put(rows(streams))


def rows(streams: Collection[str]) -> list[Row]:
    """各案卷的词: of the cases behind these streams, as they are now."""
    numbers = {one.removeprefix(STREAM) for one in streams if one.startswith(STREAM)}
    return _rows(list(_shown().filter(number__in=numbers)))


def _shown() -> QuerySet[Case]:
    return Case.everything.select_related(*SHOWN).prefetch_related("assists")


def rebuild() -> Iterator[int]:
    """重建: everything from the rows, the newest first; tells after each batch how many."""
    with writing():
        INDEX.clear()
    done, before = 0, None
    cases = _shown().order_by("-pk")
    while some := list((cases.filter(pk__lt=before) if before else cases)[:BATCH]):
        made = _rows(some)
        with writing():
            done += INDEX.put(made)
        before = some[-1].pk
        yield done


def _rows(cases: list[Case]) -> list[Row]:
    notes = _notes([case.stream for case in cases])
    return INDEX.rows(document(case, notes.get(case.stream, ())) for case in cases)


def _notes(streams: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    entries = Entry.objects.filter(stream__in=streams, body__contains='"note"')
    for stream, body in entries.order_by("stream", "n").values_list("stream", "body"):
        if note := json.loads(body).get("_act", {}).get("note"):
            found[stream].append(note)
    return found


def document(case: Case, notes: Iterable[str]) -> Document:
    """案卷的词."""
    written = (case.address, case.description, case.answer, *notes)
    units = {unit.name for unit in (case.unit, case.lead_unit) if unit}
    thing = case.component
    return Document(
        case.pk,
        (
            *_numbers(case),
            case.subcategory.name,
            case.subcategory.name_en,
            case.subcategory.category.name,
            places.of_case(case),
            *sorted(units),
            *((thing.code, thing.name) if thing else ()),
            *(NUMBER.sub(" ", normalised(text)) for text in written if text),
        ),
        marks(case),
    )


def _numbers(case: Case) -> Iterator[str]:
    """As written, as spoken (月日 and serial, or the serial alone), and the grids."""
    day, serial = case.number[4:8], case.number[8:]
    yield from (case.number, day + serial, f"{day} {serial}")
    yield from filter(None, (case.code, case.external, case.unit_grid_code, case.duty_grid_code))


def marked(area: str) -> bool:
    """可标记: whether this area, a prefix of codes, stands among the marks of its cases."""
    return len(area) in _LEVELS or len(area) > _LEVELS[-1]


def marks(case: Case) -> frozenset[str]:
    """范围标记: the places and units whose people may read the case (`access.reach`)."""
    place = case.community_code
    areas = {place[:length] for length in _LEVELS} | {place, case.duty_grid_code}
    units = {case.unit_id, *(row.unit_id for row in case.assists.all())}
    return frozenset({f"a{code}" for code in areas if code} | {f"u{pk}" for pk in units if pk})
