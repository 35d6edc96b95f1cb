"""演示人员 people: who takes a step: someone who holds the post there on that day."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from random import Random

from changxiao.cases.models import Case
from changxiao.cases.samples.spots import Spot
from changxiao.catalog import proposals
from changxiao.catalog.models import FilingCriterion
from changxiao.kernel.day import local_date
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _
from changxiao.orgs.models import Appointment, ContractSection, Unit
from changxiao.orgs.posts import Post

UNIT_POSTS = (Post.HANDLER, Post.UNIT_LEAD)
Actor = tuple[str, str]  # user name, post
Chosen = tuple[Unit, ContractSection | None]


class People:
    """在岗人员: posts, units and sections of the city, read once."""

    def __init__(self, day: datetime) -> None:
        self.now, self.day = day, local_date(day)
        self._by_post: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._by_unit: dict[tuple[int, str], list[str]] = defaultdict(list)
        held = Appointment.objects.on(self.day).filter(staff__is_active=True)
        rows = list(held.select_related("staff").order_by("id"))
        for row in rows:
            self._by_post[row.post].append((row.staff.username, row.area_code))
            if row.unit_id is not None:
                self._by_unit[row.unit_id, row.post].append(row.staff.username)
        self.leader = self.first(Post.LEADER)
        self.units = list(Unit.objects.on(self.day).order_by("path"))
        self.sections = list(ContractSection.objects.on(self.day).order_by("id"))
        self._by_id = {unit.pk: unit for unit in self.units}
        self._proposed: dict[tuple[object, ...], list[Chosen]] = {}
        star = next(iter(row.unit_id for row in rows if row.post == Post.HANDLER), None)
        self._star = self._by_id.get(star or 0)  # where the demo's handler works

    def of(self, post: str, rng: Random, area: str = "") -> str:
        """任此岗位者: whose area is this one, else of the whole city. Refused("post_vacant")."""
        own = [name for name, code in self._by_post[post] if code and area.startswith(code)]
        found = own or [name for name, code in self._by_post[post] if not code]
        if not found:
            words = {"post": Post(post).label}
            raise Refused("post_vacant", _("岗位“%(post)s”无人在岗，不能造演示案卷") % words)
        return rng.choice(found)

    def first(self, post: str) -> str:
        """首位在岗者: the one the demo signs in as."""
        return next((name for name, _area in self._by_post[post]), "")

    def handler(self, unit: Unit, rng: Random) -> Actor:
        """处置人员: of the unit, else its lead, else of the unit above."""
        at: Unit | None = unit
        while at is not None:
            for post in UNIT_POSTS:
                if names := self._by_unit[at.pk, post]:
                    return rng.choice(names), post
            at = self._by_id.get(at.parent_id or 0)
        words = {"unit": unit.name}
        raise Refused("post_vacant", _("“%(unit)s”没有处置人员，不能造演示案卷") % words)

    def proposed(self, criterion: FilingCriterion, spot: Spot, case: Case | None) -> list[Chosen]:
        """派遣建议: units in the catalogue's order; a component's own go first."""
        component = case.component if case else None
        owner = component.owner_unit if component else None
        maintainer = component.maintainer if component else None
        key = (criterion.pk, spot.community, owner, maintainer)
        if key not in self._proposed:
            told = proposals.unit_for(
                criterion, spot.community, self.day, owner=owner, maintainer=maintainer
            )
            self._proposed[key] = [(one.unit, one.section) for one in told]
        return self._proposed[key]

    def contracted(self, unit: Unit, spot: Spot) -> Chosen | None:
        """管养标段: of a contractor under the unit's oversight, for this place."""
        for section in self.sections:
            over = self._by_id.get(section.oversight_id)
            below = over is not None and unit.path.startswith(over.path)
            if below and any(spot.community.startswith(code) for code in section.area_codes):
                return self._by_id[section.contractor_id], section
        return None

    def below(self, lead: Unit, spot: Spot, rng: Random) -> Unit | None:
        """批转去向: a sub-centre or squad of the lead for this place; the demo handler's first."""
        units = [
            unit
            for unit in self.units
            if unit.pk != lead.pk
            and unit.path.startswith(lead.path)
            and unit.kind in {Unit.Kind.SUBCENTER, Unit.Kind.SQUAD}
            and (not unit.area_code or spot.community.startswith(unit.area_code))
        ]
        if self._star in units and rng.random() < 0.6:
            return self._star
        return rng.choice(units) if units else None

    def helpers(self, lead: Unit, spot: Spot) -> list[Unit]:
        """协办单位: the street's office and the district's law enforcement, but not the lead."""
        near = [
            unit
            for unit in self.units
            if unit.area_code and spot.community.startswith(unit.area_code)
        ]
        streets = [unit for unit in near if unit.kind == Unit.Kind.SUBDISTRICT]
        others = [unit for unit in near if unit.kind == Unit.Kind.SUBCENTER]
        found = [*streets, *[unit for unit in others if not unit.path.startswith(lead.path[:5])]]
        return [unit for unit in found if unit.pk != lead.pk][:2]
