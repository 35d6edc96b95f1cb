"""见证: somebody with other interests remembers size and root, and cosigns only what grew from it.

Without witnesses an administrator could chain everything anew. The memory is one file on the
witness's own machine; it pins the city's key at its first use (C2SP tlog-cosignature).
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils.translation import gettext as _

from changxiao.kernel.refused import Refused
from changxiao.ledger import tree
from changxiao.ledger.notes import Note
from changxiao.ledger.vkey import Verifier

_COSIGNATURE = b"\x04"


@dataclass(slots=True)
class Memory:
    """记忆: the city's key, the last size and root seen, and the witness's own name and key."""

    vkey: str
    name: str
    seed: str
    size: int = 0
    root: str = tree.EMPTY.hex()

    @classmethod
    def load(cls, path: Path) -> Memory | None:
        return cls(**json.loads(path.read_text())) if path.exists() else None

    @classmethod
    def start(cls, vkey: str, name: str) -> Memory:
        """开始见证: pin the key and make one of our own."""
        seed = Ed25519PrivateKey.generate().private_bytes_raw().hex()
        return cls(str(Verifier.parse(vkey)), name, seed)

    def save(self, path: Path) -> None:
        """记住: whole or not at all, readable by its owner only."""
        part = path.with_name(f".{path.name}.part")
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(self), file, indent=2, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)


def cosign(memory: Memory, proof: Mapping[str, Any], seconds: int) -> str:
    """副署: check the proof of growth, remember the new root and return the cosigned checkpoint.

    `seconds` is the time since 1970. Raises Refused "witness_signature" or "witness_fork".
    """
    note_text: str = proof["checkpoint"]
    city = Verifier.parse(memory.vkey)
    note = Note.parse(note_text)
    if note.origin != city.name or not city.opens(note_text):
        raise Refused("witness_signature", _("检查点的签名不是所记公钥的：请勿副署，查明原因"))
    path = [bytes.fromhex(part) for part in proof["path"]]
    roots = bytes.fromhex(memory.root), note.root
    grew = proof["old"] == memory.size and tree.extends(memory.size, note.size, path, *roots)
    if not grew:
        raise Refused(
            "witness_fork",
            _("总账不是由所记的 %(size)s 条增长而来：有人改写了历史") % {"size": memory.size},
        )
    memory.size, memory.root = note.size, note.root.hex()
    return note_text + _line(memory, note.text(), seconds)


def _line(memory: Memory, text: str, seconds: int) -> str:
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(memory.seed))
    public = key.public_key().public_bytes_raw()
    hint = sha256(memory.name.encode() + b"\n" + _COSIGNATURE + public).digest()[:4]
    signature = key.sign(f"cosignature/v1\ntime {seconds}\n{text}".encode())
    coded = base64.b64encode(hint + seconds.to_bytes(8, "big") + signature).decode()
    return f"— {memory.name} {coded}\n"
