"""照片核对: every file that an entry names lies on disk and has the hash the entry says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from changxiao.kernel.refused import Refused
from changxiao.ledger.media import files, vault
from changxiao.ledger.models import Entry

STORED, REDACTED = "store_photo", "redact_photo"


def named() -> Iterator[tuple[int | None, str, dict[str, Any]]]:
    """记录所列照片: place in the tree, hash of the original (of the public picture, where one was
    made), and the entry's body, in order."""
    rows = Entry.objects.filter(verb__in=[STORED, REDACTED]).order_by("leaf__index", "id")
    columns = ("leaf__index", "verb", "stream", "body")
    for index, verb, stream, body in rows.values_list(*columns).iterator(1000):
        told = json.loads(body)
        # A public picture is named by its own content, everything else by its original's.
        public = verb == REDACTED
        yield index, told["media"][0]["sha256"] if public else stream.removeprefix("photo:"), told


def check() -> Iterator[tuple[int | None, str]]:
    """核对照片: (place, sentence) for each file that is gone or is not what its entry says."""
    for index, original, body in named():
        for part in body["media"]:
            fault = _fault(original, body["pipeline"], part)
            if fault:
                values = {"sha256": part["sha256"], "role": part["role"], "fault": fault}
                yield index, _("照片 %(sha256)s（%(role)s）%(fault)s") % values


def _fault(original: str, pipeline: str, part: dict[str, Any]) -> str:
    if part["role"] == "original":
        return _original_fault(original)
    if part["role"].startswith("public"):
        path = files.public_path(original, thumbnail=part["role"] == "public_thumbnail")
    else:
        path = files.rendition_path(original, pipeline, thumbnail=part["role"] == "thumbnail")
    if not path.is_file():
        return _("文件不在")
    return "" if _digest(path) == part["sha256"] else _("内容与记录不符")


def _original_fault(original: str) -> str:
    path = files.original_path(original)
    if not path.is_file():
        return _("文件不在")
    try:
        data = vault.unseal(path.read_bytes(), original)
    except Refused as no:
        # Destroyed by retention: key gone, hash kept, which is as it should be.
        return "" if no.code == "photo_destroyed" else no.sentence
    return "" if sha256(data).hexdigest() == original else _("内容与记录不符")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        state = sha256()
        while block := file.read(1 << 20):
            state.update(block)
    return state.hexdigest()
