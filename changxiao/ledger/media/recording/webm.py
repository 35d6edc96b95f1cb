"""WebM 读取: EBML elements (RFC 8794) of a Matroska segment (RFC 9559), lengths known or not.

A live recorder knows neither the length of the segment nor of a cluster, and writes no duration:
how long it lasts is told by the clocks of its blocks.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from changxiao.ledger.media.formats import BadPicture
from changxiao.ledger.media.recording.clip import Budget, Clip, broken, clip_of

EBML, DOCTYPE, SEGMENT = 0x1A45DFA3, 0x4282, 0x18538067
INFO, TRACKS, CLUSTER = 0x1549A966, 0x1654AE6B, 0x1F43B675
SCALE, DURATION = 0x2AD7B1, 0x4489
ENTRY, NUMBER, TYPE, CODEC, VIDEO, WIDTH, HEIGHT = 0xAE, 0xD7, 0x83, 0x86, 0xE0, 0xB0, 0xBA
TIMECODE, SIMPLE, GROUP, BLOCK = 0xE7, 0xA3, 0xA0, 0xA1
ATTACHMENTS, CHAPTERS = 0x1941A469, 0x1043A770
# Seek head, cues, tags, void, checksum: read over, and nothing else is.
_BESIDE = frozenset({0x114D9B74, 0x1C53BB6B, 0x1254C367, 0xEC, 0xBF})
_LEVEL_ONE = frozenset({INFO, TRACKS, CLUSTER, ATTACHMENTS, CHAPTERS, *_BESIDE}) - {0xEC, 0xBF}
CODECS = {
    1: (b"V_VP8", b"V_VP9", b"V_AV1", b"V_MPEG4/ISO/AVC"),
    2: (b"A_OPUS", b"A_VORBIS"),
}
_KINDS = {1: "video", 2: "audio"}

Element = tuple[int, int, int]  # its name, where its content begins and ends


@dataclass(slots=True)
class _Read:
    """读到的: the scale of its clock in nanoseconds, its tracks by number, its first and last
    block."""

    data: bytes
    budget: Budget = field(default_factory=Budget)
    scale: int = 1_000_000
    told: float = 0.0
    tracks: dict[int, tuple[str, int, int]] = field(default_factory=dict)
    clocks: list[int] = field(default_factory=list)


def read(data: bytes) -> Clip:
    """读 WebM: Raises BadPicture recording_broken, recording_codec, recording_mixed, …_costly."""
    seen = _Read(data)
    head, *rest = list(_elements(seen, 0, len(data), frozenset()))
    name, start, end = head
    if name != EBML or _of(seen, start, end, DOCTYPE).rstrip(b"\0") != b"webm":
        raise BadPicture("recording_type")
    if [one[0] for one in rest if one[0] not in _BESIDE] != [SEGMENT]:
        raise broken()
    for name, start, end in rest:
        if name == SEGMENT:
            _segment(seen, start, end)
    if not seen.clocks:
        raise broken()
    lasted = max(seen.told, float(max(seen.clocks) - min(seen.clocks)))
    return clip_of("webm", list(seen.tracks.values()), round(lasted * seen.scale / 1_000_000))


def _segment(seen: _Read, start: int, end: int) -> None:
    for name, begin, until in _elements(seen, start, end, _LEVEL_ONE):
        if name == INFO:
            seen.scale = _whole(_of(seen, begin, until, SCALE)) or seen.scale
            seen.told = _real(_of(seen, begin, until, DURATION))
        elif name == TRACKS:
            _tracks(seen, begin, until)
        elif name == CLUSTER:
            _cluster(seen, begin, until)
        elif name in {ATTACHMENTS, CHAPTERS}:
            raise BadPicture("recording_mixed")
        elif name not in _BESIDE:
            raise broken()


def _tracks(seen: _Read, start: int, end: int) -> None:
    for name, first, last in _elements(seen, start, end, frozenset()):
        if name == ENTRY:
            _track(seen, first, last)


def _track(seen: _Read, start: int, end: int) -> None:
    number = _whole(_of(seen, start, end, NUMBER))
    kind = _whole(_of(seen, start, end, TYPE))
    if _of(seen, start, end, CODEC).rstrip(b"\0") not in CODECS.get(kind, ()):
        raise BadPicture("recording_codec")
    if number in seen.tracks:
        raise broken()
    size = [0, 0]
    for name, first, last in _elements(seen, start, end, frozenset()):
        if name == VIDEO:
            size = [_whole(_of(seen, first, last, one)) for one in (WIDTH, HEIGHT)]
    seen.tracks[number] = (_KINDS[kind], size[0], size[1])


def _cluster(seen: _Read, start: int, end: int) -> None:
    base = 0
    for name, first, last in _elements(seen, start, end, frozenset()):
        if name == TIMECODE:
            base = _whole(seen.data[first:last])
        elif name == SIMPLE:
            _block(seen, first, last, base)
        elif name == GROUP:
            for one, begin, until in _elements(seen, first, last, frozenset()):
                if one == BLOCK:
                    _block(seen, begin, until, base)


def _block(seen: _Read, start: int, end: int, base: int) -> None:
    track, at = _number(seen.data, start, marked=False)
    if track not in seen.tracks or at + 3 >= end:
        raise broken()
    seen.clocks.append(base + int(struct.unpack_from(">h", seen.data, at)[0]))


def _elements(seen: _Read, start: int, end: int, stops: frozenset[int]) -> Iterator[Element]:
    """The elements between two places, which they fill to the byte; one of unknown length ends
    before the next of `_LEVEL_ONE`, or with the file."""
    at = start
    while at < end:
        seen.budget.spend()
        name, at = _number(seen.data, at, marked=True)
        length, begin = _number(seen.data, at, marked=False)
        if length < 0:
            until = end if name == SEGMENT else _next(seen, begin, end, stops)
        else:
            until = begin + length
        if until > end:
            raise broken()
        yield name, begin, until
        at = until


def _next(seen: _Read, start: int, end: int, stops: frozenset[int]) -> int:
    """Where an element of unknown length ends."""
    at = start
    while at < end:
        seen.budget.spend()
        name, after = _number(seen.data, at, marked=True)
        if name in stops:
            return at
        length, begin = _number(seen.data, after, marked=False)
        if length < 0:
            raise broken()
        at = begin + length
    return end


def _number(data: bytes, at: int, *, marked: bool) -> tuple[int, int]:
    """EBML 变长整数: a name with its mark, a length without; -1 is the unknown length."""
    first = data[at]
    width = 9 - first.bit_length()
    if width > (4 if marked else 8):
        raise broken()
    value = int.from_bytes(data[at : at + width], "big")
    if at + width > len(data):
        raise broken()
    if marked:
        return value, at + width
    mask = (1 << 7 * width) - 1
    return (-1 if value & mask == mask else value & mask), at + width


def _of(seen: _Read, start: int, end: int, wanted: int) -> bytes:
    """The content of the first element of this name; b"" without one."""
    for name, begin, until in _elements(seen, start, end, frozenset()):
        if name == wanted:
            return seen.data[begin:until]
    return b""


def _whole(content: bytes) -> int:
    if len(content) > 8:
        raise broken()
    return int.from_bytes(content, "big")


def _real(content: bytes) -> float:
    if not content:
        return 0.0
    value = float(struct.unpack(">f" if len(content) == 4 else ">d", content)[0])
    if not 0 <= value < 1e12:  # not a number is not in there either
        raise broken()
    return value
