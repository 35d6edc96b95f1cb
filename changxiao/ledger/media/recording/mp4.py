"""MP4 读取: boxes of ISO/IEC 14496-12, whole, and in fragments as a recorder writes."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from changxiao.ledger.media.formats import BadPicture
from changxiao.ledger.media.recording.clip import Budget, Clip, broken, clip_of

_TOP = frozenset(
    {b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"sidx", b"mfra", b"free", b"skip", b"wide"}
)
_KINDS = {b"vide": "video", b"soun": "audio"}
CODECS = {
    "video": frozenset({b"avc1", b"avc3", b"hvc1", b"hev1", b"vp08", b"vp09", b"av01"}),
    "audio": frozenset({b"mp4a", b"Opus"}),
}
# What a fragment says of all its samples, in the order in which it says it (8.8.7).
_HEADER = ((0x1, 8), (0x2, 4), (0x8, 4))
_SAMPLE = (0x100, 0x200, 0x400, 0x800)

Box = tuple[bytes, int, int]


@dataclass(slots=True)
class _Track:
    kind: str
    scale: int
    told: int
    width: int
    height: int
    usual: int = 0  # ticks a sample, where the fragments do not say
    samples: int = 0
    ticks: int = 0

    @property
    def lasted_ms(self) -> int:
        return round(1000 * max(self.told, self.ticks) / self.scale)


@dataclass(slots=True)
class _Read:
    data: bytes
    budget: Budget = field(default_factory=Budget)
    tracks: dict[int, _Track] = field(default_factory=dict)
    samples: int = 0


def read(data: bytes) -> Clip:
    """读 MP4: Raises BadPicture recording_broken, recording_codec, recording_costly."""
    seen = _Read(data)
    names = []
    for name, start, end in _boxes(seen, 0, len(data)):
        names.append(name)
        if name not in _TOP:
            raise broken()
        if name == b"moov":
            _movie(seen, start, end)
        elif name == b"moof":
            _fragment(seen, start, end)
    told = sum(track.samples for track in seen.tracks.values())
    if names[0] != b"ftyp" or names.count(b"moov") != 1 or b"mdat" not in names or not told:
        raise broken()
    tracks = [(one.kind, one.width, one.height) for one in seen.tracks.values()]
    return clip_of("mp4", tracks, max(one.lasted_ms for one in seen.tracks.values()))


def _movie(seen: _Read, start: int, end: int) -> None:
    for name, begin, until in _boxes(seen, start, end):
        if name == b"trak":
            _track(seen, begin, until)
        elif name == b"mvex":
            for one, first, _last in _boxes(seen, begin, until):
                if one == b"trex":
                    number, _sample, usual = struct.unpack_from(">III", seen.data, first + 4)
                    _known(seen, number).usual = usual


def _track(seen: _Read, start: int, end: int) -> None:
    head = _one(seen, start, end, b"tkhd")
    number = _unpack(seen, ">I", head[0] + (20 if seen.data[head[0]] else 12))
    width, height = struct.unpack_from(">II", seen.data, head[1] - 8)
    media = _one(seen, start, end, b"mdia")
    kind = _KINDS.get(_bytes(seen, _one(seen, *media, b"hdlr")[0] + 8))
    clock = _one(seen, *media, b"mdhd")[0]
    form, at = (">IQ", clock + 20) if seen.data[clock] else (">II", clock + 12)
    scale, told = struct.unpack_from(form, seen.data, at)
    table = _one(seen, *_one(seen, *media, b"minf"), b"stbl")
    codec = _bytes(seen, _one(seen, *table, b"stsd")[0] + 12)
    if kind is None or codec not in CODECS[kind]:
        raise BadPicture("recording_codec")
    if not scale or number in seen.tracks:
        raise broken()
    unknown = (1 << (64 if seen.data[clock] else 32)) - 1
    row = _Track(kind, scale, 0 if told == unknown else told, width >> 16, height >> 16)
    sizes = [one for one in _boxes(seen, *table) if one[0] in {b"stsz", b"stz2"}]
    row.samples = _unpack(seen, ">I", sizes[0][1] + 8) if sizes else 0
    seen.tracks[number] = row


def _fragment(seen: _Read, start: int, end: int) -> None:
    for name, begin, until in _boxes(seen, start, end):
        if name != b"traf":
            continue
        head = _one(seen, begin, until, b"tfhd")[0]
        flags, number = struct.unpack_from(">II", seen.data, head)
        track, at = _known(seen, number), head + 8
        usual = track.usual
        for flag, width in _HEADER:
            if flags & flag and flag == 0x8:
                usual = _unpack(seen, ">I", at)
            at += width if flags & flag else 0
        for one, first, last in _boxes(seen, begin, until):
            if one == b"trun":
                _run(seen, track, (first, last), usual)


def _run(seen: _Read, track: _Track, place: tuple[int, int], usual: int) -> None:
    start, end = place
    flags, count = struct.unpack_from(">II", seen.data, start)
    at = start + 8 + 4 * bool(flags & 0x1) + 4 * bool(flags & 0x4)
    step = 4 * sum(bool(flags & flag) for flag in _SAMPLE)
    if at + count * step > end or count > seen.budget.left:
        raise broken()
    track.samples += count
    if flags & 0x100:
        track.ticks += sum(_unpack(seen, ">I", at + n * step) for n in range(count))
    else:
        track.ticks += count * usual


def _known(seen: _Read, number: int) -> _Track:
    if number not in seen.tracks:
        raise broken()
    return seen.tracks[number]


def _boxes(seen: _Read, start: int, end: int) -> Iterator[Box]:
    """The boxes between two places, which they fill to the byte."""
    at = start
    while at < end:
        seen.budget.spend()
        size, name = struct.unpack_from(">I4s", seen.data, at)
        begin = at + 8
        if size == 1:
            size, begin = _unpack(seen, ">Q", at + 8), at + 16
        until = end if size == 0 else at + size
        if not begin <= until <= end:
            raise broken()
        yield name, begin, until
        at = until


def _one(seen: _Read, start: int, end: int, wanted: bytes) -> tuple[int, int]:
    found = [(begin, until) for name, begin, until in _boxes(seen, start, end) if name == wanted]
    if len(found) != 1:
        raise broken()
    return found[0]


def _unpack(seen: _Read, form: str, at: int) -> int:
    return int(struct.unpack_from(form, seen.data, at)[0])


def _bytes(seen: _Read, at: int) -> bytes:
    return seen.data[at : at + 4]
