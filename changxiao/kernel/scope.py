"""查看范围 Scope: whoever reads rows has named a viewer first, or the read raises.

A viewer is a list of grants, each post × area × unit. Areas and units are prefixes: area "440511"
covers every code below the district, unit path "0001.0004." every unit below that one. A room says
in one Q what a viewer may reach (`access.reach`), and its default manager asks for it always.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.db import models
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    _Manager = models.Manager[Any]
else:
    _Manager = models.Manager


class NoViewer(RuntimeError):  # noqa: N818 - reads as the sentence it is
    """没有查看人: a row was read before anybody said who is looking."""


@dataclass(frozen=True, slots=True)
class Grant:
    """授权: one post over one area (code prefix) and one unit (path prefix); "" is everywhere."""

    post: str
    area: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Viewer:
    """查看人: the system, a member of staff with grants, a squad whom one of the staff lent a link
    (`name` is that one), or the public."""

    kind: Literal["system", "staff", "squad", "public"]
    name: str
    grants: tuple[Grant, ...] = ()

    @property
    def sees_all(self) -> bool:
        return self.kind == "system"

    def posts(self) -> frozenset[str]:
        return frozenset(grant.post for grant in self.grants)

    def holds(self, *posts: str) -> bool:
        return any(grant.post in posts for grant in self.grants)


PUBLIC = Viewer("public", "public")
_viewer: ContextVar[Viewer | None] = ContextVar("viewer", default=None)


def system(name: str) -> Viewer:
    """系统查看人: worker, command line and migrations name themselves."""
    return Viewer("system", name)


def current() -> Viewer:
    """当前查看人; raises NoViewer when nobody was named."""
    viewer = _viewer.get()
    if viewer is None:
        raise NoViewer("no viewer: wrap the read in kernel.scope.viewing(...)")
    return viewer


@contextmanager
def viewing(viewer: Viewer) -> Iterator[Viewer]:
    """以某人身份查看: everything inside the block is read as `viewer`."""
    token = _viewer.set(viewer)
    try:
        yield viewer
    finally:
        _viewer.reset(token)


def become(viewer: Viewer) -> Viewer:
    """成为查看人 until the enclosing `viewing` ends; for a bearer, known only in the view."""
    current()  # there must be an enclosing one to put things back
    _viewer.set(viewer)
    return viewer


class ScopedManager(_Manager):
    """限定范围的管理器: `reach` is the dotted name of a room's `reach(viewer) -> Q`."""

    def __init__(self, reach: str) -> None:
        super().__init__()
        self.reach = reach

    def get_queryset(self) -> models.QuerySet[Any]:
        viewer = current()
        rows = super().get_queryset()
        return rows if viewer.sees_all else rows.filter(import_string(self.reach)(viewer))
