"""群机器人底座: the three vendors differ in message, signature and answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from changxiao.notices import wire
from changxiao.notices.channels.base import Address, Failed, Message, kept
from changxiao.notices.models_outside import Robot

MOST_TEXT = 1000


def off(kind: str) -> str:
    """未开通的原因."""
    names = list(Robot.objects.filter(kind=kind, enabled=True).values_list("name", flat=True))
    if not names:
        return _("还没有登记群机器人（设置 → 群机器人）")
    lacking = [name for name in names if not kept(f"robot-{name}")]
    if len(lacking) == len(names):
        file = f"keys/notices/robot-{lacking[0]}"
        return _("缺少文件 %(file)s：请写入机器人的地址") % {"file": file}
    return ""


def secrets(to: Address) -> tuple[str, str]:
    """地址与加签密钥: first and second line of the robot's file; Failed where it is missing."""
    lines = kept(f"robot-{to.robot}").splitlines()
    if not lines:
        raise Failed(_("缺少文件 %(file)s") % {"file": f"keys/notices/robot-{to.robot}"})
    return lines[0].strip(), lines[1].strip() if len(lines) > 1 else ""


def words(message: Message) -> str:
    """正文: title, text, link, a line each."""
    text = message.text[:MOST_TEXT]
    return "\n".join(part for part in (f"【{message.title}】{text}", message.url) if part)


def post(url: str, told: Mapping[str, Any], *, code: str, busy: Collection[int]) -> None:
    """发出: Failed by HTTP status or by the vendor's own code; `busy` ones are tried again."""
    answer = wire.must_be_taken(wire.post_json(wire.known(url), told))
    said = answer.json
    found = said.get(code, said.get("StatusCode", -1))
    if found == 0:
        return
    why = _("对方答 %(code)s %(words)s")
    words_ = str(said.get("errmsg") or said.get("msg") or "")[:120]
    raise Failed(why % {"code": found, "words": words_}, for_good=found not in busy)
