"""读导出: an exported log (docs/ledger.md), believed only once it was found whole. No home, no
database, no Django: an auditor has neither.

One pass over the entries checks each against its chain and gives it on; then the tree that they
make is held against the tiles, `log.json`, every checkpoint and the list of photos. What was given
on before a refusal is for the taker to throw away.
"""

from __future__ import annotations

import base64
import json
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _
from changxiao.ledger import chain, notes, tree
from changxiao.ledger.tree import TILE
from changxiao.ledger.vkey import Verifier

FORMAT = "changxiao-ledger-export-1"
ABOUT, ENTRIES, MEDIA = "log.json", "entries.jsonl", "media.sha256"
PHOTO_VERBS = frozenset({"store_photo", "redact_photo"})
_NEEDED = (ABOUT, ENTRIES, MEDIA)
_FRAMED = (
    *("act_key", "actor", "at", "body", "n"),
    *("occurred_at", "on_behalf", "recorded_at", "stream", "verb"),
)
_MEMBERS = {*_FRAMED, "index", "prev", "hash"}


class Line(NamedTuple):
    """导出的一条记录; `place` is its index, `at` the legal time as written."""

    place: int
    stream: str
    n: int
    verb: str
    actor: str
    at: str
    body: Mapping[str, Any]
    hash: str


Take = Callable[[Line], None]


class Whole(NamedTuple):
    """核对无误的总账: its size, how many entries the newest checkpoint covers, and the tree."""

    size: int
    signed: int
    levels: Sequence[Sequence[bytes]]

    def root(self, size: int) -> str:
        """前若干条的根, in hex."""
        return tree.range_root(self._read, 0, size).hex()

    def _read(self, level: int, start: int, stop: int) -> Sequence[bytes]:
        return self.levels[level][start:stop]


def read(path: Path, take: Take, *, key: str = "", kept: Sequence[Path] = ()) -> Whole:
    """读并核对: `take` gets each entry in order. `key` is the city's public key and `kept` are
    checkpoints, as the auditor got them before; without a key the export's own is believed.

    Refused `export_unreadable`, `export_altered` (names the file), `export_unsigned`,
    `key_unreadable`.
    """
    try:
        with tarfile.open(path, "r:") as tar:
            return _Reading(path, tar).whole(take, key, kept)
    except (tarfile.TarError, EOFError):
        raise _unreadable(path) from None


class _Reading:
    def __init__(self, path: Path, tar: tarfile.TarFile) -> None:
        self.path, self.tar = path, tar
        self.members: dict[str, tarfile.TarInfo] = {}
        self.heads: dict[str, tuple[int, str]] = {}
        self.leaves: list[bytes] = []
        self.photos: set[str] = set()
        for member in tar:
            if not member.isfile() or member.name in self.members:
                raise _altered(member.name, _("不是普通文件，或出现两次"))
            self.members[member.name] = member
        if not set(_NEEDED) <= self.members.keys():
            raise _unreadable(path)

    def whole(self, take: Take, key: str, kept: Sequence[Path]) -> Whole:
        about = self._about()
        verifier = _verifier(key or about["vkey"])
        if (str(verifier), verifier.name) != (about["vkey"], about["origin"]):
            raise _altered(ABOUT, _("公钥或名称与所给的公钥不同"))
        for line in self._lines():
            take(line)
        found = Whole(len(self.leaves), 0, list(_levels(self.leaves)))
        self._check_tiles(found)
        if (found.size, found.root(found.size)) != (about["size"], about["root"]):
            raise _altered(ABOUT, _("条数或根与各条记录算出的不同"))
        signed = self._signed(found, verifier, kept)
        self._check_media()
        for name in self.members:
            if not name.startswith("README."):
                raise _altered(name, _("总账里没有它"))
        return found._replace(signed=signed)

    def _taken(self, name: str) -> bytes:
        file = self.tar.extractfile(self.members.pop(name))
        assert file is not None  # all are regular files
        return file.read()

    def _about(self) -> dict[str, Any]:
        data = self._taken(ABOUT)
        try:
            about: dict[str, Any] = json.loads(data)
            known = about["format"] == FORMAT and isinstance(about["size"], int)
            plain = all(isinstance(about[name], str) for name in ("origin", "root", "vkey"))
        except (ValueError, KeyError, TypeError):
            raise _altered(ABOUT, _("读不出来")) from None
        if not (known and plain):
            raise _unreadable(self.path)
        if json.dumps(about, indent=2, sort_keys=True).encode() + b"\n" != data:
            raise _altered(ABOUT, _("写法不是导出时的写法"))
        return about

    # -- entries ------------------------------------------------------------------------------

    def _lines(self) -> Iterator[Line]:
        file = self.tar.extractfile(self.members.pop(ENTRIES))
        assert file is not None
        for index, raw in enumerate(file):
            try:
                entry = json.loads(raw)
                whole = set(entry) == _MEMBERS and chain.canonical(entry).encode() + b"\n" == raw
                fault = self._fault(index, entry) if whole else _("不是规范的记录")
                line = self._kept(entry)
            except (ValueError, KeyError, TypeError, AttributeError):
                fault = _("不是规范的记录")
            if fault:
                raise _altered(
                    ENTRIES, _("第 %(index)d 条%(why)s") % {"index": index, "why": fault}
                )
            yield line

    def _fault(self, index: int, entry: dict[str, Any]) -> str:
        stream, n = entry["stream"], entry["n"]
        last, prev = self.heads.get(stream) or (0, chain.first(stream).hex())
        if entry["index"] != index:
            return _("自称第 %(index)s 条") % {"index": entry["index"]}
        if (n, entry["prev"]) != (last + 1, prev):
            told = {"stream": stream, "n": n}
            return _("（%(stream)s#%(n)s）未接在其流的前一条之后") % told
        framed = chain.frame(*(_framed(entry, name) for name in _FRAMED))
        if chain.link(bytes.fromhex(prev), framed).hex() != entry["hash"]:
            return _("（%(stream)s#%(n)s）的内容与其校验值不符") % {"stream": stream, "n": n}
        return ""

    def _kept(self, entry: dict[str, Any]) -> Line:
        self.heads[entry["stream"]] = entry["n"], entry["hash"]
        self.leaves.append(tree.leaf_hash(bytes.fromhex(entry["hash"])))
        if entry["verb"] in PHOTO_VERBS:
            self.photos |= {f"{part['sha256']}  {part['role']}" for part in entry["body"]["media"]}
        return Line(entry["index"], *(entry[name] for name in Line._fields[1:]))

    # -- what was made of them ----------------------------------------------------------------

    def _check_tiles(self, found: Whole) -> None:
        for level, hashes in enumerate(found.levels):
            for start in range(0, len(hashes), TILE):
                part = hashes[start : start + TILE]
                name = tree.tile_path(level, start // TILE, len(part))
                if name not in self.members:
                    raise _altered(name, _("缺失"))
                if self._taken(name) != b"".join(part):
                    raise _altered(name, _("与各条记录算出的不同"))

    def _signed(self, found: Whole, verifier: Verifier, kept: Sequence[Path]) -> int:
        names = sorted(name for name in self.members if name.startswith("checkpoints/"))
        texts = []
        for number, name in enumerate(names, 1):
            if name != f"checkpoints/{number:06}.txt":
                raise _altered(f"checkpoints/{number:06}.txt", _("缺失"))
            texts.append((name, data := self._taken(name)))
            if not _plain(data.decode(errors="replace")):
                raise _altered(name, _("写法不是导出时的写法"))
        texts += [(path.name, path.read_bytes()) for path in kept]
        signed = max((self._covers(found, verifier, *one) for one in texts), default=0)
        if found.size and not signed:
            sentence = _(
                "总账导出里没有检查点，谁都能另造一份：请导出单位先运行 "
                "changxiao ledger checkpoint 再导出，或用 --checkpoint 给出您保存的检查点。"
            )
            raise Refused("export_unsigned", sentence, field="ledger")
        return signed

    def _covers(self, found: Whole, verifier: Verifier, name: str, data: bytes) -> int:
        note = notes.check(name, data.decode(errors="replace"), verifier)
        if note.fault:
            raise _altered(name, note.fault)
        if note.size > found.size:
            told = {"size": note.size, "have": found.size}
            raise _altered(name, _("它有 %(size)d 条，总账只有 %(have)d 条：末尾被截去") % told)
        if note.root.hex() != found.root(note.size):
            raise _altered(name, _("它的根与总账不同：有记录被改写"))
        return note.size

    def _check_media(self) -> None:
        if self._taken(MEDIA) != "".join(f"{line}\n" for line in sorted(self.photos)).encode():
            raise _altered(MEDIA, _("与记录所列的照片不同"))


def _plain(note: str) -> bool:
    """Base64 can be written in several ways, and only the text above the signature is signed."""
    _text, gap, signature = note.partition("\n\n")
    start, _space, coded = signature.rpartition(" ")
    try:
        again = base64.b64encode(base64.b64decode(coded)).decode()
    except ValueError:
        return False
    return f"{start} {again}\n" == signature and bool(gap)


def _framed(entry: dict[str, Any], name: str) -> Any:
    return chain.canonical(entry[name]) if name == "body" else entry[name]


def _levels(leaves: list[bytes]) -> Iterator[list[bytes]]:
    """各层: the hashes of each level of tiles, from the leaves up."""
    hashes = leaves
    while hashes:
        yield hashes
        full = len(hashes) // TILE * TILE
        hashes = [tree.root_of(hashes[i : i + TILE]) for i in range(0, full, TILE)]


def _verifier(key: str) -> Verifier:
    try:
        return Verifier.parse(key)
    except ValueError:
        sentence = _("公钥须写成 名称+校验+内容（changxiao ledger key 的输出），请核对 --key。")
        raise Refused("key_unreadable", sentence, field="key") from None


def _altered(name: str, why: str) -> Refused:
    told = {"file": name, "why": why}
    sentence = _("总账导出里的 %(file)s 不可信：%(why)s。请向导出的单位重新索取。") % told
    return Refused("export_altered", sentence, field=name)


def _unreadable(path: Path) -> Refused:
    sentence = _("%(file)s 不是总账导出（changxiao ledger export 所写的 tar），或不完整。")
    return Refused("export_unreadable", sentence % {"file": path}, field="ledger")
