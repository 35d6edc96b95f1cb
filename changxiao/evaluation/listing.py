"""评价的列表: what pages show of a result, with names in words; and the cases behind a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from changxiao.evaluation.access import answers_for
from changxiao.evaluation.flow import SEES_ALL
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.models import Evaluation, Objection, SchemeVersion
from changxiao.evaluation.models_rewards import HonorDecision
from changxiao.evaluation.naming import names_of
from changxiao.evaluation.schemes import read_scheme
from changxiao.kernel import scope
from changxiao.ledger.models import Entry
from changxiao.orgs.models import Staff
from changxiao.orgs.posts import Post


def title_of(key: str) -> str:
    """指标名称, in the reader's language; the key itself for what the library no longer has."""
    indicator = LIBRARY.get(key)
    if indicator is None:
        return key
    return indicator.zh if (get_language() or "zh").startswith("zh") else indicator.en


@dataclass(frozen=True, slots=True)
class Ranked:
    """排名一行: `cells` in the order of `Table.keys`; `width` of the bar, in per cent."""

    code: str
    name: str
    told: Mapping[str, Any]
    cells: list[Mapping[str, Any] | None]
    width: str

    @property
    def rising(self) -> str:
        """升降: up, down or level against the period before; empty where there is none."""
        trend = self.told["trend"]
        if not trend or trend["change"] is None:
            return ""
        change = float(trend["change"])
        return "up" if change > 0 else "down" if change < 0 else "level"


@dataclass(frozen=True, slots=True)
class Table:
    """排名表: the indicators in columns, the groups in rows."""

    keys: list[tuple[str, str]]
    rows: list[Ranked]
    kind: str


def table_of(row: Evaluation) -> Table:
    """排名表 of an evaluation that is computed."""
    told = row.result
    kind = told["scheme"]["group"]
    names = names_of(kind, [one["code"] for one in told["rows"]])
    keys = sorted({cell["indicator"] for one in told["rows"] for cell in one["cells"]})
    total = float(told.get("total") or 100)
    rows = []
    for one in told["rows"]:
        by_key = {cell["indicator"]: cell for cell in one["cells"]}
        score = float(one["score"]) if one["score"] is not None else 0.0
        width = max(0.0, min(100.0, 100 * score / total)) if total else 0.0
        cells = [by_key.get(key) for key in keys]
        rows.append(Ranked(one["code"], names[one["code"]], one, cells, f"{width:.1f}"))
    return Table([(key, title_of(key)) for key in keys], rows, kind)


def honors_of(row: Evaluation) -> list[dict[str, Any]]:
    """红黑榜, with the names of lists and groups, and what was decided of each."""
    lists = {one.key: one for one in read_scheme(row.scheme.text, LIBRARY).honors}
    table = {one["code"]: one for one in row.result["rows"]}
    names = names_of(row.result["scheme"]["group"], list(table))
    decided = {(one.honor, one.group): one for one in HonorDecision.objects.filter(evaluation=row)}
    return [
        {
            **one,
            "name": names.get(one["code"], one["code"]),
            "on": lists[one["list"]],
            "decision": decided.get((one["list"], one["code"])),
        }
        for one in row.result.get("honors", ())
    ]


def outside_of(
    row: Evaluation, names: Mapping[str, str]
) -> list[tuple[str, str, str, list[Mapping[str, str]], bool]]:
    """计入的外部得分: group, item and points of each, with the lines that they come from, and
    whether these add points instead of scoring."""
    lines: dict[tuple[str, str], list[Mapping[str, str]]] = {}
    for one in row.result.get("outside", ()):
        lines.setdefault((one["group"], one["item"]), []).append(one)
    if not lines:
        return []
    items = {one.key: one for one in read_scheme(row.scheme.text, LIBRARY).outside}
    return [
        (
            names[ranked["code"]],
            items[one["item"]].title,
            f"{one['points']} / {one['most']}" if one["most"] else one["points"],
            lines[ranked["code"], one["item"]],
            not one["most"],
        )
        for ranked in row.result["rows"]
        for one in ranked.get("outside", ())
    ]


def cell_of(row: Evaluation, group: str, indicator: str) -> Mapping[str, Any] | None:
    """一格: its counts, None where there is none."""
    for one in row.result.get("rows", ()):
        if one["code"] == group:
            return next((cell for cell in one["cells"] if cell["indicator"] == indicator), None)
    return None


def latest_schemes() -> list[SchemeVersion]:
    """现行方案: the newest version of each."""
    kept: dict[str, SchemeVersion] = {}
    for one in SchemeVersion.objects.order_by("key", "-version"):
        kept.setdefault(one.key, one)
    return list(kept.values())


def evaluations(asked: Mapping[str, str]) -> QuerySet[Evaluation]:
    """评价列表: by scheme, without what was dropped."""
    rows = Evaluation.objects.select_related("scheme").exclude(state="dropped").defer("result")
    return rows.filter(key=asked["scheme"]) if asked.get("scheme") else rows


def objections(row: Evaluation) -> list[tuple[Objection, str, str]]:
    """申诉 of an evaluation, with the group and the indicator in words."""
    found = list(Objection.objects.filter(evaluation=row).order_by("n"))
    names = names_of(row.result["scheme"]["group"], [one.group for one in found])
    return [(one, names[one.group], title_of(one.indicator)) for one in found]


def before(row: Evaluation) -> list[Evaluation]:
    """所据的前期评价, newest first, as far as they are within reach."""
    digests = row.result.get("before", ())
    if not digests:
        return []
    found = Evaluation.objects.filter(key=row.key, digest__in=digests)
    return list(found.order_by("-period", "-revision"))


def raiser(one: Objection, kind: str) -> str:
    """申诉人: the unit, of who has none the post; and the person for the office and for whoever
    answers for the group."""
    staff = Staff.objects.select_related("unit").filter(username=one.raised_by).first()
    place = staff.unit.name if staff and staff.unit else _post_of(one)
    viewer = scope.current()
    if viewer.holds(*SEES_ALL) or answers_for(viewer, kind, one.group):
        return " · ".join(filter(None, (place, staff.name if staff else one.raised_by)))
    return place


def _post_of(one: Objection) -> str:
    """申诉时的岗位, as the log has it."""
    entries = Entry.objects.filter(stream=one.evaluation.stream, verb="object").order_by("n")
    posts = [entry.act.get("post", "") for entry in entries if entry.data.get("n") == one.n]
    return str(Post(posts[0]).label) if posts and posts[0] in Post else _("没有单位的申诉人")


def state_of_objections(found: Sequence[tuple[Objection, str, str]]) -> str:
    """一句话: how many are open."""
    count = sum(one.open for one, _name, _title in found)
    words = ngettext("%(count)d 件申诉在办", "%(count)d 件申诉在办", count)
    return words % {"count": count} if count else ""
