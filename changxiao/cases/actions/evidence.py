"""证据入卷: readings, a witness and the outcome that come with an act, beside its photos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from changxiao.cases import evidence
from changxiao.cases.actions.base import Admitted, admitted, record
from changxiao.cases.actions.photos import Shown, attach, listed
from changxiao.cases.evidence import NOTHING, Given, Held, Measured
from changxiao.cases.models import Case
from changxiao.cases.models_evidence import CaseReading, CaseWitness
from changxiao.catalog.models import Need, NeedKind
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger import actions as ledger
from changxiao.orgs.models import Staff

ROWS = frozenset({NeedKind.READING, NeedKind.WITNESS})


def needs_of(case: Case) -> list[Need]:
    """所需: what the case's criterion asks for before it is closed."""
    return case.criterion.needs if case.criterion else []


def held_by(case: Case, roles: Sequence[str] | None = None) -> Held:
    """已有: photos of any time; readings and witnesses since the last rework only, for what was
    measured before it has been proved wrong. `roles` where the caller has read the photos."""
    found = case.photos.values_list("role", flat=True) if roles is None else roles
    if not {need.kind for need in needs_of(case)} & ROWS:
        return Held(frozenset(found), outcome=case.outcome)
    now = {"round": case.rework_count}
    readings = case.readings.filter(**now).order_by("id")
    return Held(
        roles=frozenset(found),
        readings=tuple(Measured(row.name, row.value) for row in readings),
        witnessed=case.witnesses.filter(**now).exists(),
        outcome=case.outcome,
    )


def lacking(case: Case, roles: Sequence[str] | None = None) -> list[Need]:
    """目前缺少: what stands between this case and its closing."""
    needs = needs_of(case)
    return evidence.missing(needs, held_by(case, roles)) if needs else []


def add_photo(
    case: Case, *, photos: Sequence[Shown] = (), given: Given = NOTHING, act: Act
) -> Case:
    """补充材料: more evidence at any open stage, by anyone who may act on the case."""
    if not photos and not given.readings and not given.witness:
        raise Refused("photos_missing", _("请至少选择一张照片，或填写读数、见证人"), field="photos")
    with admitted(case, "add_photo", act) as done:
        needs = check(done, given, fixed=False)
        return recorded(done, photos=photos, given=given, needs=needs)


def check(done: Admitted, given: Given, *, fixed: bool) -> list[Need]:
    """证据核对 under the lock, before anything changes; `fixed`: the act says that it is done.

    Returns what the criterion asks for.
    """
    needs = needs_of(done.case)
    evidence.check_readings(needs, given.readings, fixed=fixed)
    handlers = {done.case.handled_by, done.act.on_behalf} - {""}
    if done.step.verb == "feed_back":
        handlers = {done.act.actor, done.act.on_behalf} - {""}
    evidence.check_witness(given.witness, others=handlers)
    account = given.witness.account
    if account and not Staff.objects.filter(username=account, is_active=True).exists():
        message = _("没有用户名为“%(name)s”的在岗人员，请重新选择")
        raise Refused("person_unknown", message % {"name": account[:40]}, field="witness")
    return needs


def recorded(
    done: Admitted,
    *fields: str,
    photos: Sequence[Shown] = (),
    given: Given = NOTHING,
    needs: Sequence[Need] = (),
    target: str | None = None,
    body: dict[str, Any] | None = None,
) -> Case:
    """记录并入卷: the entry lists photos, readings and witness; their rows are linked to it.

    `needs` are those that the readings were checked by.
    """
    person = _sealed(given)
    units = {need.name: need.unit for need in needs}
    told = {**(body or {}), **listed(photos), **_told(given, units, person)}
    row = record(done, *fields, target=target, body=told)
    attach(row, photos, row.head)
    assert row.head is not None
    kept = {"case": row, "round": row.rework_count, "entry": row.head}
    CaseReading.objects.bulk_create(
        CaseReading(name=one.name, value=one.value, unit=units[one.name], **kept)
        for one in given.readings
    )
    if given.witness:
        account, post = given.witness.account, given.witness.post.strip()
        CaseWitness.objects.create(account=account, post=post, person=person, **kept)
    return row


def _sealed(given: Given) -> str:
    # Somebody who passed by is no public servant: the log gets a commitment to the name.
    name = given.witness.name.strip()
    return ledger.seal(name) if name else ""


def _told(given: Given, units: Mapping[str, str], person: str) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if given.readings:
        told["readings"] = [
            {"name": one.name, "value": f"{one.value.normalize():f}", "unit": units[one.name]}
            for one in given.readings
        ]
    if given.witness:
        who = {"account": given.witness.account, "post": given.witness.post.strip()}
        told["witness"] = {name: value for name, value in who.items() if value}
        if person:
            told["witness"]["person"] = person
    return told
