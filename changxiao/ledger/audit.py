"""核对 verify: every entry against its chain, the tree, its stored nodes and its checkpoints.

One pass in the order of the tree over raw rows. Codes are the exit codes of `ledger verify`
(docs/ledger.md); each finding names the first index that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from django.utils.translation import gettext as _

from changxiao.ledger import chain, log, rows
from changxiao.ledger.models import Entry, Node
from changxiao.ledger.notes import NoteCheck
from changxiao.ledger.tower import WIDTH, Tower

CHAIN, TREE, CHECKPOINT, SIGNATURE, STATE, MEDIA, RECEIPT = range(2, 9)


@dataclass(frozen=True, slots=True)
class Finding:
    """发现: exit code, first bad index of the tree (None where it has no place) and a sentence."""

    code: int
    index: int | None
    sentence: str

    def __str__(self) -> str:
        return self.sentence


@dataclass(slots=True)
class Report:
    """核对结果: entries in the tree, its root, entries waiting, first findings."""

    size: int = 0
    root: bytes = b""
    waiting: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def code(self) -> int:
        """退出码: of the first finding, 0 where there is none."""
        return self.findings[0].code if self.findings else 0

    def add(self, code: int, index: int | None, sentence: str) -> None:
        """记下发现: only the first of each code; the later ones are mostly its consequences."""
        fresh = Finding(code, index, sentence)
        for i, known in enumerate(self.findings):
            if known.code == code:
                if _place(fresh) < _place(known):
                    self.findings[i] = fresh
                return
        self.findings.append(fresh)


def verify(notes: Sequence[NoteCheck] = (), *, start: int = 0) -> Report:
    """核对总账: leaves from `start` on; `notes` are the checkpoints to hold the tree against."""
    report = Report(size=log.size())
    try:
        walk = _Walk(report, start)
    except LookupError:
        report.add(TREE, start, _("第 %(index)s 条之前的树不完整") % {"index": start})
        return report
    sizes = sorted({note.size for note in notes if start <= note.size <= report.size})
    roots = {start: walk.tower.root()}
    for stop in sorted({*sizes, report.size}):
        walk.to(stop)
        roots[stop] = walk.tower.root()
    report.root = roots[report.size]
    walk.rest()
    _check_notes(report, notes, roots, start)
    # A broken entry explains a broken root, so the earliest broken entry speaks first.
    report.findings.sort(key=lambda found: (found.code > TREE, _place(found), found.code))
    return report


def _place(found: Finding) -> int:
    return 0 if found.code > TREE or found.index is None else found.index


class _Walk:
    """One pass: the last link of each stream, and the tower of what was read."""

    def __init__(self, report: Report, start: int) -> None:
        self.report = report
        self.next = start
        self.from_beginning = start == 0
        self.heads: dict[str, tuple[int, str]] = {}
        self.tower = Tower(list(_waiting_below(start)))
        self.counts = _counts(start)

    def to(self, stop: int) -> None:
        for chunk in rows.ordered(self.next, stop):
            self.tower.extend([self._leaf(row) for row in chunk])
            self._nodes()
        self._gap(stop)

    def rest(self) -> None:
        """Entries that the sequencer has not reached hang in their chains all the same."""
        for chunk in rows.waiting(self.report.size):
            self.report.waiting += len(chunk)
            for row in chunk:
                self._link(row)

    def _leaf(self, row: rows.Row) -> bytes:
        self._gap(row.place)
        self.next = row.place + 1
        if row.hash is None:
            self._say(TREE, row.place, _("第 %(index)s 条的记录已不存在"))
            return bytes.fromhex(row.leaf)
        self._link(row)
        leaf = sha256(b"\x00" + _bytes(row.hash)).digest()
        if row.leaf != leaf.hex():
            self._say(TREE, row.place, _("第 %(index)s 条的叶与其记录不符"))
        return leaf

    def _gap(self, index: int) -> None:
        if self.next < index:
            self._say(TREE, self.next, _("树中缺第 %(index)s 条"))

    def _link(self, row: rows.Row) -> None:
        n, prev = self.heads.get(row.stream) or self._head(row)
        self.heads[row.stream] = (row.n, row.hash)
        if row.n != n + 1 or row.prev != prev:
            self._say(CHAIN, row.place, _("第 %(index)s 条未接在其流的前一条之后"), row)
        elif chain.link(_bytes(row.prev), chain.frame(*row[2:12])).hex() != row.hash:
            self._say(CHAIN, row.place, _("第 %(index)s 条的内容与其校验值不符"), row)

    def _head(self, row: rows.Row) -> tuple[int, str]:
        if row.n > 1 and not self.from_beginning:
            before = Entry.objects.filter(stream=row.stream, n=row.n - 1)
            if found := before.values_list("n", "hash").first():
                return found
        return 0, chain.first(row.stream).hex()

    def _nodes(self) -> None:
        """Stored subtrees must be those that the entries give; proofs are made from them."""
        finished, self.tower.finished = self.tower.finished, []
        for level in sorted({level for level, _root in finished}):
            ours = [root.hex() for at, root in finished if at == level]
            first = self.counts.get(level, 0)
            self.counts[level] = first + len(ours)
            self._compare(level, first, ours)

    def _compare(self, level: int, first: int, ours: list[str]) -> None:
        span = Node.objects.filter(level=level, index__gte=first, index__lt=first + len(ours))
        stored = dict(span.values_list("index", "hash"))
        for i, root in enumerate(ours):
            if stored.get(first + i) != root:
                index = (first + i) * WIDTH**level
                self._say(TREE, index, _("自第 %(index)s 条起的子树与其记录不符"))
                return

    def _say(self, code: int, index: int, sentence: str, row: rows.Row | None = None) -> None:
        where = f" ({row.stream}#{row.n})" if row else ""
        self.report.add(code, index, sentence % {"index": index} + where)


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return text.encode()  # not a hash at all: the comparison will say so


def _counts(start: int) -> dict[int, int]:
    counts, level, left = {}, 1, start // WIDTH
    while left:
        counts[level] = left
        level, left = level + 1, left // WIDTH
    return counts


def _waiting_below(start: int) -> Iterable[Sequence[bytes]]:
    level, left = 0, start
    while left:
        yield log.read(level, left // WIDTH * WIDTH, left)
        level, left = level + 1, left // WIDTH


def _check_notes(
    report: Report, notes: Sequence[NoteCheck], roots: dict[int, bytes], start: int
) -> None:
    good = 0
    for note in sorted(notes, key=lambda note: note.size):
        values = {"name": note.name, "size": note.size}
        if note.fault:
            report.add(SIGNATURE, None, note.fault)
        elif note.size > report.size:
            sentence = _("检查点 %(name)s 有 %(size)s 条，总账只有 %(have)s 条：末尾被截去")
            report.add(CHECKPOINT, report.size, sentence % {**values, "have": report.size})
        elif note.size >= start and note.root != roots[note.size]:
            sentence = _("检查点 %(name)s（%(size)s 条）与总账的根不符：其中有记录被改写")
            report.add(CHECKPOINT, good, sentence % values)
        else:
            good = note.size
