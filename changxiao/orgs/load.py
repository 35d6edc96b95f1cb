"""装入机构数据: units, sections, people and roles of a city from its folder (`changxiao/cities/…`).

Reference data in bulk: rows that are there already are left alone, so it can run as often as one
likes, and one `load` entry on the city's stream names the files by hash and what they added.

units.csv    code, name, kind, parent, oversight, area, window
sections.csv contract, section, contractor, oversight, areas, work, since, until
staff.csv    username, name, unit, phone, posts: "post[@area][/unit]" separated by spaces
roles.csv    unit, role, line, username, units; without a username the role is vacant; units: what a
             deputy's line is made of, codes separated by spaces, none for the whole unit
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from changxiao.kernel.act import Act
from changxiao.kernel.city import City
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.orgs import throttle
from changxiao.orgs.models import (
    Appointment,
    ContractSection,
    Staff,
    ThrottleRule,
    Unit,
    UnitName,
    UnitRole,
)
from changxiao.orgs.posts import Post

FILES = ("units.csv", "sections.csv", "staff.csv", "roles.csv")
# Reference data holds for history too: an importer replays years before the day of set-up.
SINCE = date(2000, 1, 1)
_POST = re.compile(r"(?P<post>[a-z_]+)(@(?P<area>[0-9A-Za-z-]+))?(/(?P<unit>\S+))?$")
Line = dict[str, str]


@dataclass(slots=True)
class _Loading:
    folder: Path
    units: dict[str, Unit] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)

    def lines(self, name: str) -> list[Line]:
        path = self.folder / name
        if not path.is_file():
            return []
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def unit(self, code: str, where: str) -> Unit:
        if code not in self.units:
            raise Refused(
                "unit_unknown",
                _("%(where)s：机构代码“%(code)s”不在units.csv中，请更正")
                % {"where": where, "code": code},
                field="unit",
            )
        return self.units[code]


def load(city: City, *, act: Act | None = None) -> dict[str, int]:
    """装入: what of the city's files was new, counted by table. Raises Refused for a line in error,
    and then nothing was loaded.
    """
    act = act or Act.system("load")
    with writing():
        loading = _Loading(city.folder, {unit.code: unit for unit in Unit.objects.all()})
        counts = {
            "units": _units(loading),
            "sections": _sections(loading),
            "staff": _staff(loading),
            "roles": _roles(loading),
            "throttles": _throttles(),
        }
        if any(counts.values()):
            hashes = {name: _hash(city.folder / name) for name in FILES}
            body = {"orgs": counts, "files": hashes}
            ledger.append(stream=f"city:{city.code}", verb="load", act=act, body=body)
    return counts


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _units(loading: _Loading) -> int:
    waiting = [line for line in loading.lines("units.csv") if line["code"] not in loading.units]
    count = len(waiting)
    numbers = _last_numbers(loading.units.values())
    while waiting:
        # One statement a level of the tree: a child needs its parent's key and path.
        ready = [line for line in waiting if not line["parent"] or line["parent"] in loading.units]
        if not ready:
            loading.unit(waiting[0]["parent"], f"units.csv {waiting[0]['code']}")
        rows = Unit.objects.bulk_create([_unit(line, loading, numbers) for line in ready])
        UnitName.objects.bulk_create(
            [UnitName(unit=row, name=row.name, since_date=SINCE) for row in rows]
        )
        loading.units |= {row.code: row for row in rows}
        waiting = [line for line in waiting if line["code"] not in loading.units]
    _oversee(loading)
    return count


def _unit(line: Line, loading: _Loading, numbers: dict[str, int]) -> Unit:
    parent = loading.units.get(line["parent"])
    prefix = parent.path if parent else ""
    numbers[prefix] += 1
    return Unit(
        code=line["code"],
        name=line["name"],
        kind=Unit.Kind(line["kind"]),
        parent=parent,
        path=f"{prefix}{numbers[prefix]:04d}.",
        area_code=line["area"],
        window_kind=line["window"] or Unit.WindowKind.OFFICE,
        since_date=SINCE,
        generated=True,
    )


def _last_numbers(units: Iterable[Unit]) -> dict[str, int]:
    numbers: dict[str, int] = defaultdict(int)
    for unit in units:
        prefix, number = unit.path[:-5], int(unit.path[-5:-1])
        numbers[prefix] = max(numbers[prefix], number)
    return numbers


def _oversee(loading: _Loading) -> None:
    changed = []
    for line in loading.lines("units.csv"):
        unit = loading.units[line["code"]]
        if line["oversight"] and unit.oversight_id is None:
            unit.oversight = loading.unit(line["oversight"], f"units.csv {line['code']}")
            changed.append(unit)
    Unit.objects.bulk_update(changed, ["oversight"])


def _sections(loading: _Loading) -> int:
    known = set(ContractSection.objects.values_list("contract_number", "section"))
    rows = [
        ContractSection(
            contract_number=line["contract"],
            section=line["section"],
            contractor=loading.unit(line["contractor"], f"sections.csv {line['contract']}"),
            oversight=loading.unit(line["oversight"], f"sections.csv {line['contract']}"),
            area_codes=line["areas"].split(),
            work=line["work"],
            since_date=date.fromisoformat(line["since"]),
            until_date=date.fromisoformat(line["until"]) if line["until"] else None,
        )
        for line in loading.lines("sections.csv")
        if (line["contract"], line["section"]) not in known
    ]
    return len(ContractSection.objects.bulk_create(rows))


def _staff(loading: _Loading) -> int:
    known = {row.username: row for row in Staff.objects.all()}
    fresh = [line for line in loading.lines("staff.csv") if line["username"] not in known]
    nobody = make_password(None)
    rows = Staff.objects.bulk_create(
        [
            Staff(
                username=line["username"],
                name=line["name"],
                phone=line["phone"],
                unit=loading.unit(line["unit"], f"staff.csv {line['username']}"),
                password=nobody,
                must_change_password=True,
                generated=True,
            )
            for line in fresh
        ]
    )
    loading.staff = known | {row.username: row for row in rows}
    posts = [post for line in fresh for post in _posts(line, loading)]
    Appointment.objects.bulk_create(posts)
    return len(rows)


def _posts(line: Line, loading: _Loading) -> list[Appointment]:
    where = f"staff.csv {line['username']}"
    found = []
    for text in line["posts"].split():
        match = _POST.match(text)
        if match is None or match["post"] not in Post.values:
            raise Refused(
                "post_unknown",
                _("%(where)s：岗位“%(text)s”无法识别，应为“岗位@区域/机构”")
                % {"where": where, "text": text},
                field="posts",
            )
        unit = loading.unit(match["unit"], where) if match["unit"] else None
        row = Appointment(staff=loading.staff[line["username"]], post=match["post"], unit=unit)
        row.area_code, row.since_date = match["area"] or "", SINCE
        found.append(row)
    return found


def _roles(loading: _Loading) -> int:
    present = UnitRole.objects.filter(until_date=None)
    known = set(present.values_list("unit__code", "role", "line"))
    rows, covers = [], []
    for line in loading.lines("roles.csv"):
        if (line["unit"], line["role"], line["line"]) in known:
            continue
        unit = loading.unit(line["unit"], "roles.csv")
        row = UnitRole(
            unit=unit,
            role=UnitRole.Role(line["role"]),
            line=line["line"],
            staff=loading.staff[line["username"]] if line["username"] else None,
            since_date=SINCE,
        )
        rows.append(row)
        covers += [(row, one) for one in _covered(loading, unit, line.get("units") or "")]
    made = UnitRole.objects.bulk_create(rows)
    through = UnitRole.covers.through
    through._default_manager.bulk_create(
        through(unitrole_id=row.pk, unit_id=one.pk) for row, one in covers
    )
    return len(made)


def _covered(loading: _Loading, above: Unit, told: str) -> list[Unit]:
    found = [loading.unit(code, "roles.csv") for code in told.split()]
    for one in found:
        if one.pk == above.pk or not one.path.startswith(above.path):
            message = _("roles.csv：分管单位“%(code)s”不在“%(above)s”之下，请更正")
            raise Refused(
                "unit_elsewhere", message % {"code": one.code, "above": above.code}, field="units"
            )
    return found


def _throttles() -> int:
    known = set(ThrottleRule.objects.values_list("scope", flat=True))
    missing = [
        ThrottleRule(scope=scope, limit=limit, window=window)
        for scope, (limit, window) in throttle.DEFAULTS.items()
        if scope not in known
    ]
    throttle.forget_rules()
    return len(ThrottleRule.objects.bulk_create(missing))
