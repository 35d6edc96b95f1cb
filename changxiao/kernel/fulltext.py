"""词索引 full text: one table of words beside a table of rows, on both databases without extension.

SQLite keeps it as FTS5 (unicode61 over bigrams), PostgreSQL as a `tsvector` under GIN. Both get the
words ready made by `kernel.bigrams`, so no language setting of a server decides what is found. A
row has marks too: codes of places and units by which a question is narrowed to a viewer's reach
inside the index. They narrow for speed only: the caller asks its scope again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from changxiao.kernel.bigrams import Phrase, terms

Row = tuple[int, str]  # key and words, as the table takes them
MARK = "_"  # begins a mark; no word of a text holds one
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Document:
    """一行的词: the row's key, its texts, its marks."""

    key: int
    texts: tuple[str, ...]
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Index:
    """词索引 by the name of its table."""

    table: str

    def create(self, execute: Callable[[str], object]) -> None:
        """建表, in a migration."""
        name = self.table
        if connection.vendor == "sqlite":
            told = f"unicode61 remove_diacritics 0 tokenchars ''{MARK}''"
            execute(f"CREATE VIRTUAL TABLE {name} USING fts5(words, tokenize='{told}')")
            return
        execute(f"CREATE TABLE {name} (id bigint PRIMARY KEY, words tsvector NOT NULL)")
        execute(f"CREATE INDEX {name}_gin ON {name} USING gin (words)")

    def drop(self, execute: Callable[[str], object]) -> None:
        """删表."""
        execute(f"DROP TABLE {self.table}")

    def rows(self, documents: Iterable[Document]) -> list[Row]:
        """成行: the words as the table takes them; most of the work, and it asks no database."""
        return [(one.key, _written(one)) for one in documents]

    def put(self, rows: Sequence[Row]) -> int:
        """写入: in place of what the rows had; how many."""
        for at in range(0, len(rows), _AT_ONCE):
            some = rows[at : at + _AT_ONCE]
            self.remove([key for key, _words in some])
            values = ", ".join([_PLACE[connection.vendor]] * len(some))
            told: list[int | str] = [part for row in some for part in row]
            self._do("INSERT INTO {table} ({key}, words) VALUES " + values, told)  # noqa: S608 - only marks
        return len(rows)

    def remove(self, keys: Collection[int]) -> None:
        """移除."""
        marks = ", ".join(["%s"] * len(keys))
        self._do("DELETE FROM {table} WHERE {key} IN (" + marks + ")", list(keys))  # noqa: S608 - only marks

    def clear(self) -> None:
        """清空."""
        self._do("DELETE FROM {table}")

    def count(self) -> int:
        """行数."""
        return self._ask("SELECT count(*) FROM {table}")[0]

    def find(
        self,
        phrases: Sequence[Phrase],
        *,
        marks: Collection[str] | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> list[int]:
        """查找: the highest keys whose row has every phrase and, where marks are named, one of
        them; `before` goes on below a key."""
        if not phrases or (marks is not None and not marks):
            return []
        below = "" if before is None else " AND {key} < %s"
        sql = "SELECT {key} FROM {table} WHERE " + _MATCH[connection.vendor] + below  # noqa: S608
        told: list[int | str] = [_question(phrases, marks), limit]
        if before is not None:
            told.insert(1, before)
        return self._ask(sql + " ORDER BY {key} DESC LIMIT %s", told)

    def _sql(self, pattern: str) -> str:
        key = "rowid" if connection.vendor == "sqlite" else "id"
        return pattern.format(table=self.table, key=key)

    def _do(self, pattern: str, told: Sequence[int | str] = ()) -> None:
        with connection.cursor() as cursor:
            cursor.execute(self._sql(pattern), told)

    def _ask(self, pattern: str, told: Sequence[int | str] = ()) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(self._sql(pattern), told)
            return [int(row[0]) for row in cursor.fetchall()]


_MATCH = {"sqlite": "{table} MATCH %s", "postgresql": "words @@ %s::tsquery"}
_PLACE = {"sqlite": "(%s, %s)", "postgresql": "(%s, %s::tsvector)"}


def _written(one: Document) -> str:
    """The words in order; a bare mark between two texts, so that no phrase reaches across."""
    words = [word for text in one.texts for word in (*terms(text), MARK)]
    words += [MARK + mark for mark in sorted(one.marks)]
    if connection.vendor == "sqlite":
        return " ".join(words)
    return " ".join(f"'{word}':{place}" for place, word in enumerate(words, start=1))


def _question(phrases: Sequence[Phrase], marks: Collection[str] | None) -> str:
    lite = connection.vendor == "sqlite"
    asked = [(_lite if lite else _post)(one) for one in phrases]
    if marks is not None:
        quoted = [f'"{MARK}{mark}"' if lite else f"'{MARK}{mark}'" for mark in sorted(marks)]
        asked.append("(" + (" OR " if lite else " | ").join(quoted) + ")")
    return (" AND " if lite else " & ").join(asked)


def _lite(one: Phrase) -> str:
    return f'"{" ".join(one.terms)}"' + (" *" if one.open_end else "")


def _post(one: Phrase) -> str:
    *first, last = one.terms
    ends = f"'{last}'" + (":*" if one.open_end else "")
    return "(" + " <-> ".join([*(f"'{term}'" for term in first), ends]) + ")"
