"""谁可以改机构与人员: the table of verbs and posts (GB/T 22239-2019 8.1.5). No database, no clock.

The system administrator keeps units and people, the security administrator gives and takes posts
and keys, the auditor changes nothing; nobody gives himself a post or takes over what he ends.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.orgs.posts import ADMINISTRATORS, Post

KEEPS = frozenset({Post.CITY_ADMIN})
GRANTS = frozenset({Post.SECURITY_ADMIN})
ENDS = KEEPS | GRANTS
LEADS = KEEPS | {Post.UNIT_LEAD, Post.CENTER_DIRECTOR, Post.COMMAND_DIRECTOR}
# Who answers for units or for a centre, and so gets a sheet each morning.
LEADING = frozenset({Post.LEADER, Post.CENTER_DIRECTOR, Post.COMMAND_DIRECTOR, Post.UNIT_LEAD})


@dataclass(frozen=True, slots=True)
class Right:
    """权限: a verb, its title, who may do it, and whether the person concerned may do it too."""

    verb: str
    title: str | Promise
    posts: frozenset[Post]
    own: bool | None = None  # True: also for oneself; False: never for oneself; None: no matter


RIGHTS = {
    right.verb: right
    for right in (
        Right("create_unit", gettext_lazy("设立机构"), KEEPS),
        Right("rename_unit", gettext_lazy("机构更名"), KEEPS),
        Right("edit_unit", gettext_lazy("修改机构"), KEEPS),
        Right("end_unit", gettext_lazy("撤销机构"), KEEPS),
        Right("reopen_unit", gettext_lazy("恢复机构"), KEEPS),
        Right("merge_units", gettext_lazy("机构合并"), KEEPS),
        Right("sign_section", gettext_lazy("登记标段"), KEEPS),
        Right("edit_section", gettext_lazy("修改标段"), KEEPS),
        Right("end_section", gettext_lazy("终止标段"), KEEPS),
        Right("end_role", gettext_lazy("取消责任设置"), KEEPS),
        Right("set_role", gettext_lazy("确定责任人"), KEEPS),
        Right("roster", gettext_lazy("排班"), LEADS),
        Right("set_week", gettext_lazy("排一周班"), LEADS),
        Right("edit_staff", gettext_lazy("修改人员"), KEEPS),
        Right("import_people", gettext_lazy("导入人员"), KEEPS),
        Right("hire", gettext_lazy("人员入职"), KEEPS),
        Right("appoint", gettext_lazy("任命岗位"), GRANTS, own=False),
        Right("dismiss", gettext_lazy("免去岗位"), GRANTS),
        Right("hand_over", gettext_lazy("离岗交接"), ENDS, own=False),
        Right("deactivate", gettext_lazy("停用账号"), ENDS),
        Right("reactivate", gettext_lazy("恢复账号"), GRANTS, own=False),
        Right("end_sessions", gettext_lazy("结束会话"), ENDS, own=True),
        Right("set_password", gettext_lazy("修改密码"), GRANTS, own=True),
        # A token acts as its person: whoever could issue another's could act as anybody.
        Right("issue_token", gettext_lazy("签发令牌"), frozenset(), own=True),
        Right("revoke_token", gettext_lazy("吊销令牌"), ENDS, own=True),
        Right("issue_report_link", gettext_lazy("签发日报链接"), frozenset(), own=True),
        Right("revoke_report_link", gettext_lazy("吊销日报链接"), ENDS, own=True),
    )
}


def check(verb: str, act: Act, *, concerned: str = "") -> None:
    """核对权限: refuse unless the act's post may do the verb; `concerned` is whom it is done to.

    The system (set-up, importer, sweeps) may do all of them. Raises Refused("not_yours"),
    Refused("not_for_oneself").
    """
    if act.actor.startswith("system:"):
        return
    right = RIGHTS[verb]
    oneself = bool(concerned) and act.actor == concerned
    if oneself and right.own is False:
        raise Refused(
            "not_for_oneself",
            _("%(title)s不能由本人为自己办理，请另一位管理员办理") % {"title": right.title},
        )
    if act.post not in right.posts and not (oneself and right.own):
        labels = "、".join(sorted(str(post.label) for post in right.posts)) or _("本人")
        raise Refused(
            "not_yours", _("%(title)s须由%(posts)s办理") % {"title": right.title, "posts": labels}
        )


def check_exclusive(post: str, held: frozenset[str]) -> None:
    """三员分立: nobody is two of system, security and audit administrator, nor one beside a post of
    the case flow. `held` are the posts the person has in the same days. Raises Refused.
    """
    others = held - {post}
    if post in ADMINISTRATORS and others:
        clash = sorted(others)
    else:
        clash = sorted(others & set(ADMINISTRATORS))
    if clash:
        raise Refused(
            "administrators_apart",
            _("岗位“%(post)s”与已任“%(held)s”不能由同一人担任（三员分立），请先免去或另选人员")
            % {"post": Post(post).label, "held": Post(clash[0]).label},
            field="post",
        )


_PHONE = re.compile(r"\+?[0-9][0-9 -]{2,22}(?:转[0-9]{1,6}|#[0-9]{1,6})?")
_USERNAME = re.compile(r"[0-9A-Za-z\u3400-\u9fff][0-9A-Za-z\u3400-\u9fff@.+_-]{0,63}")


def plain(text: str) -> str:
    """整理文字: full-width digits and letters made plain, blanks closed up."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def phone_number(text: str) -> str:
    """电话号码: as it is dialled, full-width digits made plain; "" for none.

    Refused `phone_unreadable`.
    """
    told = re.sub(r"[()\u2010-\u2015\u2212]", "-", plain(text)).strip("- ").replace("--", "-")
    if told and not _PHONE.fullmatch(told):
        message = _("电话“%(phone)s”无法识别：请写成 13800138000 或 0754-88880000 转 12 这样")
        raise Refused("phone_unreadable", message % {"phone": text.strip()[:40]}, field="phone")
    return told


def username(text: str) -> str:
    """用户名: letters, digits and Chinese characters. Refused `username_unreadable`."""
    told = plain(text)
    if not _USERNAME.fullmatch(told):
        message = _("用户名“%(username)s”不可用：请用字母、数字或汉字，不含空格，不超过64个")
        values = {"username": told[:40]}
        raise Refused("username_unreadable", message % values, field="username")
    return told


def person_name(text: str) -> str:
    """姓名. Refused `name_missing`."""
    told = plain(text)
    if not told or len(told) > 64:
        raise Refused("name_missing", _("请填写姓名，不超过64字"), field="name")
    return told
