"""清单 manifest: what a backup holds and from which moment, with a hash for each file. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

FORMAT = 1
NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class Facts:
    """数据库概况: of the copy itself, not of the database that went on serving.

    `entries` counts the log, `size` and `root` (hex) name its tree, `newest_at` is the
    `recorded_at` of the last entry in ISO 8601, empty where there is none.
    """

    engine: str
    engine_version: str
    entries: int
    size: int
    root: str
    newest_at: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """清单: `files` names each packed file with its SHA-256 (hex) and bytes."""

    made_at: str
    product: str
    facts: Facts
    files: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    @property
    def moment(self) -> datetime:
        """备份时间, aware."""
        return datetime.fromisoformat(self.made_at)

    @property
    def newest(self) -> datetime | None:
        """最后一条记录的时间: what came later is not in this backup."""
        return datetime.fromisoformat(self.facts.newest_at) if self.facts.newest_at else None

    def to_bytes(self) -> bytes:
        """JSON, the same bytes for the same content."""
        told = {"format": FORMAT, **asdict(self)}
        return json.dumps(told, sort_keys=True, indent=1, ensure_ascii=False).encode()


def from_bytes(data: bytes) -> Manifest:
    """读清单; ValueError where it is no manifest of a format that we know."""
    told: dict[str, Any] = json.loads(data)
    if not isinstance(told, dict) or told.pop("format", None) != FORMAT:
        raise ValueError("unknown format")
    try:
        facts = Facts(**told.pop("facts"))
        files = {str(n): (str(h), int(b)) for n, (h, b) in told.pop("files").items()}
        return Manifest(**told, facts=facts, files=files)
    except (TypeError, KeyError, AttributeError) as no:
        raise ValueError("incomplete") from no
