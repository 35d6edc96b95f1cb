"""印制: a template, data and pictures in; a PDF out, or a refusal in words.

The same input gives the same bytes: typst takes the date from the data, and fonts come with us.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

import pylopdf_fonts_zh_cn
from django.utils.translation import gettext as _

from changxiao.kernel.home import folder
from changxiao.kernel.refused import Refused

logger = logging.getLogger(__name__)

SECONDS = 30
WORKERS = 2  # at once; a paper full of pictures takes some hundred megabytes
FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent
_COMMAND = [sys.executable, "-I", "-m", "changxiao.ledger.papers.press"]
_seats = threading.BoundedSemaphore(WORKERS)


def pdf(template: Path, data: Mapping[str, Any], pictures: Mapping[str, bytes | Path]) -> bytes:
    """印制一份. Raises Refused("paper_busy", "paper_failed")."""
    if not _seats.acquire(timeout=SECONDS):
        raise Refused("paper_busy", _("正在印制的文件太多，请稍后再试"))
    try:
        with TemporaryDirectory(dir=folder("tmp"), prefix="paper-") as name:
            return _typeset(_laid_out(Path(name), template, data, pictures))
    finally:
        _seats.release()


def _laid_out(
    place: Path, template: Path, data: Mapping[str, Any], pictures: Mapping[str, bytes | Path]
) -> Path:
    (place / "paper.typ").write_bytes(template.read_bytes())
    (place / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    for name, picture in pictures.items():
        if isinstance(picture, Path):
            picture = picture.read_bytes()  # noqa: PLW2901 - the bytes of the same picture
        (place / name).write_bytes(picture)
    return place


def _typeset(place: Path) -> bytes:
    with TemporaryFile(dir=folder("tmp")) as out:
        try:
            done = subprocess.run(
                [*_COMMAND, str(place), str(FONTS)],
                stdout=out,
                stderr=subprocess.PIPE,
                env={"RAYON_NUM_THREADS": "1"},
                cwd="/",
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _failed("timeout") from None
        if done.returncode:
            raise _failed(done.stderr.decode("utf-8", "replace")[-2000:])
        out.seek(0)
        return out.read()


def _failed(why: str) -> Refused:
    logger.error("a paper was not typeset: %s", why)
    return Refused("paper_failed", _("文件没有排成，请告诉系统管理员"))
