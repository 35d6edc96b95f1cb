"""Clips made by hand, element by element: what a recorder writes, and what it never would."""

import struct
from typing import NamedTuple

from changxiao.ledger.media.tests import corpus, papers

VP8, OPUS = (1, 1, b"V_VP8"), (2, 2, b"A_OPUS")


class Bad(NamedTuple):
    """One file, how it is announced, and the code of its refusal."""

    label: str
    declared: str
    data: bytes
    verdict: str


def sized(name, content=b"", *, live=False):
    """An EBML element; `live` leaves its length unknown, as a recorder must."""
    head = name.to_bytes((name.bit_length() + 7) // 8, "big")
    length = b"\x01" + b"\xff" * 7 if live else b"\x08" + len(content).to_bytes(4, "big")
    return head + length + content


def number(name, value):
    return sized(name, value.to_bytes(4, "big"))


def track(no, kind, codec):
    size = sized(0xE0, number(0xB0, 320) + number(0xBA, 240)) if kind == 1 else b""
    return sized(0xAE, number(0xD7, no) + number(0x83, kind) + sized(0x86, codec) + size)


def webm(*tracks, seconds=3.0, live=True, doctype=b"webm", beside=b"", stray=0, step=100):
    """Blocks every `step` ms on each track, in clusters of a second; `stray` names a track that
    nobody declared."""
    tracks = tracks or (VP8,)
    head = sized(0x1A45DFA3, sized(0x4282, doctype))
    clusters = b""
    for begin in range(0, int(seconds * 1000) + 1, 1000):
        last = min(begin + 1000, int(seconds * 1000) + 1)
        blocks = b"".join(
            sized(0xA3, bytes([0x80 | (stray or no)]) + struct.pack(">h", at - begin) + b"\x80abcd")
            for at in range(begin, last, step)
            for no, _kind, _codec in tracks
        )
        clusters += sized(0x1F43B675, number(0xE7, begin) + blocks, live=live)
    told = sized(0x1549A966, number(0x2AD7B1, 1_000_000))
    told += sized(0x1654AE6B, b"".join(track(*one) for one in tracks))
    return head + sized(0x18538067, told + beside + clusters, live=live)


def box(name, *content):
    inside = b"".join(content)
    return struct.pack(">I", 8 + len(inside)) + name + inside


def trak(no, kind, codec, scale, ticks, samples):
    tkhd = box(b"tkhd", bytes(12), struct.pack(">I", no), bytes(60), b"\1\x40\0\0\0\xf0\0\0")
    mdhd = box(b"mdhd", bytes(12), struct.pack(">IIHH", scale, ticks, 0, 0))
    hdlr = box(b"hdlr", bytes(8), kind, bytes(12))
    stsd = box(b"stsd", bytes(4), struct.pack(">I", 1), box(codec, bytes(8)))
    stbl = box(b"stbl", stsd, box(b"stsz", bytes(8), struct.pack(">I", samples)))
    return box(b"trak", tkhd, box(b"mdia", mdhd, hdlr, box(b"minf", stbl)))


def mp4(*, seconds=3, sound=False, codec=b"avc1", fragments=False, after=b""):
    """A whole film, or one in fragments of a second, as Safari records."""
    told = 0 if fragments else seconds * 600
    traks = trak(1, b"vide", codec, 600, told, 0 if fragments else seconds * 10)
    if sound:
        traks += trak(2, b"soun", b"mp4a", 48000, 0, 1)
    trex = box(b"mvex", box(b"trex", bytes(4), struct.pack(">IIIII", 1, 1, 60, 0, 0)))
    parts = [box(b"ftyp", b"isom", bytes(4)), box(b"moov", traks, trex if fragments else b"")]
    for second in range(seconds if fragments else 1):
        if fragments:
            tfhd = box(b"tfhd", struct.pack(">II", 0x20000, 1))
            # Half of them say how long each sample lasts, half leave it to the film.
            each = struct.pack(">I", 60) * 10 if second % 2 else b""
            flags = 0x101 if second % 2 else 0x1
            trun = box(b"trun", struct.pack(">III", flags, 10, 0), each)
            parts.append(box(b"moof", box(b"traf", tfhd, trun)))
        parts.append(box(b"mdat", b"frames"))
    return b"".join(parts) + after


def page(turn, kind, granule, body, serial=7):
    lacing = bytes([255] * (len(body) // 255) + [len(body) % 255])
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, kind, granule, serial, turn, 0, len(lacing))
    return head + lacing + body


def ogg(*, seconds=3, head=b"OpusHead\x01\x01\x38\x01" + bytes(7), serial=7):
    pages = [page(0, 2, 0, head), page(1, 0, 0, b"OpusTags")]
    for at in range(1, seconds + 1):
        kind = 4 if at == seconds else 0
        granule = at * 48000 + 312
        pages.append(page(at + 1, kind, granule, bytes(300), serial if at == seconds else 7))
    return b"".join(pages)


GOOD = {
    "silent webm": ("video/webm", webm(), (3000, False, 320, 240)),
    "webm with lengths": ("video/webm", webm(live=False), (3000, False, 320, 240)),
    "webm with sound": ("video/webm", webm(VP8, OPUS), (3000, True, 320, 240)),
    "voice webm": ("audio/webm", webm(OPUS), (3000, True, None, None)),
    "fifteen seconds": ("audio/webm", webm(OPUS, seconds=15), (15000, True, None, None)),
    "mp4": ("video/mp4", mp4(), (3000, False, 320, 240)),
    "mp4 with sound": ("video/mp4", mp4(sound=True), (3000, True, 320, 240)),
    "mp4 in fragments": ("video/mp4", mp4(fragments=True), (3000, False, 320, 240)),
    "ogg": ("audio/ogg", ogg(), (3000, True, None, None)),
}
_HTML = b"<html><script>alert(document.cookie)</script></html>"
_FILM, _ZIP, _DOCTYPE = box(b"ftyp", b"isom"), b"PK\5\6" + bytes(18), b"\x42\x86\x81\1"
_TEXT, _LEFT = (3, 17, b"S_TEXT/UTF8"), (1, 1, b"V_MS/VFW/FOURCC")

BAD = (
    Bad("zero bytes", "audio/webm", b"", "recording_empty"),
    Bad("html", "video/webm", _HTML, "recording_type"),
    Bad("html behind the magic", "video/webm", b"\x1a\x45\xdf\xa3" + _HTML, "recording_mixed"),
    Bad("html in a void", "video/webm", webm(beside=sized(0xEC, _HTML)), "recording_mixed"),
    Bad(
        "html in a free box",
        "video/mp4",
        box(b"ftyp", b"isom") + box(b"free", _HTML),
        "recording_mixed",
    ),
    Bad(
        "a zip behind",
        "video/mp4",
        mp4(after=box(b"free", b"PK\5\6" + bytes(18))),
        "recording_mixed",
    ),
    Bad("an attachment", "video/webm", webm(beside=sized(0x1941A469, b"a")), "recording_mixed"),
    Bad("jpeg renamed", "video/webm", corpus.street(), "recording_type"),
    Bad("pdf renamed", "audio/ogg", papers.pdf(), "recording_type"),
    Bad("voice said to be a picture", "video/webm", webm(OPUS), "recording_type"),
    Bad("mp4 said to be webm", "video/webm", mp4(), "recording_type"),
    Bad("matroska", "video/webm", webm(doctype=b"matroska"), "recording_type"),
    Bad("webm cut off", "video/webm", webm()[:-3], "recording_broken"),
    Bad("webm of a head alone", "video/webm", webm()[:40], "recording_broken"),
    Bad("webm without blocks", "video/webm", webm(seconds=-1), "recording_broken"),
    Bad("webm of one instant", "video/webm", webm(seconds=0), "recording_broken"),
    Bad("a block of no track", "video/webm", webm(stray=9), "recording_broken"),
    Bad(
        "bytes behind the segment",
        "video/webm",
        webm(live=False) + b"\x42\x86\x81\1",
        "recording_broken",
    ),
    Bad("mp4 cut off", "video/mp4", mp4()[:-3], "recording_broken"),
    Bad(
        "mp4 without a film",
        "video/mp4",
        box(b"ftyp", b"isom") + box(b"mdat", b"a"),
        "recording_broken",
    ),
    Bad("a box that nobody knows", "video/mp4", mp4(after=box(b"evil", b"a")), "recording_broken"),
    Bad("ogg cut off", "audio/ogg", ogg()[:-3], "recording_broken"),
    Bad("two sounds in one ogg", "audio/ogg", ogg(serial=8), "recording_broken"),
    Bad("subtitles", "video/webm", webm(VP8, _TEXT), "recording_codec"),
    Bad("a codec of the nineties", "video/webm", webm(_LEFT), "recording_codec"),
    Bad("two pictures", "video/webm", webm(VP8, (2, 1, b"V_VP9")), "recording_codec"),
    Bad("mjpeg in mp4", "video/mp4", mp4(codec=b"jpeg"), "recording_codec"),
    Bad("theora", "audio/ogg", ogg(head=b"\x80theora" + bytes(40)), "recording_codec"),
    Bad("seventeen seconds", "audio/webm", webm(OPUS, seconds=17), "recording_long"),
    Bad("an hour of mp4", "video/mp4", mp4(seconds=3600), "recording_long"),
    Bad("seventeen seconds of ogg", "audio/ogg", ogg(seconds=17), "recording_long"),
    Bad("more parts than fit", "video/webm", webm(beside=sized(0xEC) * 20_001), "recording_costly"),
    Bad("200 MB", "video/webm", webm() + bytes(15 * 1024 * 1024), "recording_too_large"),
)
