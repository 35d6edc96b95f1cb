"""公众号 accounts: a TOML file each, `wechat/<name>.toml` in the home (docs/channels.md)."""

from __future__ import annotations

import base64
import binascii
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from changxiao.kernel.finding import Finding, Level
from changxiao.kernel.home import home
from changxiao.kernel.refused import Refused

_NAME = re.compile(r"[a-z0-9-]{1,20}")
_FIELDS = ("appid", "token", "aes_key", "secret")
BASE = "https://api.weixin.qq.com"


@dataclass(frozen=True, slots=True)
class Account:
    """公众号: what its settings page at WeChat shows; `base` is where its own API is asked."""

    name: str
    appid: str
    token: str
    aes_key: bytes
    secret: str
    base: str = BASE

    @property
    def asked(self) -> dict[str, str]:
        """What asks for its access token, in the words of `notices`, which keeps that token."""
        return {"appid": self.appid, "secret": self.secret, "base": self.base}


def account(name: str) -> Account:
    """公众号 by name. Refused `account_unknown`, `account_unreadable`."""
    path = _folder() / f"{name}.toml"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise Refused("account_unknown", _("没有这个公众号"))
    return read(path)


def accounts() -> list[str]:
    """公众号名称."""
    return sorted(path.stem for path in _folder().glob("*.toml"))


def _folder() -> Path:
    return home() / "wechat"


def read(path: Path) -> Account:
    """读取. Refused `account_unreadable` names what will not do, and no secret."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise _unreadable(path.name, str(wrong)) from None
    for field in _FIELDS:
        if not isinstance(told.get(field), str) or not told[field].strip():
            raise _unreadable(path.name, _("缺少 %(field)s") % {"field": field})
    try:
        key = base64.b64decode(told["aes_key"] + "=", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise _unreadable(path.name, _("aes_key 须是43位 EncodingAESKey"))
    base = str(told.get("base", BASE)).rstrip("/")
    return Account(path.stem, told["appid"], told["token"], key, told["secret"], base)


def _unreadable(name: str, why: str) -> Refused:
    message = _("公众号文件 wechat/%(name)s 不可用：%(why)s")
    return Refused("account_unreadable", message % {"name": name, "why": why})


def probe() -> list[Finding]:
    """公众号检查: one line, on or off; a file that cannot be read says what is wrong."""
    title, names = _("微信公众号"), accounts()
    if not names:
        detail = _("未开通：目录 wechat 下没有公众号文件")
        return [Finding("wechat", Level.OK, title, detail)]
    wrong = []
    for name in names:
        try:
            account(name)
        except Refused as no:
            remedy = _("请对照 docs/channels.md 修改这个文件。")
            wrong.append(Finding("wechat", Level.WARN, title, no.sentence, remedy))
    return wrong or [Finding("wechat", Level.OK, title, "、".join(names))]
