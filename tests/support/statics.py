"""Static files are looked up once in a process, though each test's client builds all middleware."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from whitenoise.base import WhiteNoise

from changxiao.ui.statics import STAMP

_known: dict[tuple[object, ...], dict[str, Any]] = {}
_look_up: Callable[..., None] = WhiteNoise.update_files_dictionary


def _remembered(self: WhiteNoise, root: str, prefix: str) -> None:
    stamp = Path(root, STAMP)  # written last whenever files are collected
    collected = stamp.stat().st_mtime_ns if stamp.exists() else None
    key = (type(self), root, prefix, os.stat(root).st_mtime_ns, collected)
    if key not in _known:
        before, self.files = self.files, {}
        _look_up(self, root, prefix)
        _known[key], self.files = self.files, before
    self.files.update(_known[key])


WhiteNoise.update_files_dictionary = _remembered
