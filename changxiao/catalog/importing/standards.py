"""导入立案标准: each row becomes a criterion through the verbs, or is refused with its reason.

Old tables write bare 天 and 小时. What they mean is declared, counted, and checked against the
city's official table where there is one (nearly all Yuncheng rows meant 工作日 and 工作时, a few
did not): the official table decides and the differences are listed. A second import of the same
file changes nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from changxiao.catalog.actions.criteria import Draft, current, retire_criterion, set_criterion
from changxiao.catalog.actions.subjects import set_subcategory
from changxiao.catalog.importing.limits import StageText, bare_word, read_limits
from changxiao.catalog.importing.reading import StandardRow, plain, read
from changxiao.catalog.importing.report import Difference, Refusal, Report
from changxiao.catalog.models import Category, Edition, FilingCriterion, Kind, Subcategory
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.kernel.worktime import TimeUnit

DECLARED: Mapping[str, TimeUnit] = {"天": TimeUnit.WORK_DAY, "小时": TimeUnit.WORK_HOUR}
_KINDS = {"部件": Kind.COMPONENT, "事件": Kind.EVENT, **{kind.value: kind for kind in Kind}}
_NAME_NOISE = re.compile(r"\(.*?\)|[、,\s]")
_DIGITS = re.compile(r"[0-9]{1,2}")
Key = tuple[str, str]


@dataclass
class _Import:
    """导入中: the report, the act, what was declared, and the official limits by condition."""

    report: Report
    act: Act
    bare: Mapping[str, TimeUnit]
    series: str
    official: Mapping[Key, list[StageText]] = field(default_factory=dict)
    numbers: Counter[str] = field(default_factory=Counter)
    seen: set[tuple[str, str, str]] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    subjects: dict[str, Subcategory] = field(default_factory=dict)


def import_standards(
    path: Path | str,
    *,
    act: Act,
    bare: Mapping[str, TimeUnit] = DECLARED,
    official: Path | str | None = None,
    series: str = "S",
    replace: bool = False,
    tick: Callable[[int], None] = lambda _done: None,
) -> Report:
    """导入立案标准: the table at `path` as criteria `<series>-E0110-01` and so on.

    `bare` declares the ambiguous units; `official` is a table whose limits decide where both have
    the same condition; `replace` retires other criteria of the sub-categories in the table; `tick`
    hears of each row done. Refused
    for a file that cannot be read at all; rows are refused in the report.
    """
    path = Path(path)
    rows = read(path)
    work = _Import(Report(path.name, rows=len(rows)), act, bare, series)
    if official is not None:
        work.official = _limits_of(Path(official), bare)
    with writing():
        for done, row in enumerate(rows, 1):
            _take(work, row)
            tick(done)
        if replace:
            _retire_others(work)
    work.report.subcategories = len(work.subjects)
    return work.report


def _take(work: _Import, row: StandardRow) -> None:
    key = _key(work, row)
    stages = _limits(work, row)
    if not row.condition:
        work.report.refuse(row.number, row.heads["condition"], "", _("立案条件为空"))
    if key is None or stages is None or not row.condition:
        return
    said = (key, plain(row.condition), "/".join(str(one.limit) for one in stages))
    if said in work.seen:
        work.report.duplicates.append(row.number)
        return
    work.seen.add(said)
    stages = _decided(work, row, key, stages)
    _write(work, row, _subject(work, row, key), stages)
    work.report.accepted += 1
    work.report.units.update(one for one in re.split(r"[、,，]", row.units) if one.strip())


def _key(work: _Import, row: StandardRow) -> str | None:
    reasons = {
        "kind": "" if plain(row.kind) in _KINDS else _("类型须为部件或事件"),
        "category": "" if _DIGITS.fullmatch(plain(row.category)) else _("大类代码须为两位数字"),
        "code": "" if _DIGITS.fullmatch(plain(row.code)) else _("小类代码须为两位数字"),
        "name": "" if row.name else _("小类名称为空"),
    }
    faults = {column: reason for column, reason in reasons.items() if reason}
    for column, reason in faults.items():
        work.report.refuse(row.number, row.heads[column], getattr(row, column), reason)
    return None if faults else _key_of(row)


def _key_of(row: StandardRow) -> str | None:
    kind = _KINDS.get(plain(row.kind))
    digits = [plain(part) for part in (row.category, row.code)]
    if kind is None or not all(map(_DIGITS.fullmatch, digits)):
        return None
    return f"{kind.letter}{digits[0]:0>2}{digits[1]:0>2}"


def _limits(work: _Import, row: StandardRow) -> list[StageText] | None:
    try:
        stages = read_limits(row.limit, bare=work.bare)
    except Refused as refused:
        reason = refused.sentence if row.limit else _("处置时限为空")
        work.report.refuse(row.number, row.heads["limit"], row.limit, reason)
        return None
    word = bare_word(row.limit)
    if word:
        work.report.bare[word] += 1
    if len(stages) == 1 and stages[0].words:
        told = Refusal(row.number, row.heads["limit"], row.limit, stages[0].words)
        work.report.remarks.append(told)
    return stages


def _limits_of(path: Path, bare: Mapping[str, TimeUnit]) -> dict[Key, list[StageText]]:
    found: dict[Key, list[StageText]] = {}
    for row in read(path):
        key = _key_of(row)
        try:
            stages = read_limits(row.limit, bare=bare)
        except Refused:
            continue  # it cannot decide what it does not say; its own import reports it
        if key is not None and row.condition:
            found.setdefault((key, _essence(row.condition)), stages)
    return found


def _essence(condition: str) -> str:
    return re.sub(r"[\W_]", "", plain(condition))


def _decided(work: _Import, row: StandardRow, key: str, stages: list[StageText]) -> list[StageText]:
    official = work.official.get((key, _essence(row.condition)))
    if official is None:
        return stages
    work.report.compared += 1
    if [one.limit for one in official] != [one.limit for one in stages]:
        names = [" / ".join(str(one.limit) for one in many) for many in (stages, official)]
        work.report.differences.append(Difference(row.number, key, row.condition, *names))
    return official


def _subject(work: _Import, row: StandardRow, key: str) -> Subcategory:
    known = work.subjects.get(key)
    if known is None:
        known = work.subjects[key] = _find(work, row, key)
    return known


def _find(work: _Import, row: StandardRow, key: str) -> Subcategory:
    kind = _KINDS[plain(row.kind)]
    name = plain(row.name)
    there = Subcategory.objects.filter(kind=kind, code=key[1:]).exclude(edition=Edition.CJT)
    known = there.order_by("edition").first()
    if known is None:
        category = _category(kind, key[1:3])
        work.report.subcategories_added += 1
        act = work.act.derive(f"{work.series}/{key}")
        return set_subcategory(category, name=name, code=key[1:], source=work.report.file, act=act)
    if _NAME_NOISE.sub("", plain(known.name)) != _NAME_NOISE.sub("", name):
        told = Refusal(row.number, row.heads["name"], name, known.name)
        work.report.renamed.append(told)
    return known


def _category(kind: Kind, code: str) -> Category:
    row = Category.objects.filter(kind=kind, code=code).exclude(edition=Edition.CJT).first()
    if row is None:
        values = {"kind": kind.label, "code": code}
        message = _("没有%(kind)s大类“%(code)s”：请先装载国家目录（changxiao init）") % values
        raise Refused("category_unknown", message, field="file")
    return row


def _write(work: _Import, row: StandardRow, subject: Subcategory, stages: list[StageText]) -> None:
    work.numbers[subject.key] += 1
    stem = f"{work.series}-{subject.key.upper()}-{work.numbers[subject.key]:02d}"
    codes = [stem if n == 1 else f"{stem}.{n}" for n in range(1, len(stages) + 1)]
    work.report.stages += len(stages) - 1
    after, source = "", f"{work.report.file} #{row.number}"
    # The last stage first: a criterion may only name a successor that is there.
    for n in reversed(range(len(stages))):
        draft = _draft(row, subject, stages[n], len(stages) > 1)
        _save(work, Draft(**draft, code=codes[n], successor=after, is_first=n == 0, source=source))
        after = codes[n]


def _draft(
    row: StandardRow, subject: Subcategory, stage: StageText, staged: bool
) -> dict[str, Any]:
    condition, words = plain(row.condition), stage.words
    if words and not staged and words not in row.closing:
        condition = f"{condition}（{words}）"
    return {
        "subcategory": subject,
        "condition": condition,
        "limit": stage.limit,
        "closing_condition": words if staged and words else plain(row.closing),
        "capture_rule": row.capture.strip(),
        "stage_name": words[:40] if staged else "",
    }


def _save(work: _Import, draft: Draft) -> None:
    work.codes.add(draft.code)
    before = current(draft.code)
    row = set_criterion(draft, act=work.act.derive(f"{draft.code}"))
    if before is None:
        work.report.added += 1
    elif before.pk == row.pk:
        work.report.repeated += 1
    else:
        work.report.changed += 1


def _retire_others(work: _Import) -> None:
    subjects = [subject.pk for subject in work.subjects.values()]
    rows = FilingCriterion.objects.current().filter(subcategory__in=subjects)
    for row in _first_stages_first(rows.exclude(code__in=work.codes)):
        retire_criterion(row.code, act=work.act.derive(f"retire/{row.code}"))
        work.report.retired += 1


def _first_stages_first(rows: Iterable[FilingCriterion]) -> list[FilingCriterion]:
    waiting, done = list(rows), list[FilingCriterion]()
    while waiting:
        named = {row.successor_id for row in waiting}
        free = [row for row in waiting if row.pk not in named]
        done += free
        waiting = [row for row in waiting if row.pk in named]
    return done
