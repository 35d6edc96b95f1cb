"""Ogg 读取: the pages of one sound (RFC 3533), Opus (RFC 7845) or Vorbis; no pictures."""

from __future__ import annotations

import struct

from changxiao.ledger.media.formats import BadPicture
from changxiao.ledger.media.recording.clip import Budget, Clip, broken, clip_of

_PAGE = struct.Struct("<4sBBqIIIB")
_CONTINUED, _FIRST, _LAST = 1, 2, 4
_NOWHERE = -1  # the clock of a page on which nothing ends
OPUS_RATE = 48_000


def read(data: bytes) -> Clip:
    """读 Ogg: Raises BadPicture recording_broken, recording_codec, recording_costly."""
    budget, at, serial, ended, clock = Budget(), 0, None, False, 0
    rate = skipped = 0
    for number in range(budget.left + 1):
        if at == len(data):
            break
        budget.spend()
        mark, version, kind, granule, stream, turn, _sum, count = _PAGE.unpack_from(data, at)
        lacing = data[at + _PAGE.size : at + _PAGE.size + count]
        body = at + _PAGE.size + count
        at = body + sum(lacing)
        if mark != b"OggS" or version or turn != number or ended or at > len(data):
            raise broken()
        if serial is None:
            serial, (rate, skipped) = stream, _codec(data[body:at])
        if stream != serial or bool(kind & _FIRST) != (number == 0):
            raise broken()
        clock = granule if granule != _NOWHERE else clock
        ended = bool(kind & _LAST)
    if not rate:
        raise broken()
    return clip_of("ogg", [("audio", 0, 0)], round(1000 * max(0, clock - skipped) / rate))


def _codec(head: bytes) -> tuple[int, int]:
    """Ticks a second of its clock, and how many of them nobody hears."""
    if head[:8] == b"OpusHead":
        return OPUS_RATE, int(struct.unpack_from("<H", head, 10)[0])
    if head[:7] == b"\x01vorbis":
        return int(struct.unpack_from("<I", head, 12)[0]), 0
    raise BadPicture("recording_codec")
