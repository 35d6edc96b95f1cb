"""计算: asked for from the page, done by a process of the worker's; a draft comes of it.

What a sealed period came to is not computed again but revised: revision 2 stands beside revision 1.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from changxiao.evaluation.actions.base import Admitted, admitted, sealed
from changxiao.evaluation.flow import OFFICE, State
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.models import Evaluation, SchemeVersion
from changxiao.evaluation.periods import Period, read_period
from changxiao.evaluation.schemes import read_scheme
from changxiao.kernel.act import Act
from changxiao.kernel.day import city_zone
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger


def compute(scheme: SchemeVersion, *, label: str, act: Act) -> Evaluation:
    """计算: of one period by one version. A draft not yet published, or dropped, is computed anew.

    Refused `not_yours`, `period_unreadable`, `period_open`, `period_sealed`, `period_published`,
    and `read_scheme`'s own where the version is not in force then.
    """
    period = read_period(label, city_zone())
    with writing():
        rows = Evaluation.everything.select_for_update(of=("self",))
        last = rows.filter(key=scheme.key, period=period.label).order_by("-revision")
        row = last.exclude(state=State.DROPPED).first() or last.first()
        number = f"{scheme.key}-{period.label}-1"
        stream = row.stream if row else f"evaluation:{number}"
        try:
            at = act.moment()
            _may_compute(act, scheme, period, at, row)
        except Refused:
            ledger.recall(stream=stream, verb="compute", act=act)
            raise
        if row is None:
            row = Evaluation(number=number, key=scheme.key, period=period.label)
        return _asked(row, scheme, "compute", act, at)


def _may_compute(
    act: Act, scheme: SchemeVersion, period: Period, at: datetime, row: Evaluation | None
) -> None:
    if act.post not in OFFICE:
        sentence = _("评价由监督中心主任或指挥中心主任计算")
        raise Refused("not_yours", sentence, field="post")
    if period.end > at:
        told = {"period": period.label, "day": f"{timezone.localtime(period.end):%Y-%m-%d}"}
        sentence = _("%(period)s 还没有过完：请在 %(day)s 以后计算") % told
        raise Refused("period_open", sentence, field="period")
    read_scheme(scheme.text, LIBRARY).check_in_force(period)
    if row is None:
        return
    if row.sealed_at:
        raise sealed(row)
    if row.state == State.PUBLISHED:
        told = {"number": row.number}
        sentence = _("%(number)s 正在公示，不能重新计算：请先办完申诉再封存") % told
        raise Refused("period_published", sentence)


def _asked(row: Evaluation, scheme: SchemeVersion, verb: str, act: Act, at: datetime) -> Evaluation:
    row.scheme, row.asked_by, row.asked_at = scheme, act.actor, at
    row.state, row.sentence, row.step, row.share, row.beat_at = State.WAITING, "", "", 0, None
    body = {"scheme": scheme.key, "version": scheme.version, "period": row.period}
    Admitted(row, verb, act, at).record({**body, "revision": row.revision})
    return row


def recompute(evaluation: Evaluation, *, act: Act) -> Evaluation:
    """重新计算: a draft, by the newest version of its scheme and the log as it now is."""
    with admitted(evaluation, "recompute", act) as done:
        scheme = SchemeVersion.objects.filter(key=done.row.key).order_by("-version").first()
        assert scheme is not None  # the evaluation points at one
        return _asked(done.row, scheme, "recompute", act, done.at)


def revise(evaluation: Evaluation, *, act: Act) -> Evaluation:
    """修订: a revision beside the sealed one, with the reason. Refused `note_missing`,
    `period_published` while another revision of the period is not sealed yet."""
    with admitted(evaluation, "revise", act) as done:
        if not act.note.strip():
            raise Refused("note_missing", _("请写明为什么修订"), field="note")
        old = done.row
        rows = Evaluation.everything.filter(key=old.key, period=old.period)
        last = rows.exclude(state=State.DROPPED).order_by("-revision").first()
        assert last is not None
        if last.pk != old.pk:
            told = {"number": last.number}
            sentence = _("%(number)s 是更新的一版，请在那一版上办理") % told
            raise Refused("period_published", sentence)
        revision = rows.order_by("-revision").values_list("revision", flat=True)[0] + 1
        done.record({"revision": revision})
        scheme = SchemeVersion.objects.filter(key=old.key).order_by("-version")[0]
        number = f"{old.key}-{old.period}-{revision}"
        row = Evaluation(number=number, key=old.key, period=old.period, revision=revision)
        return _asked(row, scheme, "compute", act.derive("compute"), done.at)


def computed(
    evaluation: Evaluation, *, result: dict[str, Any], digest: str, size: int, root: str, act: Act
) -> Evaluation:
    """算成: by the worker's process; the draft with what it was counted from."""
    with writing():
        row = Evaluation.everything.select_for_update(of=("self",)).get(pk=evaluation.pk)
        at = act.moment()
        row.state = State.DRAFT if row.state == State.RUNNING else row.state
        row.result, row.digest, row.size, row.root = result, digest, size, root
        row.computed_at, row.share, row.step, row.changed = at, 100, "", False
        # With the log alone, an auditor works it out again from these (`evaluation.auditing`).
        rests = {name: result[name] for name in ("city", "code", "before")}
        if outside := result.get("outside"):
            rests["sheets"] = {line["item"]: line["sheet"] for line in outside}
        told = {"digest": digest, "size": size, "root": root, "tz": result["period"]["tz"]}
        Admitted(row, "computed", act, at).record({**told, **rests})
        return row


def failed(evaluation: Evaluation, *, sentence: str, act: Act) -> Evaluation:
    """没有算成: with the reason in a sentence."""
    with writing():
        row = Evaluation.everything.select_for_update(of=("self",)).get(pk=evaluation.pk)
        row.state, row.sentence = State.FAILED, sentence[:400]
        told = {"sentence": row.sentence}
        Admitted(row, "failed", act, act.moment()).record(told)
        return row
