"""摄像机设置页: the list with each class's rate, one camera's form, mute and unmute."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changxiao.cases.finds import access, sources
from changxiao.cases.finds.cameras import CameraDraft, drop_camera, set_camera
from changxiao.cases.finds.models import Camera
from changxiao.cases.finds.trust import mute_source, unmute_source
from changxiao.catalog import policy, said
from changxiao.catalog.actions.base import EDITORS, who
from changxiao.kernel import paging, scope
from changxiao.kernel.act import Act, new_key
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import EditForm, Kind, Page, acting, answer, confirming, for_posts
from changxiao.ledger.history import Field, State
from changxiao.ledger.refusals import Replayed

METHODS = ["GET", "HEAD", "POST"]
SIZE = 30
for_editors = for_posts(EDITORS)


def _classes_said(told: Any) -> str:
    return "、".join(f"{kind} → {said.subject(key)}" for kind, key in (told or {}).items())


FIELDS = (
    Field("name", gettext_lazy("名称")),
    Field("box", gettext_lazy("设备账号")),
    Field("lon", gettext_lazy("经度")),
    Field("lat", gettext_lazy("纬度")),
    Field("address", gettext_lazy("地址")),
    Field("classes", gettext_lazy("识别类别"), _classes_said),
    Field("enabled", gettext_lazy("启用")),
)
TITLES = {
    "set_camera": gettext_lazy("设定摄像机"),
    "drop_camera": gettext_lazy("删除摄像机"),
    "mute_source": gettext_lazy("静默"),
    "unmute_source": gettext_lazy("取消静默"),
}


class CameraForm(EditForm):
    """摄像机表单."""

    code = forms.CharField(
        label=gettext_lazy("编号"),
        max_length=40,
        help_text=gettext_lazy("设备发来的编号，例如 GB/T 28181 的20位国标编码。"),
    )
    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    box = forms.CharField(
        label=gettext_lazy("设备账号"),
        max_length=64,
        help_text=gettext_lazy("令牌签发给的用户名；一个账号可以管多台摄像机。"),
    )
    lon = forms.FloatField(label=gettext_lazy("经度"), required=False)
    lat = forms.FloatField(
        label=gettext_lazy("纬度"),
        required=False,
        help_text=gettext_lazy("WGS-84；车载的都留空，由每次发现自带位置。"),
    )
    address = forms.CharField(label=gettext_lazy("地址"), required=False, max_length=200)
    classes = forms.CharField(
        label=gettext_lazy("识别类别"),
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text=gettext_lazy("一行一个：设备的类别，空格，我们的小类代码，例如 garbage e0110。"),
    )
    enabled = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)
    field_order = ("code", "name", "box", "lon", "lat", "address", "classes", "enabled", "note")

    def clean_classes(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for line in str(self.cleaned_data["classes"]).splitlines():
            parts = line.replace("=", " ").replace("→", " ").split()
            if not parts:
                continue
            if len(parts) != 2:
                message = _("“%(line)s”读不懂：一行写设备的类别和小类代码，中间空格")
                raise forms.ValidationError(message % {"line": line[:40]})
            found[parts[0]] = parts[1]
        return found

    @property
    def drafted(self) -> CameraDraft:
        """所填."""
        told = self.cleaned_data
        return CameraDraft(**{name: told[name] for name in CameraDraft.__dataclass_fields__})


@require_safe
@for_editors
def cameras(request: HttpRequest) -> HttpResponse:
    """摄像机: with what each class was worth so far."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    rows = Camera.objects.filter(
        Q(code__icontains=words) | Q(name__icontains=words) | Q(box__icontains=words)
    )
    try:
        cursor = request.GET.get("cursor", "")
        page = paging.page(rows, order=["code"], cursor=cursor, size=SIZE)
    except Refused as no:
        raise Http404(no.sentence) from None
    standings = sources.standings(page.items, timezone.now())
    told = {
        "rows": [{"row": row, "standings": standings[row.pk]} for row in page.items],
        "next_cursor": page.next,
        "q": words,
        "key": new_key(),
        "floor": policy.number("find_floor_percent"),
        "least": policy.number("find_least"),
    }
    return render(request, "cases/settings/cameras.html", told)


@require_http_methods(METHODS)
@for_editors
def camera_edit(request: HttpRequest, key: str = "") -> HttpResponse:
    """修改摄像机, or a new one."""
    row = get_object_or_404(Camera, code=key) if key else None
    shown = camera_page(key)
    form = CameraForm(request.POST or None, initial=_filled(row), stream=shown.stream)
    form.fields["code"].disabled = row is not None
    return answer(request, form, shown)


def _filled(row: Camera | None) -> dict[str, Any]:
    if row is None:
        return {}
    told = {name: getattr(row, name) for name in CameraDraft.__dataclass_fields__}
    lines = "\n".join(f"{kind} {key}" for kind, key in row.classes.items())
    return told | {"code": row.code, "classes": lines}


@require_http_methods(METHODS)
@for_editors
def camera_drop(request: HttpRequest, key: str) -> HttpResponse:
    """删除摄像机."""
    row = get_object_or_404(Camera, code=key)
    return confirming(request, camera_page(key), lambda act: drop_camera(row, act=act))


def camera_page(key: str) -> Page:
    """一台摄像机的页面; "" for a new one."""
    urls: dict[str, Any] = {}
    if key:
        urls = {
            "history": reverse("case_settings_history", args=["camera", key]),
            "undo": reverse("case_settings_undo", args=["camera", key]),
        }
    return Page(
        title=_("摄像机：%(code)s") % {"code": key} if key else _("新增摄像机"),
        back=reverse("case_cameras"),
        stream=f"camera:{key}" if key else "",
        fields=FIELDS,
        ends=frozenset({"drop_camera"}),
        posts=EDITORS,
        name_of=who,
        do=_set,
        effects=lambda _old, _new: [_("只管以后的发现；等人看的照旧")],
        titles=TITLES,
        **urls,
    )


def _set(form: CameraForm, act: Act) -> Camera:
    code = form.cleaned_data["code"]
    if not form.initial and Camera.objects.filter(code=code).exists():
        message = _("已有编号为“%(code)s”的摄像机，请去修改它") % {"code": code}
        raise Refused("name_taken", message, field="code")
    return set_camera(code, form.drafted, act=act)


def _put(key: str, state: State | None, act: Act) -> object:
    if state is None:
        for row in Camera.objects.filter(code=key):
            drop_camera(row, act=act)
        return None
    told = {name: state[name] for name in CameraDraft.__dataclass_fields__}
    for name in ("lon", "lat"):
        told[name] = float(told[name]) if told[name] is not None else None
    return set_camera(key, CameraDraft(**told), act=act)


CAMERA_KIND = Kind(camera_page, _put)


@require_POST
@for_posts(EDITORS | access.DECIDES)
def camera_trust(request: HttpRequest, key: str, verb: str) -> HttpResponse:
    """静默与取消静默 of one class."""
    verbs = {"mute": mute_source, "unmute": unmute_source}
    if verb not in verbs:
        raise Http404
    row = get_object_or_404(Camera, code=key)
    kind = request.POST.get("kind", "")[:40]
    act = Act(
        actor=scope.current().name,
        post=acting(request, EDITORS | access.DECIDES),
        key=request.POST.get("key") or new_key(),
    )
    try:
        verbs[verb](row, kind, act=act)
        done = (
            _("“%(kind)s”已静默") if verb == "mute" else _("“%(kind)s”已取消静默，重新计算真实率")
        )
        messages.success(request, done % {"kind": kind})
    except Replayed:
        messages.info(request, _("此前已经记录，没有重复"))
    except Refused as no:
        messages.error(request, no.sentence)
    return redirect("case_cameras")
