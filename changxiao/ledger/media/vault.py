"""保险库 vault: originals encrypted with the key of their month (reliability.md §6.3, step 6).

AES-256-GCM. A sealed file names its own key, so that it can be opened by itself; destroying a
month's key destroys every original of that month, and the hashes in the ledger stay.
"""

import os
from datetime import UTC, datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from changxiao.kernel.home import folder, secret
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _
from changxiao.ledger.media import files

_MAGIC = b"CXV1"
_MONTH, _NONCE = len("2026-03"), 12
_HEAD = len(_MAGIC) + _MONTH + _NONCE


def seal(data: bytes, sha256: str, at: datetime) -> bytes:
    """封存: the encrypted file of an original; `at` names the month (UTC) of its key."""
    month = f"{at.astimezone(UTC):%Y-%m}"
    head = _MAGIC + month.encode() + os.urandom(_NONCE)
    fresh = not (folder("keys") / f"vault-{month}").exists()
    key = secret(f"vault-{month}", lambda: AESGCM.generate_key(256))
    if fresh:
        files.sync_folder(folder("keys"))  # an original must not outlive its key in a power cut
    return head + AESGCM(key).encrypt(head[-_NONCE:], data, head + sha256.encode())


def unseal(sealed: bytes, sha256: str) -> bytes:
    """启封: the original; Refused photo_destroyed without its key, photo_damaged if altered."""
    head = sealed[:_HEAD]
    month = head[len(_MAGIC) : -_NONCE].decode("ascii", "replace")
    if head[: len(_MAGIC)] != _MAGIC or not month.replace("-", "").isdigit():
        raise _damaged()
    path = folder("keys") / f"vault-{month}"  # not `secret`, which would make a new key
    if not path.is_file():
        raise Refused("photo_destroyed", _("原件已按保存期限销毁，仅保留其校验值"))
    try:
        return AESGCM(path.read_bytes()).decrypt(
            head[-_NONCE:], sealed[_HEAD:], head + sha256.encode()
        )
    except InvalidTag:
        raise _damaged() from None


def _damaged() -> Refused:
    return Refused("photo_damaged", _("原件已损坏或被改动，请从备份恢复并查明原因"))
