"""动词表: each verb of the flow with the input it takes, for the API and the desk's forms alike.

A form or a JSON body is turned into typed input once, here; codes become rows or a Refused that
names the field. What a verb means stands in `actions`, who may take it in `flow`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from changxiao.assets.models import Component
from changxiao.cases import access, actions
from changxiao.cases.actions import (
    Calling,
    Change,
    Declared,
    Heard,
    Helper,
    Reporter,
    Second,
    Shown,
)
from changxiao.cases.inputs import (
    Accepted,
    Amended,
    Answered,
    Assisted,
    CalledAgain,
    CalledBack,
    Common,
    Confirmed,
    Declined,
    Dispatched,
    FedBack,
    Filled,
    GivenUp,
    Joined,
    Ordered,
    PhotoIn,
    Published,
    Recalled,
    Reopened,
    SplitIn,
    ToCollector,
    ToUnit,
    Until,
    Verified,
    WithCriterion,
    WithEvidence,
    WithPhotos,
)
from changxiao.cases.models import Case
from changxiao.cases.suggesting.offering import unpacked
from changxiao.catalog import known
from changxiao.catalog.models import FilingCriterion, Subcategory
from changxiao.kernel.act import Act
from changxiao.kernel.geo import to_wgs84
from changxiao.kernel.refused import Refused
from changxiao.kernel.worktime import parse_limit
from changxiao.ledger.media.models import Photo
from changxiao.orgs.models import ContractSection, Staff, Unit

FIRST_YEAR, LAST_YEAR = 1900, 2200


@dataclass(frozen=True, slots=True)
class Verb:
    """动词: its input and the call."""

    takes: type[Common]
    call: Callable[[Case, Any, Act], object]


def _noted(action: Callable[..., object]) -> Verb:
    return Verb(Common, lambda case, _body, act: action(case, act=act))


def _with_photos(action: Callable[..., object]) -> Verb:
    return Verb(
        WithPhotos, lambda case, body, act: action(case, act=act, photos=photos(body.photos))
    )


def _proven(action: Callable[..., object], takes: type[WithEvidence] = WithEvidence) -> Verb:
    return Verb(
        takes,
        lambda case, body, act: action(case, act=act, photos=photos(body.photos), given=body.given),
    )


def _accept(case: Case, body: Accepted, act: Act) -> Case:
    offered = unpacked(body.shown)
    return actions.accept(case, criterion=criterion(body.criterion), offered=offered, act=act)


def _confirm(case: Case, body: Confirmed, act: Act) -> Case:
    action = actions.confirm if body.real else actions.refute
    return action(case, act=act, photos=photos(body.photos))


def _verify(case: Case, body: Verified, act: Act) -> Case:
    action = actions.verify if body.passed else actions.rework
    return action(case, act=act, photos=photos(body.photos), given=body.given)


def _dispatch(case: Case, body: Dispatched, act: Act) -> Case:
    to = unit(body.unit)
    helpers = [
        Helper(unit(a.unit, "assisting"), a.task, parse_limit(a.limit) if a.limit else None)
        for a in body.assisting
    ]
    return actions.dispatch(
        case, to=to, section=section(body.section, to), assisting=helpers, act=act
    )


def _assist(case: Case, body: Assisted, act: Act) -> Case:
    helping = unit(body.unit) if body.unit else staff(act.actor).unit
    if helping is None:
        raise Refused("unit_missing", _("请选择协办单位"), field="unit")
    return actions.assist(case, unit=helping, act=act, photos=photos(body.photos))


def _split(case: Case, body: SplitIn, act: Act) -> Case:
    rows = list(case.photos.select_related("photo").filter(photo__sha256__in=body.shared))
    second = Second(
        subcategory=subcategory(body.subcategory),
        criterion=criterion(body.criterion),
        description=body.description,
        photos=rows,
    )
    return actions.split(case, second=second, act=act)


def _call_again(case: Case, body: CalledAgain, act: Act) -> Case:
    return actions.call_again(
        case,
        said=body.said,
        calling=Calling(body.anonymous, body.wants_callback),
        reporter=Reporter(body.reporter_name.strip(), body.reporter_phone.strip()),
        act=act,
    )


def _call_back(case: Case, body: CalledBack, act: Act) -> Case:
    heard = Heard(body.reached, body.solved, body.satisfaction, body.said)
    return actions.call_back(case, heard=heard, again=body.again, act=act)


def change(body: Amended) -> Change:
    """更正内容 as typed; Refused names the field."""
    if (body.lon is None) != (body.lat is None):
        missing = "lat" if body.lat is None else "lon"
        raise Refused("place_half", _("经度和纬度须一起填写"), field=missing)
    here = None
    if body.lon is not None and body.lat is not None:
        here = to_wgs84(body.lon, body.lat, body.crs)
    return Change(
        subcategory=subcategory(body.subcategory) if body.subcategory else None,
        criterion=criterion(body.criterion),
        address=body.address,
        lon=here[0] if here else None,
        lat=here[1] if here else None,
    )


def asked_change(case: Case) -> Change:
    """待同意的更正 of a case; Refused("nothing_asked") by the verb where there is none."""
    asked = case.amendments.filter(state="pending").first()
    return change(Amended.model_validate(asked.change if asked else {}))


def _collector(body: ToCollector) -> str:
    # A name that nobody bears would leave the case to nobody.
    return staff(body.collector, "collector").username if body.collector else ""


VERBS: dict[str, Verb] = {
    "accept": Verb(Accepted, _accept),
    "decline": Verb(Declined, lambda c, b, a: actions.decline(c, reason=b.reason or b.note, act=a)),
    "ask_to_confirm": Verb(
        ToCollector, lambda c, b, a: actions.ask_to_confirm(c, collector=_collector(b), act=a)
    ),
    "confirm": Verb(Confirmed, _confirm),
    "refute": _with_photos(actions.refute),
    "handle_on_spot": _with_photos(actions.handle_on_spot),
    "file": Verb(
        WithCriterion, lambda c, b, a: actions.file(c, criterion=criterion(b.criterion), act=a)
    ),
    "dispatch": Verb(Dispatched, _dispatch),
    "rule_ownership": Verb(
        ToUnit, lambda c, b, a: actions.rule_ownership(c, to=unit(b.unit), act=a)
    ),
    "adopt_ruling": _noted(actions.adopt_ruling),
    "drop_ruling": _noted(actions.drop_ruling),
    "take_back": _noted(actions.take_back),
    "extend": _noted(actions.extend),
    "suspend": _noted(actions.suspend),
    "resume": _noted(actions.resume),
    "refuse_request": _noted(actions.refuse_request),
    "receive": _noted(actions.receive),
    "forward": Verb(
        ToUnit,
        lambda c, b, a: actions.forward(
            c, to=unit(b.unit), person=staff(b.person) if b.person else None, act=a
        ),
    ),
    "send_back": _noted(actions.send_back),
    "ask_extend": _noted(actions.ask_extend),
    "ask_suspend": Verb(Until, lambda c, b, a: actions.ask_suspend(c, until=aware(b.until), act=a)),
    "assist": Verb(Assisted, _assist),
    "feed_back": _proven(actions.feed_back, FedBack),
    "appeal": _noted(actions.appeal),
    "ask_to_verify": Verb(
        ToCollector, lambda c, b, a: actions.ask_to_verify(c, collector=_collector(b), act=a)
    ),
    "verify": Verb(Verified, _verify),
    "rework": _proven(actions.rework),
    "verify_again": _noted(actions.verify_again),
    "recheck": _with_photos(actions.recheck),
    "dispute_check": _with_photos(actions.dispute_check),
    "follow_up": _noted(actions.follow_up),
    "excuse_check": _noted(actions.excuse_check),
    "close": Verb(Answered, lambda c, b, a: actions.close(c, answer=b.answer, act=a)),
    "call_again": Verb(CalledAgain, _call_again),
    "call_back": Verb(CalledBack, _call_back),
    "reopen": Verb(Reopened, lambda c, b, a: actions.reopen(c, said=b.said, act=a)),
    "void": _noted(actions.void),
    "force_close": Verb(Answered, lambda c, b, a: actions.force_close(c, answer=b.answer, act=a)),
    "supervise": Verb(Ordered, lambda c, b, a: actions.supervise(c, kind=b.kind, act=a)),
    "answer_order": _noted(actions.answer_order),
    "nudge": _noted(actions.nudge),
    "endorse_appeal": _noted(actions.endorse_appeal),
    "grant_appeal": _noted(actions.grant_appeal),
    "refuse_appeal": _noted(actions.refuse_appeal),
    "add_photo": _proven(actions.add_photo),
    "publish": Verb(
        Published, lambda c, b, a: actions.publish(c, text=b.text, address=b.address, act=a)
    ),
    "withdraw": _noted(actions.withdraw),
    "give_up_photo": Verb(
        GivenUp, lambda c, b, a: actions.give_up_photo(c, sha256=b.sha256, act=a)
    ),
    "recall": Verb(Recalled, lambda c, b, a: actions.recall(c, since=b.since, act=a)),
    "amend": Verb(Amended, lambda c, b, a: actions.amend(c, change=change(b).against(c), act=a)),
    "ask_amend": Verb(
        Amended, lambda c, b, a: actions.ask_amend(c, change=change(b).against(c), act=a)
    ),
    "agree_amend": Verb(
        Common, lambda c, _b, a: actions.agree_amend(c, change=asked_change(c), act=a)
    ),
    "refuse_amend": _noted(actions.refuse_amend),
    "split": Verb(SplitIn, _split),
    "join": Verb(Joined, lambda c, b, a: actions.join(c, to=lead(b.to), act=a)),
    "split_off": _noted(actions.split_off),
    "fill_in": Verb(Filled, lambda c, b, a: actions.fill_in(c, items=b.items, act=a)),
}


# -- codes to rows, each refusal naming its field ------------------------------------------------


def unit(code: str, field: str = "unit") -> Unit:
    """单位: by code; Refused("unit_unknown")."""
    found = Unit.objects.filter(code=code).first()
    if found is None:
        message = _("没有代码为“%(code)s”的单位，请从单位列表中选择") % {"code": code[:40]}
        raise Refused("unit_unknown", message, field=field)
    return found


def section(code: str, contractor: Unit) -> ContractSection | None:
    """标段 of the contractor, by its name; "" is none; Refused("section_unknown")."""
    if not code:
        return None
    found = ContractSection.objects.filter(contractor=contractor, section=code).first()
    if found is None:
        message = _("“%(unit)s”没有标段“%(code)s”，请重新选择")
        values = {"unit": contractor.name, "code": code[:40]}
        raise Refused("section_unknown", message % values, field="section")
    return found


def lead(number: str, *, field: str = "to") -> Case:
    """主案: within the viewer's reach, by number or code; Refused("lead_unknown")."""
    found = Case.objects.filter(Q(number=number.strip()) | Q(code=number.strip())).first()
    if found is None:
        message = _("没有受理号或案卷号为“%(number)s”的案卷，请核对") % {"number": number[:40]}
        raise Refused("lead_unknown", message, field=field)
    return found


def criterion(code: str) -> FilingCriterion | None:
    """立案标准 in force, by code; "" is none; Refused("criterion_unknown")."""
    if not code:
        return None
    found = FilingCriterion.objects.current().filter(code=code).select_related("subcategory")
    row = found.first()
    if row is None:
        message = _("没有代码为“%(code)s”的现行立案标准，请从目录中选择") % {"code": code[:40]}
        raise Refused("criterion_unknown", message, field="criterion")
    return row


def subcategory(key: str) -> Subcategory:
    """小类: by key ("e0110", "c0101"; bare digits are an event); Refused("subcategory_unknown")."""
    found = known.by_key(key if key[:1] in {"c", "e"} else f"e{key}")
    if found is None:
        message = _("没有代码为“%(key)s”的小类，请从目录中选择（如 e0110、c0101）")
        raise Refused("subcategory_unknown", message % {"key": key[:20]}, field="subcategory")
    return found


def component(code: str) -> Component | None:
    """部件: by its code; "" is none; Refused("component_unknown")."""
    if not code:
        return None
    found = Component.objects.filter(code=code).first()
    if found is None:
        message = _("没有代码为“%(code)s”的部件，请核对16位部件代码") % {"code": code[:40]}
        raise Refused("component_unknown", message, field="component")
    return found


def staff(username: str, field: str = "person") -> Staff:
    """人员: by user name; Refused("person_unknown")."""
    found = Staff.objects.filter(username=username, is_active=True).select_related("unit").first()
    if found is None:
        message = _("没有用户名为“%(name)s”的在岗人员，请重新选择") % {"name": username[:40]}
        raise Refused("person_unknown", message, field=field)
    return found


def photos(wanted: list[PhotoIn]) -> list[Shown]:
    """照片: stored before, by hash, or declared with size and type; Refused("photo_unknown") names
    the first that is neither."""
    if not wanted:
        return []
    stored = {p.sha256: p for p in Photo.objects.filter(sha256__in={w.sha256 for w in wanted})}
    return [Shown(_photo(stored.get(w.sha256), w), w.role, w.spot) for w in wanted]


def _photo(stored: Photo | None, item: PhotoIn) -> Photo | Declared:
    # One's own upload, or a photo one may see anyway: a hash alone is no ticket to a picture.
    if stored is not None and access.may_use_photo(stored):
        return stored
    if item.declared is None:
        message = _("照片%(sha)s…尚未上传，请先上传再提交") % {"sha": item.sha256[:12]}
        raise Refused("photo_unknown", message, field="photos")
    return item.declared


def aware(moment: datetime, field: str = "until") -> datetime:
    """带时区的时间: Refused("time_naive") when the offset is missing, Refused("time_out_of_range")
    for one that no calendar of ours reaches."""
    if moment.tzinfo is None:
        message = _("时间%(at)s缺少时区，请写成 2026-03-02T09:00+08:00 的样子")
        raise Refused("time_naive", message % {"at": moment.isoformat()}, field=field)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        message = _("时间%(at)s不在1900至2200年之间，请核对年份")
        raise Refused("time_out_of_range", message % {"at": moment.isoformat()}, field=field)
    return moment
