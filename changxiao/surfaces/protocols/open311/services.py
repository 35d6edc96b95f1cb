"""服务 services: our sub-categories in use, with what is asked besides of each; and discovery."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from changxiao.areas.home import home_city
from changxiao.catalog import known, policy, questions
from changxiao.catalog.models import FilingCriterion, Question, Subcategory
from changxiao.catalog.stamp import Remembered
from changxiao.surfaces.protocols.open311.keys import reader
from changxiao.surfaces.protocols.open311.operation import operation
from changxiao.surfaces.protocols.open311.reading import queried, service
from changxiao.surfaces.protocols.open311.writing import TYPES, answer, filled

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET = "2026-11-25T00:00:00+08:00"  # when these addresses last changed their meaning


@operation("GET")
def discovery(request: HttpRequest, fmt: str) -> HttpResponse:
    """发现: where the protocol is spoken here. Its type goes without a charset, for the validators
    that compare it as text; and a second endpoint, since some read one as no list at all."""
    queried(request)
    contact = policy.text("public_contact") or home_city().name
    told = {
        "changeset": CHANGESET,
        "contact": contact,
        "key_service": _("向本市索取 api_key：%(contact)s") % {"contact": contact},
        "endpoints": [_endpoint(request, kind) for kind in ("production", "test")],
    }
    return answer(fmt, "discovery", told, charset=False)


def _endpoint(request: HttpRequest, kind: str) -> dict[str, Any]:
    return {
        "specification": SPECIFICATION,
        "url": request.build_absolute_uri("/open311/v2"),
        "changeset": CHANGESET,
        "type": kind,
        "formats": list(TYPES.values()),
    }


def _conditions() -> dict[int, str]:
    found: dict[int, list[str]] = {}
    rows = FilingCriterion.objects.current().order_by("code")
    for pk, condition in rows.values_list("subcategory_id", "condition"):
        found.setdefault(pk, []).append(condition)
    return {pk: "；".join(told[:3]) for pk, told in found.items()}


conditions = Remembered(_conditions)


def _listed() -> dict[str, list[dict[str, Any]]]:
    return {}


_written = Remembered(_listed)  # by language, until the catalogue changes


@operation("GET")
def services(request: HttpRequest, fmt: str) -> HttpResponse:
    """服务清单."""
    queried(request)
    reader(request)
    language, kept = get_language() or "", _written()
    if language not in kept:
        rows = sorted(known.known().by_key.items())
        kept[language] = [_service(row) for _key, row in rows]
    return answer(fmt, "services", kept[language])


def _service(row: Subcategory) -> dict[str, Any]:
    words = (row.category.name, row.suggested)
    return {
        "service_code": row.key,
        "service_name": row.label,
        "description": conditions().get(row.pk, row.label),
        "metadata": bool(questions.of(row.pk)),
        "type": "realtime",
        "keywords": ",".join(word for word in words if word),
        "group": row.category.name,
    }


@operation("GET")
def definition(request: HttpRequest, fmt: str, code: str) -> HttpResponse:
    """服务定义: what is asked besides of one service; an empty list where nothing is."""
    queried(request)
    reader(request)
    row = service(code)
    told = {
        "service_code": row.key,
        "attributes": [_attribute(one) for one in questions.of(row.pk)],
    }
    return answer(fmt, "service_definition", told)


def _attribute(row: Question) -> dict[str, Any]:
    return {
        "variable": True,
        "code": row.code,
        "datatype": row.datatype,
        "required": row.required,
        "datatype_description": row.hint,
        "order": row.order,
        "description": row.words,
        **filled(values=[{"key": key, "name": name} for key, name in row.choices]),
    }
