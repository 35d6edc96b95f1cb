"""检查点文本: reading C2SP checkpoints and telling whether they are the city's. Pure."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass

from changxiao.kernel.words import gettext as _
from changxiao.ledger.vkey import Verifier


@dataclass(frozen=True, slots=True)
class Note:
    """检查点内容: what the text of a checkpoint says."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, note: str) -> Note:
        """读检查点: raises ValueError unless the text is one."""
        lines = note.split("\n")
        if len(lines) < 4 or not lines[1].isdecimal():
            raise ValueError("not a checkpoint")
        try:
            return cls(lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True))
        except binascii.Error as error:
            raise ValueError("not a checkpoint") from error


@dataclass(frozen=True, slots=True)
class NoteCheck:
    """待核检查点: size and root it claims, and the fault that bars it from claiming anything."""

    name: str
    size: int
    root: bytes
    fault: str = ""


def check(name: str, text: str, verifier: Verifier) -> NoteCheck:
    """读并验签: a text that is no checkpoint, or not signed by the city, comes with its fault."""
    try:
        note = Note.parse(text)
    except ValueError:
        fault = _("%(name)s 不是检查点") % {"name": name}
        return NoteCheck(name, 0, b"", fault)
    if note.origin != verifier.name or not verifier.opens(text):
        fault = _("检查点 %(name)s 的签名不是本总账的") % {"name": name}
        return NoteCheck(name, note.size, note.root, fault)
    return NoteCheck(name, note.size, note.root)


def missing(numbers: Iterable[int]) -> int | None:
    """缺号: the first checkpoint number that is not there; numbers run from 1 without gaps."""
    for expected, number in enumerate(numbers, start=1):
        if number != expected:
            return expected
    return None
