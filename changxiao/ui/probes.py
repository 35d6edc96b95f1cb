"""界面的自检: translations compiled, browser code of others in place (`make setup` brings both)."""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _

from changxiao.kernel.finding import Finding, Level

_HOUSE = Path(__file__).resolve().parent.parent
_VENDOR = (
    "vendor/htmx",
    "vendor/tabler-core",
    "vendor/icons.svg",
    "vendor/maplibre-gl",
    "vendor/echarts",
)


def translations(house: Path = _HOUSE) -> Finding:
    """译文: each catalogue has its compiled form, not older than itself."""
    sources = sorted(house.rglob("locale/*/LC_MESSAGES/django.po"))
    old = [po.relative_to(house).parts[0] for po in sources if not _compiled(po)]
    if old:
        remedy = _("请执行 make setup。")
        return Finding("translations", Level.WARN, _("译文未编译"), ", ".join(old), remedy)
    count = _("%(count)s 份") % {"count": len(sources)}
    return Finding("translations", Level.OK, _("译文"), count)


def _compiled(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime


def vendor() -> Finding:
    """浏览器组件: fetched by npm at set-up, never part of the project."""
    missing = [name for name in _VENDOR if finders.find(name) is None]
    if missing:
        remedy = _("请执行 make setup（需要能访问 npm 源）。")
        return Finding("vendor", Level.ERROR, _("浏览器组件缺失"), ", ".join(missing), remedy)
    return Finding("vendor", Level.OK, _("浏览器组件"), _("齐全"))
