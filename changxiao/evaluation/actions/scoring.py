"""外部得分: a sheet is handed in by one person and counts once another has confirmed it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.utils.translation import gettext as _

from changxiao.cases.rules import need_text
from changxiao.evaluation.actions import gaps
from changxiao.evaluation.flow import OFFICE
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.models import SchemeVersion
from changxiao.evaluation.models_scores import ScoreSheet
from changxiao.evaluation.periods import read_period
from changxiao.evaluation.rankings.marks import Line, faults
from changxiao.evaluation.schemes import read_scheme
from changxiao.evaluation.scoring.contracts import Contracts
from changxiao.evaluation.scoring.flow import SHEET_STEPS
from changxiao.evaluation.scoring.groups import contracts_of, groups_of
from changxiao.kernel.act import Act
from changxiao.kernel.day import city_zone
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.ledger.models import Entry
from changxiao.orgs.models import Staff


def submit_scores(
    scheme: SchemeVersion, *, period: str, lines: Sequence[Line], file: str, act: Act
) -> ScoreSheet:
    """提交外部得分: the lines of a sheet, for another person to confirm.

    Refused `not_yours`, `period_unreadable`, `scheme_not_in_force`, `table_empty`,
    `outside_wrong` (cap, sums, unknown item), `group_unknown`, `contract_wrong`.
    """
    label, lines = _checked(scheme, period, lines)
    with writing():
        # One at a time for a scheme, else two sheets would take the same number.
        versions = SchemeVersion.objects.select_for_update(of=("self",))
        versions.filter(key=scheme.key).order_by("version").first()
        rows = ScoreSheet.everything.filter(key=scheme.key, period=label)
        number = f"{scheme.key}-{label}-{rows.count() + 1}"
        stream = f"scores:{number}"
        try:
            if act.post not in OFFICE:
                sentence = _("外部得分由监督中心主任或指挥中心主任提交")
                raise Refused("not_yours", sentence, field="post")
        except Refused:
            ledger.recall(stream=stream, verb="submit_scores", act=act)
            raise
        at = act.moment()
        told = [one.told() for one in lines]
        body = {"scheme": scheme.key, "period": label, "file": file[:120], "lines": told}
        entry = ledger.append(stream=stream, verb="submit_scores", act=act, at=at, body=body)
        return ScoreSheet.everything.create(
            number=number,
            key=scheme.key,
            period=label,
            file=file[:120],
            lines=told,
            submitted_by=act.actor,
            submitted_at=at,
            note=act.note[:400],
            head=entry,
        )


def _checked(
    version: SchemeVersion, label: str, lines: Sequence[Line]
) -> tuple[str, Sequence[Line]]:
    """The period's name, and the lines with the sections of their contracts."""
    scheme = read_scheme(version.text, LIBRARY)
    period = read_period(label, city_zone())
    scheme.check_in_force(period)
    if not lines:
        raise Refused("table_empty", _("表里没有填写任何得分或扣分"), field="file")
    own = {one.key for one in scheme.outside if one.borrows is None}
    groups = groups_of(scheme)
    for line in lines:
        if line.item not in own:
            sentence = _("方案没有外部得分项“%(item)s”") % {"item": line.item}
            raise Refused("outside_wrong", sentence, field="file")
        if not line.group or (groups and line.group not in groups):
            sentence = _("没有被评对象“%(group)s”") % {"group": line.group}
            raise Refused("group_unknown", sentence, field="file")
    for _n, _part, sentence in faults(scheme, lines):
        raise Refused("outside_wrong", sentence, field="file")
    return period.label, _settled(contracts_of(scheme, period), lines)


def _settled(contracts: Contracts | None, lines: Sequence[Line]) -> Sequence[Line]:
    if contracts is None:
        return lines
    for line in lines:
        for _part, sentence in contracts.faults(line):
            raise Refused("contract_wrong", sentence, field="file")
    return [contracts.settled(line) for line in lines]


def confirm_scores(sheet: ScoreSheet, *, act: Act) -> ScoreSheet:
    """复核外部得分: by another than who handed it in and than those who gave the scores; from now
    on it counts, in the place of what was confirmed before for the same items; each deduction
    becomes a task of whoever answers for it.

    Refused `same_person`, `not_now`, and what `submit_scores` refuses where the scheme changed.
    """
    with _admitted(sheet, "confirm_scores", act) as (row, at):
        lines = [Line(**one) for one in row.lines]
        names = {act.actor, *_names(act.actor)}
        if row.submitted_by == act.actor or names & {line.author for line in lines}:
            sentence = _("提交人和填报人不能自己复核，请由他人复核")
            raise Refused("same_person", sentence, field="actor")
        scheme = SchemeVersion.objects.filter(key=row.key).order_by("-version")[0]
        _checked(scheme, row.period, lines)
        gaps.of_sheet(row, read_scheme(scheme.text, LIBRARY), gaps.Deed(act, at))
        return _decided(row, "confirm_scores", act, at)


def reject_scores(sheet: ScoreSheet, *, act: Act) -> ScoreSheet:
    """退回外部得分: with the reason; it never counts. Refused `note_missing`, `same_person`."""
    need_text(act.note, field="note", name=_("退回理由"))
    with _admitted(sheet, "reject_scores", act) as (row, at):
        if row.submitted_by == act.actor:
            sentence = _("自己提交的请“撤回”")
            raise Refused("same_person", sentence, field="actor")
        return _decided(row, "reject_scores", act, at)


def withdraw_scores(sheet: ScoreSheet, *, act: Act) -> ScoreSheet:
    """撤回外部得分: by who handed it in, as long as nobody has confirmed it."""
    with _admitted(sheet, "withdraw_scores", act) as (row, at):
        if row.submitted_by != act.actor:
            raise Refused("not_yours", _("只有提交人可以撤回"), field="actor")
        return _decided(row, "withdraw_scores", act, at)


@contextmanager
def _admitted(sheet: ScoreSheet, verb: str, act: Act) -> Iterator[tuple[ScoreSheet, datetime]]:
    step = SHEET_STEPS[verb]
    with writing():
        row = ScoreSheet.everything.select_for_update(of=("self",)).get(pk=sheet.pk)
        try:
            if act.post not in step.posts:
                names = "、".join(str(post.label) for post in sorted(step.posts))
                sentence = _("“%(step)s”由%(posts)s办理") % {"step": step.words, "posts": names}
                raise Refused("not_yours", sentence, field="post")
            if row.state != ScoreSheet.State.PROPOSED:
                told = {"state": row.state_words}
                raise Refused("not_now", _("分数表现为“%(state)s”，不能这样办理") % told)
            yield row, act.moment()
        except Refused:
            ledger.recall(stream=row.stream, verb=verb, act=act)
            raise


def _names(username: str) -> set[str]:
    return set(Staff.objects.filter(username=username).values_list("name", flat=True))


def _decided(row: ScoreSheet, verb: str, act: Act, at: datetime) -> ScoreSheet:
    row.state = SHEET_STEPS[verb].target
    row.decided_by, row.decided_at, row.opinion = act.actor, at, act.note[:400]
    head = Entry.objects.get(pk=row.head_id)
    body = {"state": str(row.state), "opinion": row.opinion}
    row.head = ledger.append(stream=row.stream, verb=verb, act=act, at=at, head=head, body=body)
    row.save()
    return row
