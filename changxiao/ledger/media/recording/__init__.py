"""录音录像 recording: what the container of a short clip says, without decoding a frame of it.

Three readers of our own for what a phone's MediaRecorder writes: WebM (RFC 8794 EBML, RFC 9559
Matroska), MP4 (ISO/IEC 14496-12) and Ogg (RFC 3533). Nothing here, or anywhere else in the house,
decodes sound or moving pictures: the file is kept as it came and played by a browser. So all that
is asked is what can be asked of the structure: whole, nothing foreign, short, tracks that we know.
Standard library only.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable

from changxiao.ledger.media.formats import BadPicture
from changxiao.ledger.media.recording import mp4, ogg, webm
from changxiao.ledger.media.recording.clip import Clip

MOST_SECONDS = 15
SLACK_MS = 1000  # a recorder that is told to stop at 15 s ends with the frame that it is in
VERSION = "clip-1"  # goes into every entry; raise it when the same bytes would be judged otherwise
EXTENSIONS = {
    "video/webm": "webm",
    "audio/webm": "weba",
    "video/mp4": "mp4",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
}
_MAGIC = b"\x1a\x45\xdf\xa3"
# A stranger's reader looks for these at the head (HTML) or at the end (ZIP, with its comment).
_FOREIGN = re.compile(rb"<(?:\?php|script|html|svg|body|iframe|!doctype)", re.IGNORECASE)
_HEAD, _ZIP_END, _ZIP_COMMENT = 4096, b"PK\5\6", 65_557


def sniff(data: bytes) -> str:
    """容器: "webm", "mp4" or "ogg" by the very first bytes, "" for everything else."""
    if data[:4] == _MAGIC:
        return "webm"
    if data[4:8] == b"ftyp":
        return "mp4"
    return "ogg" if data[:4] == b"OggS" else ""


def parse(data: bytes) -> Clip:
    """读容器: type, length in milliseconds, whether there is sound, size in pixels of the picture.

    Raises BadPicture: recording_type, recording_broken, recording_codec, recording_mixed,
    recording_long (over 15 s), recording_costly (more parts than a recorder writes).
    """
    readers: dict[str, Callable[[bytes], Clip]] = {
        "webm": webm.read,
        "mp4": mp4.read,
        "ogg": ogg.read,
    }
    kind = sniff(data)
    if not kind:
        raise BadPicture("recording_type")
    if (
        _FOREIGN.search(data, 0, _HEAD)
        or data.rfind(_ZIP_END, max(0, len(data) - _ZIP_COMMENT)) >= 0
    ):
        raise BadPicture("recording_mixed")
    try:
        clip = readers[kind](data)
    except (struct.error, IndexError, OverflowError):
        raise BadPicture("recording_broken") from None
    if clip.duration_ms <= 0:
        raise BadPicture("recording_broken")
    if clip.duration_ms > MOST_SECONDS * 1000 + SLACK_MS:
        raise BadPicture("recording_long")
    return clip
