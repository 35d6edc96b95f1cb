"""安装目录 home: the one folder that holds database, files and keys (`CHANGXIAO_HOME`)."""

import os
import secrets
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parent.parent.parent


def home() -> Path:
    """安装目录: CHANGXIAO_HOME, by default `var/` in the checkout; made on first use,
    closed to others, for the database in it holds names and telephone numbers."""
    folder = _named()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _named() -> Path:
    return _resolved(os.environ.get("CHANGXIAO_HOME") or str(_CHECKOUT / "var"), os.getcwd())


@lru_cache(4)
def _resolved(name: str, here: str) -> Path:
    return Path(here, name).resolve()


def folder(name: str) -> Path:
    """子目录: `media`, `vault`, `keys`, `tmp`, `backups`; made on first use, keys closed."""
    path = home() / name
    path.mkdir(mode=0o700 if name in {"keys", "vault"} else 0o755, parents=True, exist_ok=True)
    return path


def secret(
    name: str, make: Callable[[], bytes] = lambda: secrets.token_urlsafe(48).encode()
) -> bytes:
    """密钥: the bytes of key file `name`, made once with mode 0600; two starters never disagree."""
    path = _named() / "keys" / name  # every receipt reads two: no folder is made for nothing
    try:
        return path.read_bytes()
    except FileNotFoundError:
        folder("keys")
        draft = path.with_name(f".{name}.{secrets.token_hex(6)}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        return path.read_bytes()
