"""办理底座: one transaction, one lock, one legal moment, and who may edit what.

Edits of the catalogue are rare and concern each other (a criterion and its successor), so they take
turns on the stamp's row. Saying again what already holds changes nothing and leaves no entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changxiao.catalog import stamp
from changxiao.catalog.models import Category, Kind, Subcategory
from changxiao.kernel.act import Act
from changxiao.kernel.day import local_date
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.ledger.edits import check_unmoved
from changxiao.orgs.models import Staff
from changxiao.orgs.posts import Post

_AREA = re.compile(r"[0-9A-Za-z-]{1,24}")
EDITORS = frozenset({Post.CITY_ADMIN, Post.CENTER_DIRECTOR, Post.COMMAND_DIRECTOR})
# The order is the city's; its administrator enters it, with its number, as one enters a notice.
COMMANDERS = frozenset({Post.COMMAND_DIRECTOR, Post.LEADER, Post.CITY_ADMIN})
RULERS = EDITORS | {Post.LEADER}

VERBS: Mapping[str, tuple[Promise, frozenset[Post]]] = {
    "load_catalog": (gettext_lazy("装载目录"), EDITORS),
    "import_standards": (gettext_lazy("导入立案标准"), EDITORS),
    "set_category": (gettext_lazy("设定大类"), EDITORS),
    "set_subcategory": (gettext_lazy("设定小类"), EDITORS),
    "switch_subcategory": (gettext_lazy("启停小类"), EDITORS),
    "set_criterion": (gettext_lazy("设定立案标准"), EDITORS),
    "retire_criterion": (gettext_lazy("停用立案标准"), EDITORS),
    "set_responsibility": (gettext_lazy("设定责任单位"), RULERS),
    "end_responsibility": (gettext_lazy("终止责任"), RULERS),
    "set_confirm_rule": (gettext_lazy("设定核实规则"), EDITORS),
    "drop_confirm_rule": (gettext_lazy("删除核实规则"), EDITORS),
    "set_stage_limit": (gettext_lazy("设定环节时限"), EDITORS),
    "drop_stage_limit": (gettext_lazy("恢复默认环节时限"), EDITORS),
    "set_area_grade": (gettext_lazy("设定区域等级"), EDITORS),
    "end_area_grade": (gettext_lazy("取消区域等级"), EDITORS),
    "set_place_kind": (gettext_lazy("设定场所类型"), EDITORS),
    "drop_place_kind": (gettext_lazy("取消场所类型"), EDITORS),
    "set_overlay": (gettext_lazy("设定时期系数"), EDITORS | COMMANDERS),
    "declare_emergency": (gettext_lazy("发布应急令"), COMMANDERS),
    "extend_emergency": (gettext_lazy("延长应急令"), COMMANDERS),
    "drop_overlay": (gettext_lazy("取消时期系数"), EDITORS | COMMANDERS),
    "clear_calendar_day": (gettext_lazy("取消特殊日"), EDITORS),
    "import_calendar": (gettext_lazy("录入放假通知"), EDITORS),
    "lift_emergency": (gettext_lazy("解除应急令"), COMMANDERS),
    "set_calendar_day": (gettext_lazy("设定日历"), EDITORS),
    "set_window": (gettext_lazy("设定工作时段"), EDITORS),
    "set_public_rule": (gettext_lazy("设定公开规则"), EDITORS),
    "drop_public_rule": (gettext_lazy("删除公开规则"), EDITORS),
    "set_answer_template": (gettext_lazy("设定答复模板"), EDITORS),
    "drop_answer_template": (gettext_lazy("删除答复模板"), EDITORS),
    "set_control_area": (gettext_lazy("设定管控区"), EDITORS),
    "drop_control_area": (gettext_lazy("取消管控区"), EDITORS),
    "set_question": (gettext_lazy("设定附加问题"), EDITORS),
    "drop_question": (gettext_lazy("删除附加问题"), EDITORS),
    "set_policy": (gettext_lazy("设定政策取值"), EDITORS),
}


@dataclass(slots=True)
class Doing:
    """进行中的动作: its verb, its act, the one legal moment of all of it."""

    verb: str
    act: Act
    at: datetime
    recorded: list[str] = field(default_factory=list)

    @property
    def day(self) -> date:
        """办理日期: the day in the city."""
        return local_date(self.at)

    def record(self, stream: str, **body: Any) -> None:
        """记录: the entry of this verb; edits count as made from here on.

        `was` in the body is the row before it, so that the log alone tells before and after.
        Refused `edited_meanwhile` where somebody was faster than the act's reader.
        """
        check_unmoved(stream, self.act, who)
        ledger.append(stream=stream, verb=self.verb, act=self.act, at=self.at, body=body)
        self.recorded.append(stream)


@contextmanager
def doing(verb: str, act: Act, *, stream: str = "") -> Iterator[Doing]:
    """办理: the transaction of one verb; Refused `not_yours` for a post that may not.

    With a `stream` the answer to an act that was done before is its old answer (Replayed) and not
    today's refusal.
    """
    _admit(verb, act)
    with writing():
        stamp.hold()
        now = Doing(verb, act, act.moment())
        try:
            yield now
        except Refused:
            if stream:
                ledger.recall(stream=stream, verb=verb, act=act)
            raise
        if now.recorded:
            stamp.bump()


def who(actor: str) -> str:
    """办理人姓名, the user name where nobody bears it."""
    return Staff.objects.filter(username=actor).values_list("name", flat=True).first() or actor


def _admit(verb: str, act: Act) -> None:
    title, posts = VERBS[verb]
    if act.actor.startswith("system:") or act.post in posts:
        return
    names = "、".join(str(post.label) for post in sorted(posts))
    raise Refused("not_yours", _("%(verb)s须由%(posts)s办理") % {"verb": title, "posts": names})


def check_area(code: str) -> str:
    """区划代码: a prefix of the codes below it; "" is the whole city."""
    code = code.strip()
    if code and not _AREA.fullmatch(code):
        message = _("区划代码“%(code)s”不可用：请填区划代码，全市则留空") % {"code": code}
        raise Refused("area_unreadable", message, field="area_code")
    return code


def check_keys(keys: list[str]) -> list[str]:
    """适用小类: each key names a category ("e01") or sub-category ("c0101") that there is."""
    known = {kind.letter for kind in Kind}
    known |= {row.key for row in Category.objects.all()}
    known |= {row.key for row in Subcategory.objects.all()}
    for key in keys:
        if key not in known:
            message = _("适用小类“%(key)s”不存在：请写 e0110 或 c01 这样的代码") % {"key": key}
            raise Refused("subject_unknown", message, field="keys")
    return sorted(set(keys))
