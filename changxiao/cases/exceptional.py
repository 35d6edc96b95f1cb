"""异常结束导出: who voided, force-closed or put right himself 自处置 which case when and why, from
the log, over a year: what ends outside the road is counted by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from changxiao.cases import rules
from changxiao.cases.flow import DEFAULT, Stage
from changxiao.cases.models import Case
from changxiao.kernel import scope
from changxiao.kernel.day import local_time
from changxiao.kernel.spreadsheet import MOST, Column, Row, Sheet
from changxiao.ledger.models import Entry
from changxiao.orgs.models import Staff
from changxiao.orgs.posts import Post

COUNTED = timedelta(days=365)
VERBS = ("void", "force_close")  # each is looked at with its reason
ON_SPOT = "handle_on_spot"  # a few a day each: counted by name, listed in the sheet alone
MAY_COUNT = (Post.CENTER_DIRECTOR, Post.COMMAND_DIRECTOR, Post.LEADER, Post.AUDITOR)


def sheet(_wanted: Mapping[str, str], now: datetime) -> Sheet:
    """作废、强制结案与自处置表. PermissionDenied for whoever may not count them."""
    if not scope.current().holds(*MAY_COUNT):
        raise PermissionDenied
    stages = (Stage.VOIDED, Stage.CLOSED, Stage.ON_SPOT)
    ended = Case.objects.filter(stage__in=stages, ended_at__gte=now - COUNTED)
    streams = ended.annotate(on=Concat(Value("case:"), F("number"))).values("on")
    rows = Entry.objects.filter(verb__in=(*VERBS, ON_SPOT), stream__in=streams)
    keys = list(rows.order_by("-at", "-id").values_list("pk", flat=True)[:MOST])
    words = _("导出时间 %(at)s。最多 %(most)s 行。")
    head = words % {"at": f"{local_time(now):%Y-%m-%d %H:%M}", "most": MOST}
    columns = [
        Column(_("时间")),
        Column(_("受理号"), 16),
        Column(_("案卷号"), 22),
        Column(_("步骤"), 12),
        Column(_("办理人"), 12),
        Column(_("说明"), 60),
    ]
    return Sheet(_("作废、强结与自处置"), head, columns, keys, _read)


def on_spot_counts(now: datetime) -> dict[str, int]:
    """自处置件数 of a year within reach, by who put them right; one statement."""
    rows = Case.objects.filter(stage=Stage.ON_SPOT, ended_at__gte=now - COUNTED).order_by()
    return dict(rows.values_list("handled_by").annotate(count=Count("pk")))


def _read(keys: Sequence[int]) -> Iterable[Row]:
    entries = Entry.objects.in_bulk(list(keys))
    numbers = {e.stream.partition(":")[2] for e in entries.values()}
    codes = dict(Case.objects.filter(number__in=numbers).values_list("number", "code"))
    actors = {e.actor for e in entries.values()}
    names = dict(Staff.objects.filter(username__in=actors).values_list("username", "name"))
    for entry in (entries[key] for key in keys if key in entries):
        number = entry.stream.partition(":")[2]
        if number in codes:
            step = str(DEFAULT.step(entry.verb).title)
            note = rules.masked(str(entry.act.get("note", "")))
            who = names.get(entry.actor, entry.actor)
            yield entry.at, number, codes[number], step, who, note
