"""人员导入页: a list from xlsx or pasted, each cell that cannot be read named with the nearest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.kernel import sheets
from changxiao.kernel.day import today
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import Page, acting, answer
from changxiao.orgs import access, actions, names, rules, words
from changxiao.orgs.actions.importing import STREAM, Listed
from changxiao.orgs.models import Staff, Unit
from changxiao.orgs.views.base import OrgForm, posts_for

COLUMNS = (
    gettext_lazy("用户名"),
    gettext_lazy("姓名"),
    gettext_lazy("单位"),
    gettext_lazy("电话"),
)
HEADS = frozenset({"用户名", "User name"})
MOST = 2000


@dataclass(frozen=True, slots=True)
class Fault:
    """一格读不了: where it stands as a spreadsheet says it, what it holds, and why."""

    cell: str
    value: str
    why: str


class ImportForm(OrgForm):
    """导入表单: the list as lines; a sheet that was read in stands here too, to be mended."""

    lines = forms.CharField(
        label=gettext_lazy("名单"),
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 12, "class": "lines", "spellcheck": "false"}),
        help_text=gettext_lazy("每行一人：用户名、姓名、单位、电话，从 Excel 直接粘贴。"),
    )

    def clean_lines(self) -> str:
        self.faults: list[Fault] = []
        self.listed: list[Listed] = []
        told: str = self.cleaned_data["lines"]
        rows = [line.split("\t") for line in told.replace("\r", "").split("\n")]
        if len(rows) > MOST:
            raise forms.ValidationError(_("一次最多 %(most)d 人，请分开导入") % {"most": MOST})
        self._read(rows)
        if self.faults:
            message = _("有 %(n)d 格读不了，见下表；改好再预览") % {"n": len(self.faults)}
            raise forms.ValidationError(message)
        if not self.listed:
            raise forms.ValidationError(_("名单里没有人"))
        return told

    def _read(self, rows: Sequence[Sequence[str]]) -> None:
        units = list(Unit.objects.on(today()))
        seen: set[str] = set()
        for number, cells in enumerate(rows, start=1):
            if any(cell.strip() for cell in cells) and cells[0].strip() not in HEADS:
                self._row(number, [*cells, *[""] * 4][:4], units, seen)

    def _row(self, number: int, cells: Sequence[str], units: list[Unit], seen: set[str]) -> None:
        before = len(self.faults)
        username = self._cell(number, 0, cells, rules.username)
        name = self._cell(number, 1, cells, rules.person_name)
        unit = self._cell(number, 2, cells, lambda told: names.unit(told, units) if told else None)
        phone = self._cell(number, 3, cells, rules.phone_number)
        if username and str(username).casefold() in seen:
            self.faults.append(Fault(f"A{number}", cells[0], _("这个用户名在名单里出现了两次")))
        seen.add(str(username).casefold())
        if len(self.faults) == before:
            self.listed.append(Listed(username, name, unit, phone))

    def _cell(
        self, number: int, place: int, cells: Sequence[str], read: Callable[[str], Any]
    ) -> Any:
        try:
            return read(cells[place].strip())
        except Refused as no:
            self.faults.append(Fault(f"{sheets.column(place)}{number}", cells[place], no.sentence))
            return None


@require_http_methods(["GET", "HEAD", "POST"])
def people_import(request: HttpRequest) -> HttpResponse:
    """导入人员: a sheet fills the list, the list is previewed, then all are taken or none."""
    acting(request, posts_for("import_people"))
    form = ImportForm(request.POST or None, stream=STREAM)
    if "file" in request.FILES:
        try:
            form = _from_sheet(request)
        except Refused as no:
            messages.error(request, no.sentence)
            return redirect("people_import")
    shown = Page(
        title=_("导入人员"),
        back=reverse("people"),
        stream=STREAM,
        fields=words.fields("people", names.Names()),
        posts=posts_for("import_people"),
        name_of=access.name_of,
        template="orgs/import.html",
        do=lambda one, act: actions.import_people(one.listed, act=act),
        effects=lambda _old, _new: [
            _("新人没有口令和岗位：请安全管理员设初始口令并任命。"),
            _("已有的用户名只更新姓名、单位和电话；名单里没有的人不动。"),
        ],
    )
    return answer(request, form, shown)


def _from_sheet(request: HttpRequest) -> ImportForm:
    file = request.FILES["file"]
    rows = sheets.read(file)  # type: ignore[arg-type]
    clean = ("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in r) for r in rows)
    blank = ImportForm(stream=STREAM)
    data = blank.hidden()
    return ImportForm(data | {"lines": "\n".join(clean)}, stream=STREAM)


@require_safe
def template(request: HttpRequest) -> FileResponse:
    """导出现有人员 as the sheet that the import reads back; phones as far as the reader sees."""
    acting(request, posts_for("import_people"))
    viewer = request.viewer  # type: ignore[attr-defined]
    people = Staff.visible.filter(is_active=True).select_related("unit").order_by("username")
    rows = [[str(one) for one in COLUMNS]]
    for one in people:
        unit = one.unit.code if one.unit else ""
        rows.append([one.username, one.name, unit, access.phone_of(one, viewer)])
    file = sheets.write(_("人员"), rows, [20, 14, 16, 18])
    return FileResponse(file, content_type=sheets.XLSX, as_attachment=True, filename="people.xlsx")
