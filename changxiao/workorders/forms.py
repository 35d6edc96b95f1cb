"""工单表单: a file and its source, the columns of the file, and what is asked of one order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changxiao.areas.names import choices as area_choices
from changxiao.cases import subjects
from changxiao.cases.models import Channel
from changxiao.kernel.geo import Crs
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import EditForm
from changxiao.ledger.keyed import KeyedForm
from changxiao.workorders import sources
from changxiao.workorders.mapping import FIELDS, NONE
from changxiao.workorders.models import OrderBatch, OrderSource
from changxiao.workorders.reading import MOST_BYTES

KEPT = 30  # names of one field
ARROW = "="
CRS = (
    (Crs.WGS84.value, gettext_lazy("GPS / 天地图（WGS-84）")),
    (Crs.GCJ02.value, gettext_lazy("高德、腾讯（GCJ-02）")),
    (Crs.BD09.value, gettext_lazy("百度（BD-09）")),
)


def _lines(rows: Any) -> str:
    return "\n".join(rows)


class UploadForm(forms.Form):
    """收单表单."""

    source = forms.ChoiceField(label=gettext_lazy("来源"))
    file = forms.FileField(
        label=gettext_lazy("工单表"),
        help_text=gettext_lazy("xlsx、CSV，或网页格式的 xls；最多 20 MB、20000 行。标题行不用删。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.xls,.txt,.html"}),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [(one.code, one.title) for one in sources.all_of()]
        self.fields["source"].choices = choices  # type: ignore[attr-defined]
        self.fields["file"].widget.template_name = "django/forms/widgets/file.html"

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("文件超过 20 MB，请分开上传"))
        return file


class FitForm(forms.Form):
    """对照表单 of one batch: which column is what, which of their categories is which of ours."""

    def __init__(self, batch: OrderBatch, source: OrderSource, data: Any = None) -> None:
        super().__init__(data)
        self.batch, self.source = batch, source
        heads = [(str(n), head) for n, head in enumerate(batch.headings) if head]
        places = batch.shown.get("places", {})
        for name, label in FIELDS.items():
            self.fields[f"column_{name}"] = forms.ChoiceField(
                label=str(label),
                choices=[("", _("没有这一列")), *heads],
                required=False,
                initial=str(places.get(name, "")),
            )
        kinds = [("", _("请选择")), *subjects.choices()]
        for n, (theirs, count) in enumerate(batch.shown.get("kinds", ())):
            label = _("%(kind)s（%(n)d 行）") % {"kind": theirs or _("空白"), "n": count}
            self.fields[f"kind_{n}"] = forms.ChoiceField(label=label, choices=kinds, required=False)
        self.fields["subject"] = forms.ChoiceField(
            label=_("其余类别都归入"), choices=kinds, required=False, initial=source.subject
        )
        areas = [("", _("不设：看不出位置的不收")), *area_choices()]
        self.fields["area"] = forms.ChoiceField(
            label=_("看不出位置的归入"), choices=areas, required=False, initial=source.area
        )

    @property
    def columns(self) -> list[forms.BoundField]:
        """列名对照."""
        return [one for one in self if one.name.startswith("column_")]

    @property
    def kinds(self) -> list[forms.BoundField]:
        """还没有对应的类别."""
        return [one for one in self if one.name.startswith("kind_")]

    def told(self) -> dict[str, Any]:
        """来源的新内容: what differs from the common names is learnt, an earlier name is kept."""
        told, heads = self.cleaned_data, self.batch.headings
        columns = {name: list(names) for name, names in self.source.columns.items()}
        places = self.batch.shown.get("places", {})
        for name in FIELDS:
            chosen = told[f"column_{name}"]
            if chosen == str(places.get(name, "")):
                continue
            head = heads[int(chosen)] if chosen else NONE
            others = [one for one in columns.get(name, []) if one not in {head, NONE}]
            columns[name] = [head, *others][:KEPT]
        kinds = dict(self.source.categories)
        for n, (theirs, _count) in enumerate(self.batch.shown.get("kinds", ())):
            if key := told[f"kind_{n}"]:
                kinds[theirs] = key
        return {
            "columns": columns,
            "categories": kinds,
            "subject": told["subject"],
            "area": told["area"],
        }


class SourceForm(EditForm):
    """来源表单, in 设置."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=40)
    channel = forms.ChoiceField(label=gettext_lazy("来源类别"), choices=Channel.choices)
    columns = forms.CharField(
        label=gettext_lazy("列名对照"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("每行一项：我们的列 = 对方的列名、另一个列名。常用列名不必写。"),
    )
    categories = forms.CharField(
        label=gettext_lazy("类别对照"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("每行一项：对方的类别 = 小类代码，例如 暴露垃圾 = e0101。"),
    )
    subject = forms.ChoiceField(label=gettext_lazy("其余类别都归入"), required=False)
    area = forms.ChoiceField(label=gettext_lazy("看不出位置的归入"), required=False)
    crs = forms.ChoiceField(label=gettext_lazy("坐标来自"), choices=CRS)
    answers = forms.CharField(
        label=gettext_lazy("答复列"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=gettext_lazy("每行一项：对方的列名 = 内容。留空用通常的七列。"),
    )
    field_order = (
        *("title", "channel", "columns", "categories", "subject", "area", "crs", "answers"),
        "note",
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        kinds: Any = [("", _("不设：没有对应的不收")), *subjects.choices()]
        self.fields["subject"].choices = kinds  # type: ignore[attr-defined]
        areas: Any = [("", _("不设：看不出位置的不收")), *area_choices()]
        self.fields["area"].choices = areas  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        """来源的内容; Refused names the field and the line that cannot be read."""
        told = self.cleaned_data
        columns = _pairs(told["columns"], "columns", {str(v): k for k, v in FIELDS.items()})
        kinds = _pairs(told["categories"], "categories")
        what = {str(label): name for name, label in sources.ANSWERS.items()}
        known = {row.key for row in subjects.enabled()}
        for theirs, key in kinds:
            if key not in known:
                message = _("类别“%(theirs)s”：没有小类 %(key)s，请写 e0101 这样的代码")
                values = {"theirs": theirs[:20], "key": key[:12]}
                raise Refused("subject_unknown", message % values, field="categories")
        answers = _pairs(told["answers"], "answers")
        return {
            "title": told["title"],
            "channel": told["channel"],
            "columns": {name: _names(names) for name, names in columns},
            "categories": dict(kinds),
            "subject": told["subject"],
            "area": told["area"],
            "crs": told["crs"],
            "answers": [[head, what.get(words, words)] for head, words in answers],
        }


def initial_of(source: OrderSource) -> dict[str, Any]:
    """表单初值."""
    columns = ((str(FIELDS[n]), "、".join(v)) for n, v in source.columns.items() if n in FIELDS)
    return sources.state_of(source) | {
        "columns": _lines(f"{ours} = {theirs}" for ours, theirs in columns),
        "categories": _lines(f"{theirs} = {key}" for theirs, key in source.categories.items()),
        "answers": _lines(
            f"{head} = {sources.ANSWERS[what]}" for head, what in sources.answers_of(source)
        ),
    }


def _names(written: str) -> list[str]:
    return [
        one.strip()
        for one in written.replace(",", "、").replace("，", "、").split("、")
        if one.strip()
    ]


def _pairs(
    written: str, field: str, names: Mapping[str, str] | None = None
) -> Sequence[tuple[str, str]]:
    found = []
    for line in filter(None, (one.strip() for one in written.splitlines())):
        left, sign, right = (one.strip() for one in line.replace("＝", ARROW).rpartition(ARROW))
        if not sign or not left or not right:
            message = _("“%(line)s”读不出：请写成 左 = 右，每行一项") % {"line": line[:40]}
            raise Refused("line_unreadable", message, field=field)
        if names is not None and left not in names:
            message = _("没有“%(name)s”这一列，可用：%(known)s")
            values = {"name": left[:20], "known": "、".join(names)}
            raise Refused("field_unknown", message % values, field=field)
        found.append((names[left] if names is not None else left, right))
    return found


class ReturnForm(KeyedForm):
    """退单表单."""

    reason = forms.CharField(
        label=gettext_lazy("退单理由"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=gettext_lazy("来源单位会看到：写明不属本单位的依据和应由谁办。"),
    )


class TimeForm(KeyedForm):
    """申请延期表单."""

    until = forms.DateTimeField(
        label=gettext_lazy("申请延至"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.CharField(
        label=gettext_lazy("延期理由"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000
    )


class SettleForm(KeyedForm):
    """延期答复表单."""

    granted = forms.TypedChoiceField(
        label=gettext_lazy("来源单位的答复"),
        choices=[("1", gettext_lazy("同意延期")), ("0", gettext_lazy("不同意"))],
        coerce=lambda told: told == "1",
        widget=forms.RadioSelect,
    )
