"""照片放行 gates: the rooms above say who may see a photo; without a yes nobody does.

`changxiao.wiring.PHOTO_GATES` lists dotted names of functions `(viewer, photo) -> bool`, for
example "changxiao.cases.access.may_see_photo". The name is looked up at run time, because a room
must not import from above.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.module_loading import import_string

from changxiao.kernel.scope import Viewer
from changxiao.ledger.media.models import Photo

WIRED = "changxiao.wiring.PHOTO_GATES"


def may_see(viewer: Viewer, photo: Photo) -> bool:
    """可否查看: the system always; staff where at least one room's gate says yes; else nobody."""
    if viewer.sees_all:
        return True
    if viewer.kind != "staff":
        return False
    names: Iterable[str] = import_string(WIRED)
    gates: list[Callable[[Viewer, Photo], bool]] = [import_string(name) for name in names]
    return any(gate(viewer, photo) for gate in gates)
