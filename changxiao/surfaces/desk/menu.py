"""菜单: which place of the console which posts see. The one list; look here to add a place."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from changxiao.cases.access import SEES_FLAGS
from changxiao.cases.finds.access import SEES_FINDS
from changxiao.cases.flow import ABOVE, ANYONE, CLERKS, HANDLERS, RELEASERS
from changxiao.cases.handover.access import DESKS
from changxiao.evaluation.flow import RANKED, SEES_ALL, SEES_PUBLISHED
from changxiao.orgs.posts import Post
from changxiao.patrols.access import READS
from changxiao.workorders.access import READERS

EVERYBODY = frozenset(Post)
COUNTS = frozenset({Post.CENTER_DIRECTOR, Post.COMMAND_DIRECTOR, Post.LEADER, Post.AUDITOR})
# Who edits none of the settings and still looks after people and what was changed.
WATCHERS = frozenset({Post.SECURITY_ADMIN, Post.AUDITOR})
SETTERS = frozenset({Post.CITY_ADMIN, Post.CENTER_DIRECTOR, Post.COMMAND_DIRECTOR})
READS_CASES = EVERYBODY - {Post.CITY_ADMIN, Post.SECURITY_ADMIN}


@dataclass(frozen=True, slots=True)
class Place:
    """去处: a page of the console, its words and its posts; `below` is where it reaches to."""

    name: str
    title: str | Promise
    icon: str
    posts: frozenset[str]

    @property
    def url(self) -> str:
        return _address(self.name)


_address = cache(reverse)


MENU: tuple[Place, ...] = (
    Place("home", pgettext_lazy("menu", "待办"), "home", frozenset(EVERYBODY)),
    Place("leader", pgettext_lazy("menu", "我负责的"), "traffic-lights", frozenset(ABOVE)),
    Place("mine", pgettext_lazy("menu", "我的案卷"), "clipboard-list", frozenset(HANDLERS)),
    Place("tasks", pgettext_lazy("menu", "我的任务"), "user-check", frozenset({Post.COLLECTOR})),
    Place("cases", pgettext_lazy("menu", "案卷"), "clipboard-list", frozenset(READS_CASES)),
    Place("map", pgettext_lazy("menu", "地图"), "map-2", frozenset(READS_CASES)),
    Place("case_report", pgettext_lazy("menu", "上报"), "plus", frozenset(ANYONE)),
    Place("orders", pgettext_lazy("menu", "工单"), "inbox", frozenset(READERS)),
    Place("callbacks", pgettext_lazy("menu", "回访"), "phone", frozenset(CLERKS)),
    Place("finds", pgettext_lazy("menu", "机器发现"), "camera", frozenset(SEES_FINDS)),
    Place("public_photos", pgettext_lazy("menu", "公开照片"), "photo", frozenset(RELEASERS)),
    Place("handover", pgettext_lazy("menu", "交接班"), "refresh", frozenset(DESKS)),
    Place("components", pgettext_lazy("menu", "部件"), "map-pin", frozenset(EVERYBODY)),
    Place("catalog", pgettext_lazy("menu", "目录"), "list-check", frozenset(EVERYBODY)),
    Place("units", pgettext_lazy("menu", "单位"), "building", frozenset(EVERYBODY)),
    Place("areas", pgettext_lazy("menu", "区域"), "map", frozenset(EVERYBODY)),
    Place("emergencies", pgettext_lazy("menu", "应急令"), "alert-triangle", frozenset(EVERYBODY)),
    Place("flags", pgettext_lazy("menu", "证据疑点"), "flag", frozenset(SEES_FLAGS)),
    Place("rechecks", pgettext_lazy("menu", "抽查"), "eye", frozenset(SEES_FLAGS)),
    Place("patrols", pgettext_lazy("menu", "巡查"), "route", frozenset(READS)),
    Place("patrols_mine", pgettext_lazy("menu", "我的巡查"), "route", frozenset({Post.COLLECTOR})),
    Place("evaluations", pgettext_lazy("menu", "评价"), "trophy", frozenset(SEES_PUBLISHED)),
    Place("gaps", pgettext_lazy("menu", "差距任务"), "list-check", frozenset(SEES_ALL | RANKED)),
    Place("exceptional", pgettext_lazy("menu", "作废与强结"), "ban", frozenset(COUNTS)),
    Place("analysis", pgettext_lazy("menu", "研判"), "chart-dots", frozenset(SEES_ALL)),
    Place("lasting", pgettext_lazy("menu", "长效指数"), "history", frozenset(SEES_ALL)),
    Place("ledger", pgettext_lazy("menu", "总账"), "shield-check", frozenset(EVERYBODY)),
    Place("settings", pgettext_lazy("menu", "设置"), "settings", frozenset(SETTERS)),
    Place("people", pgettext_lazy("menu", "人员"), "users", frozenset(WATCHERS)),
    Place("changes", pgettext_lazy("menu", "近期修改"), "history", frozenset({Post.AUDITOR})),
)
# Looked up now and then: behind 更多, so that the day's work fits one line at 1,024 pixels.
SELDOM = frozenset(
    {
        *("components", "catalog", "units", "areas", "emergencies", "rechecks", "exceptional"),
        *("ledger", "changes", "public_photos", "callbacks", "patrols"),
        *("analysis", "lasting", "gaps"),
        *("finds", "flags"),
    }
)


@dataclass(frozen=True, slots=True)
class Group:
    """设置的一组: its places with one line each that says what is edited there."""

    title: str | Promise
    places: tuple[tuple[Place, str | Promise], ...]


def _editable(
    name: str, title: str | Promise, icon: str, words: str | Promise
) -> tuple[Place, str | Promise]:
    return Place(name, title, icon, frozenset(SETTERS)), words


# What a city edits without a developer, by the room whose pages they are. Add a line for a page.
SETTINGS: tuple[Group, ...] = (
    Group(
        pgettext_lazy("menu", "机构与人员"),
        (
            _editable(
                "units",
                pgettext_lazy("menu", "单位"),
                "building",
                gettext_lazy("设立、更名、移动、合并，责任人，值班表，合同标段"),
            ),
            (
                Place(
                    "people", pgettext_lazy("menu", "人员"), "users", frozenset({Post.CITY_ADMIN})
                ),
                gettext_lazy("入职、任命、离岗交接、口令与账号，名单导入"),
            ),
        ),
    ),
    Group(
        pgettext_lazy("menu", "目录"),
        (
            _editable(
                "catalog_criteria",
                pgettext_lazy("menu", "立案标准"),
                "list-check",
                gettext_lazy("立案条件、处置时限、结案条件和材料、分阶段处置"),
            ),
            _editable(
                "catalog_subjects",
                pgettext_lazy("menu", "大类小类"),
                "layout-list",
                gettext_lazy("国家目录和本市自定的小类，启用与停用"),
            ),
            _editable(
                "catalog_responsibilities",
                pgettext_lazy("menu", "责任表"),
                "building",
                gettext_lazy("哪类问题在哪个区域由哪个单位负责"),
            ),
            _editable(
                "catalog_trial",
                pgettext_lazy("menu", "试派"),
                "route",
                gettext_lazy("选地点和立案标准，看这件该谁办、为什么"),
            ),
            _editable(
                "catalog_gaps",
                pgettext_lazy("menu", "责任空白"),
                "alert-triangle",
                gettext_lazy("哪些问题在哪些地方没有单位负责"),
            ),
            _editable(
                "catalog_grades",
                pgettext_lazy("menu", "区域等级"),
                "map",
                gettext_lazy("按区域收紧或放宽处置时限"),
            ),
            _editable(
                "catalog_place_kinds",
                pgettext_lazy("menu", "场所类型"),
                "building",
                gettext_lazy("哪些社区是商区、高档商住小区、开放式小区、楼宇"),
            ),
            _editable(
                "catalog_stages",
                pgettext_lazy("menu", "环节时限"),
                "clock",
                gettext_lazy("受理、核实、派遣、核查、结案各可用多久"),
            ),
            _editable(
                "case_confirm_rules",
                pgettext_lazy("menu", "核实规则"),
                "user-check",
                gettext_lazy("哪些来源的上报要先核实再立案"),
            ),
            _editable(
                "case_cameras",
                pgettext_lazy("menu", "摄像机"),
                "camera",
                gettext_lazy("哪台摄像机在哪里、识别什么，每类说准了多少，静默"),
            ),
            _editable(
                "catalog_public_rules",
                pgettext_lazy("menu", "公开规则"),
                "eye",
                gettext_lazy("公众什么时候看得到哪一类案卷、位置看得多准"),
            ),
            _editable(
                "catalog_answers",
                pgettext_lazy("menu", "答复模板"),
                "message-circle",
                gettext_lazy("结案和不予受理时给市民的话，按小类和结果"),
            ),
            _editable(
                "order_sources",
                pgettext_lazy("menu", "工单来源"),
                "inbox",
                gettext_lazy("12345、上级等来源的列名、类别对照和答复表样"),
            ),
            _editable(
                "catalog_controls",
                pgettext_lazy("menu", "管控区"),
                "ban",
                gettext_lazy("哪里、什么时候、哪些问题市民不在这里报，该去哪里"),
            ),
            _editable(
                "catalog_questions",
                pgettext_lazy("menu", "附加问题"),
                "list-check",
                gettext_lazy("上报某类问题时另外要问的话，回答随案卷保存"),
            ),
            _editable(
                "case_steps",
                pgettext_lazy("menu", "步骤岗位"),
                "users",
                gettext_lazy("每一步由哪些岗位办"),
            ),
            _editable(
                "case_suggestions",
                pgettext_lazy("menu", "建议模型"),
                "list-check",
                gettext_lazy("从已结案的案卷学建议：版本、成绩，启用与停用"),
            ),
            _editable(
                "catalog_policies",
                pgettext_lazy("menu", "政策取值"),
                "adjustments",
                gettext_lazy("签收、延期、挂账、相似案卷、预警等全市通用的数"),
            ),
        ),
    ),
    Group(
        pgettext_lazy("menu", "时间"),
        (
            _editable(
                "catalog_calendar",
                pgettext_lazy("menu", "日历"),
                "calendar",
                gettext_lazy("放假与调休，逐日标记或录入国务院通知"),
            ),
            _editable(
                "catalog_windows",
                pgettext_lazy("menu", "工作时段"),
                "clock",
                gettext_lazy("机关、环卫、夜班各在什么时间上班，分季节"),
            ),
            _editable(
                "catalog_overlays",
                pgettext_lazy("menu", "时期系数"),
                "hourglass",
                gettext_lazy("迎检、节庆：从哪天到哪天，时限乘以多少"),
            ),
            _editable(
                "emergencies",
                pgettext_lazy("menu", "应急令"),
                "alert-triangle",
                gettext_lazy("台风等应急时成批暂停非紧急时限，延长与解除"),
            ),
        ),
    ),
    Group(
        pgettext_lazy("menu", "通知"),
        (
            _editable(
                "notice_rules",
                pgettext_lazy("menu", "通知规则"),
                "bell",
                gettext_lazy("什么事通知谁、走哪些渠道、怎么说"),
            ),
            _editable(
                "notice_deliveries",
                pgettext_lazy("menu", "投递情况"),
                "send",
                gettext_lazy("消息送到了没有、为什么没送到，重发"),
            ),
            _editable(
                "notice_robots",
                pgettext_lazy("menu", "群机器人"),
                "message-circle",
                gettext_lazy("各单位的企业微信、钉钉、飞书群"),
            ),
            _editable(
                "notice_hooks",
                pgettext_lazy("menu", "出站推送"),
                "link",
                gettext_lazy("案卷有变化时告诉别的系统：地址、签名、重推"),
            ),
        ),
    ),
    Group(
        pgettext_lazy("menu", "留痕"),
        (
            (
                Place(
                    "changes",
                    pgettext_lazy("menu", "近期修改"),
                    "history",
                    frozenset({Post.CITY_ADMIN}),
                ),
                gettext_lazy("谁在什么时候改了什么，按种类、人员、日期查"),
            ),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Row:
    """菜单行, as the frame of a page draws it."""

    url: str
    title: str | Promise
    icon: str
    here: bool
    seldom: bool


def rows(posts: Collection[str], path: str) -> list[Row]:
    """菜单: what these posts see; the longest address that the page lies below is where we are."""
    held = frozenset(posts)
    seen = [(place, place.url) for place in MENU if place.posts & held]
    under = [url for _place, url in seen if path == url or (url != "/" and path.startswith(url))]
    here = max(under, key=len, default="")
    return [
        Row(url, place.title, place.icon, url == here, place.name in SELDOM) for place, url in seen
    ]
