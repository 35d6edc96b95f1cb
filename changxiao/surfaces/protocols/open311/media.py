"""照片 media: files (`media`, `photo1`…), data: links, and links that stay what they are.

A link is kept as text and never fetched: whoever sends one would else choose what our server asks
for from inside its own network (SSRF).
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from changxiao.cases.actions import Shown
from changxiao.cases.models import CasePhoto
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.media import actions as vault
from changxiao.ledger.media.formats import EXTENSIONS, sniff
from changxiao.ledger.media.models import Photo
from changxiao.surfaces.protocols.open311.reading import posted, unreadable

MOST = 6  # pictures and links of one report
_FILES = re.compile(r"media(\[\])?|photo[0-9]{0,2}")
_DATA = re.compile(r"data:(?P<type>image/[a-z]{2,5});base64,(?P<data>[A-Za-z0-9+/=\s]+)")


@dataclass(frozen=True, slots=True)
class Picture:
    """一张照片 as it was sent."""

    data: bytes
    type: str
    name: str


@dataclass(frozen=True, slots=True)
class Offered:
    """所附: pictures to store, and links to keep as words."""

    pictures: tuple[Picture, ...]
    links: tuple[str, ...]

    @property
    def digests(self) -> list[str]:
        """内容摘要 of the pictures, for the key of the content."""
        return [sha256(one.data).hexdigest() for one in self.pictures]

    def stored(self, act: Act) -> list[Shown]:
        """存照片: through the one door of all photos; Refused names the file."""
        return [Shown(_store(one, act), CasePhoto.Role.BEFORE, None) for one in self.pictures]


def offered(request: HttpRequest) -> Offered:
    """所附照片; Refused for too many, for links of another kind than http(s) and data:."""
    posted(request)
    files = [
        file for name, many in request.FILES.lists() if _FILES.fullmatch(name) for file in many
    ]
    texts = [one.strip() for one in request.POST.getlist("media_url") if one.strip()]
    if len(files) + len(texts) > MOST:
        message = _("一次最多%(most)d张照片，现有%(n)d张") % {
            "most": MOST,
            "n": len(files) + len(texts),
        }
        raise Refused("photos_many", message, field="media")
    inline = [one for one in texts if one.startswith("data:")]
    pictures = [*(_file(one) for one in files), *(_inline(one) for one in inline)]
    return Offered(tuple(pictures), tuple(_link(one) for one in texts if one not in inline))


def _file(file: UploadedFile[Any]) -> Picture:
    data = file.read(vault.MAX_BYTES + 1)
    said, name = file.content_type or "", file.name or ""
    if said in {"", "application/octet-stream"}:
        # `three` names no type and some no ending: then the bytes themselves say what they are.
        said = sniff(data)
        ending = next((e for e, kind in EXTENSIONS.items() if kind == said), "bin")
        name = name if "." in name else f"{name[:80]}.{ending}"
    return Picture(data, said, name)


def _inline(text: str) -> Picture:
    hit = _DATA.fullmatch(text)
    try:
        data = base64.b64decode(hit["data"], validate=False) if hit else b""
    except binascii.Error:
        data = b""
    if hit is None or not data:
        raise unreadable("media_url", text[:24], _("data: 链接须是 base64 的图片"))
    ending = next((e for e, kind in EXTENSIONS.items() if kind == hit["type"]), "bin")
    return Picture(data, hit["type"], f"inline.{ending}")


def _link(text: str) -> str:
    try:
        told = urlsplit(text)
        good = told.scheme in {"http", "https"} and bool(told.hostname) and len(text) <= 1000
    except ValueError:
        good = False
    if not good or not text.isprintable():
        raise unreadable("media_url", text, _("请填 http 或 https 链接，或直接上传文件（media）"))
    return text


def _store(one: Picture, act: Act) -> Photo:
    try:
        return vault.store(one.data, declared_type=one.type, name=one.name, act=act)
    except Refused as no:
        raise Refused(no.code, f"{one.name[:80]}：{no.sentence}", field="media") from None
