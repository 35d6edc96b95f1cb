#!/usr/bin/env python3
"""Check an exported Changxiao log without Changxiao. One file, Python's standard library only.

    python3 verify_ledger.py LOG.tar [--key VKEY] [--checkpoint FILE] [--receipt FILE]
                                       [--proof TEXT] [--json]

Signatures need the `cryptography` package; without it they are reported as not checked. Written
from the format page (docs/ledger.md), not from the product's code: two who agree are worth more.

Exit codes: 0 whole, 2 chain, 3 tree or root, 4 checkpoint missing or inconsistent, 5 signature,
7 photo hash, 8 receipt or proof not in the log, 1 not an export at all.
"""

import argparse
import base64
import binascii
import hashlib
import json
import sys
import tarfile

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    Ed25519PublicKey = None

CHAIN, TREE, CHECKPOINT, SIGNATURE, MEDIA, RECEIPT = 2, 3, 4, 5, 7, 8
HASHED = (
    *("stream", "n", "verb", "actor", "on_behalf", "act_key"),
    *("occurred_at", "at", "recorded_at", "body"),
)
MEMBERS = {*HASHED, "prev", "hash", "index"}


def H(*parts: bytes) -> bytes:  # noqa: N802 - the format page calls it so
    return hashlib.sha256(b"".join(parts)).digest()


def jcs(value: object) -> bytes:
    """RFC 8785 for what an export holds: strings, whole numbers, true, false, null, no floats."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8")


class Unreadable(Exception):  # noqa: N818
    """This is not an export."""


class Findings:
    """The first finding of each code; broken entries speak before what follows from them."""

    def __init__(self) -> None:
        self.first: dict[int, tuple[int | None, str]] = {}

    def add(self, code: int, index: int | None, sentence: str) -> None:
        known = self.first.get(code)
        if known is None or place(index) < place(known[0]):
            self.first[code] = index, sentence

    def ordered(self) -> list[tuple[int, int | None, str]]:
        found = [(code, index, sentence) for code, (index, sentence) in self.first.items()]
        return sorted(found, key=lambda f: (0, place(f[1]), f[0]) if f[0] <= TREE else (1, f[0], 0))


def place(index: int | None) -> int:
    """A finding without an index comes after those that have one."""
    return sys.maxsize if index is None else index


class Tree:
    """RFC 6962, kept as (size, hash) of complete subtrees from left to right."""

    def __init__(self) -> None:
        self.stack: list[tuple[int, bytes]] = []
        self.tiles: list[list[bytes]] = []  # level: roots of complete subtrees of 256**level leaves

    def add(self, leaf: bytes) -> None:
        size, node = 1, leaf
        self._tile(size, node)
        while self.stack and self.stack[-1][0] == size:
            node = H(b"\x01", self.stack.pop()[1], node)
            size *= 2
            self._tile(size, node)
        self.stack.append((size, node))

    def _tile(self, size: int, node: bytes) -> None:
        level, rest = divmod(size.bit_length() - 1, 8)
        if rest == 0:
            while len(self.tiles) <= level:
                self.tiles.append([])
            self.tiles[level].append(node)

    def root(self) -> bytes:
        if not self.stack:
            return H()
        node = self.stack[-1][1]
        for _size, left in reversed(self.stack[:-1]):
            node = H(b"\x01", left, node)
        return node


class Log:
    """One pass over the entries: chains, leaves, photos, and the root at the sizes asked for."""

    def __init__(self, findings: Findings, sizes: set[int], keys: set[str]) -> None:
        self.findings, self.sizes, self.keys = findings, sizes, keys
        self.indexes: set[int] = set()
        self.tree, self.count = Tree(), 0
        self.roots = {0: H()}
        self.heads: dict[str, tuple[int, bytes]] = {}
        self.media: set[str] = set()
        self.seen: dict[str, str] = {}  # act_key: hash, for receipts
        self.placed: dict[int, str] = {}  # index: hash, for printed proofs

    def add(self, line: bytes) -> None:
        index = self.count
        self.count += 1
        try:
            entry = json.loads(line)
            digest = bytes.fromhex(entry["hash"])
            if set(entry) != MEMBERS or jcs(entry) + b"\n" != line:
                raise ValueError
            self._chain(index, entry, digest)
        except (ValueError, KeyError, TypeError, AttributeError):
            self.findings.add(CHAIN, index, f"entry {index} is not a canonical entry")
            digest = H(line)
        self.tree.add(H(b"\x00", digest))
        if index in self.indexes:
            self.placed[index] = digest.hex()
        if self.count in self.sizes:
            self.roots[self.count] = self.tree.root()

    def _chain(self, index: int, entry: dict, digest: bytes) -> None:
        stream, n = entry["stream"], entry["n"]
        last, prev = self.heads.get(stream, (0, H(b"cx-stream-v1\n", stream.encode())))
        body = H(b"cx-entry-v1\n", jcs({name: entry[name] for name in HASHED}))
        self.heads[stream] = (n, digest)
        if entry["index"] != index:
            self.findings.add(TREE, index, f"entry {index} calls itself {entry['index']}")
        if n != last + 1 or entry["prev"] != prev.hex():
            self.findings.add(CHAIN, index, f"entry {index} ({stream}#{n}) does not follow #{last}")
        elif H(b"cx-chain-v1\n", prev, body) != digest:
            self.findings.add(CHAIN, index, f"entry {index} ({stream}#{n}) is not what was hashed")
        if entry["verb"] in {"store_photo", "redact_photo"}:
            self.media |= {f"{p['sha256']}  {p['role']}" for p in entry["body"]["media"]}
        if entry["act_key"] in self.keys:
            self.seen[entry["act_key"]] = entry["hash"]


def parse_key(vkey: str) -> tuple[str, bytes, bytes]:
    """C2SP vkey name+hash+base64: the name, the four bytes of its hint and the public key."""
    name, hint, coded = vkey.strip().split("+", 2)
    data = base64.b64decode(coded, validate=True)
    if len(data) != 33 or H(name.encode(), b"\n", data)[:4].hex() != hint:
        raise Unreadable("the key is no Ed25519 vkey")
    return name, bytes.fromhex(hint), data[1:]


def signed(key: bytes, message: bytes, signature: bytes) -> bool:
    if Ed25519PublicKey is None:
        return True
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def open_note(note: str, vkey: str) -> tuple[int, bytes] | None:
    """Size and root of a checkpoint, or None where it is not signed by this key."""
    name, hint, key = parse_key(vkey)
    text, _gap, signatures = note.rpartition("\n\n")
    try:
        origin, size, root = text.split("\n")[:3]
        claim = int(size), base64.b64decode(root, validate=True)
        for line in signatures.splitlines():
            signer, coded = line.removeprefix("— ").rsplit(" ", 1)
            data = base64.b64decode(coded, validate=True)
            if (signer, origin, data[:4]) == (name, name, hint):
                return claim if signed(key, text.encode() + b"\n", data[4:]) else None
    except (ValueError, binascii.Error):
        pass
    return None


def check_notes(findings: Findings, log: Log, notes: list[tuple[str, tuple | None]]) -> None:
    good = 0
    for name, claim in sorted(notes, key=lambda note: note[1][0] if note[1] else 0):
        if claim is None:
            findings.add(SIGNATURE, None, f"checkpoint {name} is not signed by this key")
        elif claim[0] > log.count:
            sentence = f"checkpoint {name} has {claim[0]} entries, the log {log.count}: cut short"
            findings.add(CHECKPOINT, log.count, sentence)
        elif log.roots[claim[0]] != claim[1]:
            findings.add(CHECKPOINT, good, f"checkpoint {name} has another root: rewritten")
        else:
            good = claim[0]


def check_tiles(findings: Findings, tree: Tree, tiles: dict[str, bytes]) -> None:
    for level, hashes in enumerate(tree.tiles):
        for start in range(0, len(hashes), 256):
            part = hashes[start : start + 256]
            name = tile_name(level, start // 256) + ("" if len(part) == 256 else f".p/{len(part)}")
            stored = tiles.pop(name, b"")
            if stored != b"".join(part):
                pairs = zip(
                    part, (stored[i : i + 32] for i in range(0, len(stored), 32)), strict=False
                )
                first = next((i for i, (ours, theirs) in enumerate(pairs) if ours != theirs), None)
                index = None if first is None else (start + first) * 256**level
                findings.add(TREE, index, f"{name} differs from its entries")
    for name in tiles:
        findings.add(TREE, None, f"{name} belongs to no entry")


def tile_name(level: int, index: int) -> str:
    name = f"{index % 1000:03}"
    while index := index // 1000:
        name = f"x{index % 1000:03}/{name}"
    return f"tiles/{level}/{name}"


def check_receipt(findings: Findings, log: Log, slip: dict, vkey: str) -> None:
    name, _hint, key = parse_key(vkey)
    fields = ("act_key", "hash", "recorded_at", "origin")
    lines = ["cx-receipt-v1", *(str(slip.get(field)) for field in fields)]
    message = "".join(line + "\n" for line in lines).encode()
    if slip.get("origin") != name or not signed(key, message, base64.b64decode(slip["sig"])):
        findings.add(SIGNATURE, None, f"the receipt for {slip.get('act_key')} is not this log's")
    elif log.seen.get(slip["act_key"]) != slip["hash"]:
        findings.add(RECEIPT, None, f"the entry of receipt {slip['act_key']} is not in the log")


def parse_proof(text: str) -> dict:
    """The line of a printed QR: cx-proof-v1 origin size index hash root."""
    mark, origin, size, index, digest, root = text.split()
    if mark != "cx-proof-v1":
        raise Unreadable("the proof does not begin with cx-proof-v1")
    return {"origin": origin, "size": int(size), "index": int(index), "hash": digest, "root": root}


def check_proof(findings: Findings, log: Log, proof: dict, vkey: str) -> None:
    root = log.roots.get(proof["size"])
    if proof["origin"] != parse_key(vkey)[0]:
        findings.add(RECEIPT, None, f"the proof is of another log, {proof['origin']}")
    elif log.placed.get(proof["index"]) != proof["hash"]:
        findings.add(RECEIPT, proof["index"], f"entry {proof['index']} is not the printed one")
    elif root is None or root.hex() != proof["root"]:
        findings.add(RECEIPT, proof["index"], "the log had another root when the proof was made")


def check_papers(
    findings: Findings, log: Log, slips: list[dict], proofs: list[dict], vkey: str
) -> None:
    for slip in slips:
        check_receipt(findings, log, slip, vkey)
    for proof in proofs:
        check_proof(findings, log, proof, vkey)


def read(path: str, names: tuple[str, ...]) -> dict[str, bytes]:
    with tarfile.open(path) as tar:
        return {m.name: tar.extractfile(m).read() for m in tar if m.name.startswith(names)}


def verify(
    path: str, vkey: str, kept: list[str], slips: list[dict], proofs: list[dict]
) -> tuple[Findings, Log]:
    small = read(path, ("log.json", "checkpoints/", "tiles/", "media.sha256"))
    about = json.loads(small["log.json"])
    vkey, findings = vkey or about["vkey"], Findings()
    texts = {name: data.decode() for name, data in small.items() if name.startswith("checkpoints/")}
    for place, name in enumerate(sorted(texts), start=1):
        if name != f"checkpoints/{place:06}.txt":
            findings.add(CHECKPOINT, None, f"checkpoint {place} is missing")
    for file in kept:
        with open(file, encoding="utf-8") as handle:
            texts[file] = handle.read()
    notes = [(name, open_note(text, vkey)) for name, text in texts.items()]
    sizes = {claim[0] for _name, claim in notes if claim}
    sizes |= {proof["size"] for proof in proofs}
    log = Log(findings, sizes, {slip.get("act_key", "") for slip in slips})
    log.indexes = {proof["index"] for proof in proofs}
    with tarfile.open(path) as tar:
        for line in tar.extractfile("entries.jsonl"):
            log.add(line)
    if (about["size"], about["root"]) != (log.count, log.tree.root().hex()):
        findings.add(TREE, log.count, "log.json names another size or root than the entries give")
    tiles = {name: data for name, data in small.items() if name.startswith("tiles/")}
    check_tiles(findings, log.tree, tiles)
    check_notes(findings, log, notes)
    if set(small["media.sha256"].decode().splitlines()) != log.media:
        findings.add(MEDIA, None, "media.sha256 lists other photos than the entries name")
    check_papers(findings, log, slips, proofs, vkey)
    return findings, log


def main() -> int:
    words = argparse.ArgumentParser(description="Check an exported Changxiao log.")
    words.add_argument("export")
    words.add_argument("--key", default="", help="the city's vkey as you got it before")
    words.add_argument("--checkpoint", action="append", default=[], help="a checkpoint you kept")
    words.add_argument("--receipt", action="append", default=[], help="a receipt you kept")
    words.add_argument("--proof", action="append", default=[], help="the text of a printed QR")
    words.add_argument("--json", action="store_true")
    given = words.parse_args()
    try:
        slips = []
        for file in given.receipt:
            with open(file, encoding="utf-8") as handle:
                slips.append(json.load(handle))
        proofs = [parse_proof(text) for text in given.proof]
        findings, log = verify(given.export, given.key, given.checkpoint, slips, proofs)
    except (OSError, KeyError, ValueError, tarfile.TarError, Unreadable) as error:
        sys.stderr.write(f"not readable as an export: {error!r}\n")
        return 1
    found = findings.ordered()
    code = found[0][0] if found else 0
    if Ed25519PublicKey is None:
        sys.stderr.write("signatures not checked: the package `cryptography` is not here\n")
    if given.json:
        parts = [{"code": c, "index": i, "sentence": s} for c, i, s in found]
        about = {"code": code, "size": log.count, "root": log.tree.root().hex(), "findings": parts}
        sys.stdout.write(json.dumps(about, indent=2) + "\n")
    else:
        for number, _index, sentence in found:
            sys.stderr.write(f"{number}: {sentence}\n")
        if not found:
            sys.stdout.write(f"whole: {log.count} entries, root {log.tree.root().hex()}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
