"""装载目录 load: fills an installation from the data files of its city, as often as you like.

Files: `cities/national/` for every city, then `cities/<city>/`. A load adds what is missing and
touches nothing that is there: what the city has edited or retired stays as the city has it. All
that one load adds is one entry, with the digest of each file it came from.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db.models import Model

from changxiao.catalog import policy
from changxiao.catalog.actions.base import Doing, doing
from changxiao.catalog.actions.calendar import row_of
from changxiao.catalog.actions.criteria import Draft
from changxiao.catalog.actions.duties import columns_of
from changxiao.catalog.editions import keyed
from changxiao.catalog.models import (
    CalendarDay,
    Category,
    CityPolicy,
    ConfirmRule,
    Edition,
    FilingCriterion,
    PublicRule,
    Question,
    Responsibility,
    StageLimit,
    Subcategory,
    WorkWindow,
)
from changxiao.kernel.act import Act
from changxiao.kernel.city import CITIES, City
from changxiao.kernel.city import city as read_city
from changxiao.kernel.worktime import parse_limit
from changxiao.kernel.worktime_city import OFFICE_KIND, city_windows, read_days
from changxiao.orgs.models import Unit

# Imported lists go back to 2000: what is shipped holds from then on.
SINCE = date(2000, 1, 1)
NATIONAL = CITIES / "national"
GB_SOURCE = "GB/T 30428.2-2013"
CJT_SOURCE = "CJ/T 214-2007"


@dataclass
class Loading:
    """装载中: what was added per table, and the digest of each file read."""

    city: City
    now: Doing
    added: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def rows(self, folder: Path, name: str) -> Iterator[dict[str, str]]:
        """各行: of a data file; none where the city has no such file."""
        path = folder / f"{name}.csv"
        if not path.is_file():
            return
        data = path.read_bytes()
        self.files[f"{folder.name}/{path.name}"] = hashlib.sha256(data).hexdigest()
        yield from csv.DictReader(data.decode("utf-8").splitlines())

    def add(self, table: str, rows: list[Model]) -> None:
        """加入: new rows of one table."""
        self.added[table] = self.added.get(table, 0) + len(rows)
        if rows:
            type(rows[0])._default_manager.bulk_create(rows)


def load(city: City | str, *, act: Act | None = None) -> dict[str, int]:
    """装载目录: of a city, or of its code; how many rows were added per table (0 the second time).

    Refused `city_unknown`; a data file that cannot be read refuses as its value would.
    """
    known = read_city(city) if isinstance(city, str) else city
    with doing("load_catalog", act or Act.system("load")) as now:
        loading = Loading(known, now)
        for step in _STEPS:
            step(loading)
        if any(loading.added.values()):
            now.record(f"catalog:{known.code}", added=loading.added, files=loading.files)
    return loading.added


def _categories(to: Loading) -> None:
    there = set(Category.objects.values_list("edition", "kind", "code"))
    to.add(
        "categories",
        [
            Category(**row)
            for row in to.rows(NATIONAL, "categories")
            if (row["edition"], row["kind"], row["code"]) not in there
        ],
    )


def _subcategories(to: Loading) -> None:
    there = set(Subcategory.objects.values_list("edition", "kind", "code"))
    categories = {(row.edition, row.kind, row.code): row for row in Category.objects.all()}
    new = []
    for row in to.rows(NATIONAL, "subcategories"):
        edition, kind, code = row["edition"], row["kind"], row["code"]
        if (edition, kind, code) not in there:
            source = CJT_SOURCE if edition == Edition.CJT else GB_SOURCE
            category = categories[edition, kind, code[:2]]
            new.append(Subcategory(category=category, source=source, **row))
    for row in to.rows(to.city.folder, "subcategories"):
        if (Edition.LOCAL, row["kind"], row["code"]) not in there:
            category = categories[Edition.GB, row["kind"], row.pop("category")]
            status = Subcategory.Status.LOCAL
            new.append(Subcategory(category=category, edition=Edition.LOCAL, status=status, **row))
    to.add("subcategories", list(new))


def _in_use() -> dict[str, Subcategory]:
    return keyed(Subcategory.objects.exclude(edition=Edition.CJT).order_by("-edition"))


def _criteria(to: Loading) -> None:
    there = set(FilingCriterion.objects.values_list("code", flat=True))
    subjects = _in_use()
    new, after = [], {}
    for row in to.rows(to.city.folder, "criteria"):
        if row["code"] not in there:
            new.append(_criterion(row, subjects[row["subject"]], to.city))
            after[row["code"]] = row["successor"]
    to.add("criteria", list(new))
    _link(after)


def _criterion(row: dict[str, str], subject: Subcategory, city: City) -> FilingCriterion:
    draft = Draft(
        code=row["code"],
        subcategory=subject,
        condition=row["condition"],
        limit=parse_limit(row["limit"]),
        grade=row["grade"],
        closing_condition=row["closing"],
        closing_needs=row["needs"].split(),
        capture_rule=row["capture"],
        stage_name=row["stage"],
        is_first=row["first"] == "1",
        source=city.name + "示范值",
    )
    return FilingCriterion(code=draft.code, since_date=SINCE, **draft.columns())


def _link(after: dict[str, str]) -> None:
    named = {code: later for code, later in after.items() if later}
    rows = {row.code: row for row in FilingCriterion.objects.current()}
    linked = [rows[code] for code in named]
    for row in linked:
        row.successor = rows[named[row.code]]
    FilingCriterion.objects.bulk_update(linked, ["successor"])


def _responsibilities(to: Loading) -> None:
    units = {unit.code: unit for unit in Unit.objects.all()}
    subjects = _in_use()
    categories = {row.key: row for row in Category.objects.filter(edition=Edition.GB)}
    there = {(_subject_key(row), row.area_code, row.priority) for row in _all_duties()}
    new = []
    for row in to.rows(to.city.folder, "responsibilities"):
        key, area, priority = row["subject"], row["area_code"], int(row["priority"])
        # Departments are loaded by another room; a unit the city has not set up has no duties.
        if (key, area, priority) in there or row["unit"] not in units:
            continue
        subject = categories[key] if len(key) == 3 else subjects[key]
        new.append(
            Responsibility(
                **columns_of(subject),
                area_code=area,
                unit=units[row["unit"]],
                priority=priority,
                basis=row["basis"],
                since_date=SINCE,
            )
        )
    to.add("responsibilities", list(new))


def _all_duties() -> Iterator[Responsibility]:
    return Responsibility.objects.select_related("criterion", "subcategory", "category").iterator()


def _subject_key(row: Responsibility) -> str:
    subject = row.subject
    return subject.code if isinstance(subject, FilingCriterion) else subject.key


def _confirm_rules(to: Loading) -> None:
    there = set(ConfirmRule.objects.values_list("channel", "subcategory_id"))
    subjects, new = _in_use(), {}
    for folder in (NATIONAL, to.city.folder):
        for row in to.rows(folder, "confirm_rules"):
            subject = subjects[row["subject"]] if row["subject"] else None
            key = (row["channel"], subject.pk if subject else None)
            if key not in there:
                new[key] = ConfirmRule(
                    channel=key[0], subcategory=subject, needed=row["needed"] == "1"
                )
    to.add("confirm_rules", list(new.values()))


def _public_rules(to: Loading) -> None:
    rows = PublicRule.objects.select_related("category", "subcategory")
    there = {row.key for row in rows}
    subjects, new = _in_use(), {}
    categories = {row.key: row for row in Category.objects.filter(edition=Edition.GB)}
    for folder in (to.city.folder, NATIONAL):  # a city's own first: each key is taken once
        for row in to.rows(folder, "public_rules"):
            key = row["subject"]
            if key not in there and key not in new:
                new[key] = PublicRule(
                    category=categories[key] if len(key) == 3 else None,
                    subcategory=subjects[key] if len(key) > 3 else None,
                    view=row["view"],
                    place=row["place"],
                )
    to.add("public_rules", list(new.values()))


def _questions(to: Loading) -> None:
    there = set(Question.objects.values_list("subcategory_id", "code"))
    subjects, new = _in_use(), {}
    for folder in (to.city.folder, NATIONAL):
        for row in to.rows(folder, "questions"):
            subject = subjects[row["subject"]]
            key = (subject.pk, row["code"])
            if key not in there and key not in new:
                words = ("code", "label", "label_en", "hint", "datatype")
                new[key] = Question(
                    subcategory=subject,
                    **{name: row[name] for name in words},
                    required=row["required"] == "1",
                    order=int(row["order"]),
                    choices=[one.split(":", 1) for one in row["choices"].split("|") if one],
                )
    to.add("questions", list(new.values()))


def _stage_limits(to: Loading) -> None:
    there = set(StageLimit.objects.values_list("stage", "urgent"))
    new = {}
    for folder in (NATIONAL, to.city.folder):
        for row in to.rows(folder, "stage_limits"):
            key = (row["stage"], row["urgent"] == "1")
            if key not in there:
                new[key] = StageLimit(stage=key[0], urgent=key[1], window_kind=row["window_kind"])
                new[key].limit = parse_limit(row["limit"])
    to.add("stage_limits", list(new.values()))


def _windows(to: Loading) -> None:
    there = set(WorkWindow.objects.values_list("window_kind", flat=True))
    kinds = {OFFICE_KIND, *to.city.windows} - there
    to.add(
        "windows",
        [row_of(kind, one) for kind in sorted(kinds) for one in city_windows(to.city, kind)],
    )


def _days(to: Loading) -> None:
    there = set(CalendarDay.objects.values_list("date", flat=True))
    table = read_days(to.city.calendar) if to.city.calendar else ()
    to.add(
        "calendar_days",
        [
            CalendarDay(
                date=day.date, is_workday=day.is_workday, name=day.name, source=day.source[:200]
            )
            for day in table
            if day.date not in there
        ],
    )


def _policies(to: Loading) -> None:
    there = set(CityPolicy.objects.values_list("key", flat=True))
    told = {"timezone": to.city.tz, "calendar": to.city.calendar or ""}
    told |= {row["key"]: row["value"] for row in to.rows(to.city.folder, "policies")}
    to.add(
        "policies",
        [
            CityPolicy(key=key, value=policy.written(policy.parse(key, value)))
            for key, value in told.items()
            if key not in there
        ],
    )


_STEPS: tuple[Callable[[Loading], None], ...] = (
    _categories,
    _subcategories,
    _criteria,
    _responsibilities,
    _confirm_rules,
    _public_rules,
    _questions,
    _stage_limits,
    _windows,
    _days,
    _policies,
)
