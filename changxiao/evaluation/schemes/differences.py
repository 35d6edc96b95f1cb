"""两版方案的差别, in words that the ranked understand. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from changxiao.evaluation.schemes.model import Adjustment, Honor, Item, Scheme, Tie
from changxiao.evaluation.schemes.outside import OutsideItem
from changxiao.evaluation.schemes.scales import Step, plain
from changxiao.kernel.words import gettext as _


@dataclass(slots=True)
class _Subject:
    """What a sentence is about: its name, and its facts by aspect ("" where there is only one)."""

    label: str
    facts: dict[str, str]


def differences(before: Scheme, after: Scheme) -> list[str]:
    """差别: one sentence for each thing changed, added or taken away; none where nothing is.

    Items, adjustments and lists are the same in both where their keys are.
    """
    old, new = _by_key(before), _by_key(after)
    found = []
    for key in [*old, *(key for key in new if key not in old)]:
        if key not in new:
            told = {"label": old[key].label, "old": _joined(old[key])}
            found.append(_("删去 %(label)s（原为 %(old)s）。") % told)
        elif key not in old:
            told = {"label": new[key].label, "new": _joined(new[key])}
            found.append(_("增加 %(label)s：%(new)s。") % told)
        else:
            found += _changed(old[key], new[key])
    return found


def _by_key(scheme: Scheme) -> dict[str, _Subject]:
    found: dict[str, _Subject] = {}
    for key, label, aspect, value in _facts(scheme):
        found.setdefault(key, _Subject(label, {})).facts[aspect] = value
    return found


def _joined(subject: _Subject) -> str:
    told = (f"{aspect} {value}".strip() for aspect, value in subject.facts.items())
    return "；".join(told)


def _changed(old: _Subject, new: _Subject) -> Iterator[str]:
    none = _("无")
    if old.label != new.label:
        yield _("%(label)s 由 %(old)s 改为 %(new)s。") % {
            "label": _("名称"),
            "old": old.label,
            "new": new.label,
        }
    for aspect in dict.fromkeys([*old.facts, *new.facts]):
        told = {"label": f"{new.label} {aspect}".strip()}
        told |= {"old": old.facts.get(aspect, none), "new": new.facts.get(aspect, none)}
        if told["old"] != told["new"]:
            yield _("%(label)s 由 %(old)s 改为 %(new)s。") % told


def _facts(scheme: Scheme) -> Iterator[tuple[str, str, str, str]]:
    """Key, label, aspect and value, in the order of a scheme."""
    none = _("无")
    for subject, value in (
        (_("名称"), scheme.title),
        (_("有效期"), f"{scheme.first_date} – {scheme.last_date or '…'}"),
        (_("评价对象"), " ".join([scheme.group, scheme.post]).strip()),
        (_("只评"), scheme.within or none),
        (_("周期"), "、".join(scheme.periods)),
        (_("统计方式"), scheme.counting),
        (_("总分"), plain(scheme.total)),
        (_("剔除"), "、".join(scheme.exclude) or _("按指标库")),
        (_("最少件数"), f"{scheme.least_cases} {scheme.least_of}".strip()),
        (_("同分比较"), "、".join(_tie(tie) for tie in scheme.ties) or none),
        (_("扣分上限"), plain(scheme.most_minus) or none),
        (_("加分上限"), plain(scheme.most_plus) or none),
        (_("等级"), "；".join(f"{grade.key} {_range(grade.step)}" for grade in scheme.grades)),
    ):
        yield subject, subject, "", value
    for name, (text, _node) in scheme.formulas.items():
        yield f"formula {name}", _("公式 %s") % name, "", text
    for item in scheme.items:
        yield from _item(item)
    for given in scheme.outside:
        yield f"outside {given.key}", _("外部得分项 %s") % given.title, "", _outside(given)
    for one in scheme.adjustments:
        yield f"adjustment {one.key}", _("加减分 %s") % one.title, "", _adjustment(one)
    for honor in scheme.honors:
        yield f"honor {honor.key}", _("榜单 %s") % honor.title, "", _honor(honor)


def _tie(tie: Tie) -> str:
    return tie.name + (_("（小者在前）") if tie.low else _("（大者在前）"))


def _item(item: Item) -> Iterator[tuple[str, str, str, str]]:
    subject = (f"item {item.key}", f"“{item.title}”")
    yield *subject, _("权重"), _("不计") if item.off else plain(item.weight)
    if item.node is not None:
        yield *subject, _("算法"), item.text + _scale(item)
        yield *subject, _("无数据时"), _no_data(item.no_data, item.neutral)
    for part in item.parts:
        yield from _item(part)


def _scale(item: Item) -> str:
    if item.full:
        told = {"at": plain(item.full.at), "minus": plain(item.full.minus)}
        return _("（满分线 %(at)s，每差 1 扣 %(minus)s 分）") % told
    steps = "；".join(f"{_range(step)} {plain(step.score)}" for step in item.steps)
    return f"（{steps}）" if steps else ""


def _range(step: Step) -> str:
    below = "" if step.below is None else f"< {plain(step.below)}"
    return f"≥ {plain(step.least)} {below}".strip() if step.least is not None else below or "…"


def _no_data(rule: str, neutral: Fraction) -> str:
    if rule == "share":
        return _("权重分给其他项")
    return _("按 %s%% 计") % plain(neutral)


def _outside(one: OutsideItem) -> str:
    words = [one.told()]
    if one.trials:
        words.append(_("按 %s 次检查或问卷估计波动") % one.trials)
    if one.borrows:
        words.append(
            _("借用方案 %(scheme)s 的 %(item)s")
            % dict(zip(("scheme", "item"), one.borrows, strict=True))
        )
    return "；".join(words)


def _adjustment(one: Adjustment) -> str:
    told = {"of": one.text, "each": plain(one.each), "double": one.double_text}
    told["most"] = plain(one.most)
    words = _("%(of)s 每件 %(each)s 分") % told
    words += _("，其中 %(double)s 加倍") % told if one.double else ""
    return words + (_("，最多 %(most)s 分") % told if one.most is not None else "")


def _honor(honor: Honor) -> str:
    told = {"n": honor.n, "proposal": honor.proposal, "follow": honor.follow}
    words = _("后 %(n)s 名") % told if honor.last else _("前 %(n)s 名") % told
    acts = [f"{times}×{act}" for times, act in honor.repeats]
    return "；".join([words, str(honor.follow), honor.proposal, *acts])
