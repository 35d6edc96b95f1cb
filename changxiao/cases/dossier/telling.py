"""卷宗内容: a case as plain words and numbers, all at the moment of its last entry.

Nothing here reads the clock: the same state of the case gives the same dossier, byte for byte.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import segno
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from changxiao.areas.home import home_city
from changxiao.cases import places, sketch, story
from changxiao.cases.models import Case, CasePhoto
from changxiao.cases.showing.telling import with_hidden
from changxiao.kernel import scope
from changxiao.kernel.day import local_time
from changxiao.ledger.references import reference

MOST_PHOTOS = 24  # printed; the rest is named by its hash
TEMPLATE = Path(__file__).with_name("dossier.typ")


def dossier(case: Case) -> tuple[dict[str, Any], dict[str, bytes | Path]]:
    """卷宗: the data of the template, and its pictures by file name."""
    viewer = scope.Viewer("staff", scope.current().name)  # without posts: the reader of paper
    assert case.head is not None
    media = story.media_of(case)
    photos, papers, clips = story.parted(media)
    hidden = story.hidden_in(media)
    photos = [row for row in photos if row.pk not in hidden]
    told = reference(case.head)
    pictures: dict[str, bytes | Path] = {
        f"photo-{n}.jpg": row.photo.file() for n, row in enumerate(photos[:MOST_PHOTOS])
    }
    if told is not None:
        pictures["proof.svg"] = qr(str(told))
    data = {
        "title": _("案卷卷宗"),
        "city": home_city().name,
        "number": case.number,
        "created": _parts(case.head.recorded_at),
        "until": _("截至第 %(n)s 条记录（%(at)s）")
        % {"n": case.n, "at": _moment(case.head.recorded_at)},
        "words": _words(),
        "facts": _facts(case, viewer),
        "photos": [_photo(case, n, row) for n, row in enumerate(photos[:MOST_PHOTOS])],
        "documents": [_document(name, row) for name, row in story.named(papers)],
        "recordings": [
            _recording(name, row) for name, row in story.clips_named(clips) if row.pk not in hidden
        ],
        "unprinted": [row.photo.sha256 for row in photos[MOST_PHOTOS:]],
        "clocks": _clocks(case),
        "requests": list(_requests(case, viewer)),
        "orders": list(_orders(case, viewer)),
        "story": [
            _step(line) for line in with_hidden(case, viewer, story.story(case, viewer), media)
        ],
        "proof": str(told) if told else "",
    }
    return data, pictures


def qr(text: str) -> bytes:
    """二维码 as SVG."""
    picture = io.BytesIO()
    segno.make(text, error="m").save(picture, kind="svg", scale=4, border=2, light="#fff")
    return picture.getvalue()


def strip(case: Case, row: CasePhoto) -> str:
    """水印: time, place and number; printed over the rendition, the original stays as it came."""
    taken = row.photo.taken_at or row.photo.created_at
    return f"{_moment(taken)}  {places.of_case(case)}  {case.number}"


def _words() -> dict[str, str]:
    return {
        "facts": _("基本情况"),
        "photos": pgettext("page", "照片"),
        "documents": _("材料（PDF，另存）"),
        "recordings": _("录音录像（另存）"),
        "clocks": _("计时"),
        "requests": _("申请"),
        "orders": _("督办"),
        "story": _("经过"),
        "proof": _("总账证明"),
        "how": _(
            "扫码得到下面一行引文。核对：changxiao ledger prove 加引文，或用 "
            "verify_ledger.py 对总账导出件核对（见 docs/ledger.md）。"
        ),
        "none": _("无"),
        "waiting": _("总账尚未定序，请稍后重新打印，以取得证明。"),
        "unprinted": _("未印出的照片（校验值）"),
        "hash": _("校验值"),
        "page": _("第 {n} 页，共 {all} 页"),
    }


def _facts(case: Case, viewer: scope.Viewer) -> list[tuple[str, str]]:
    texts = story.texts(case, viewer)
    criterion = case.criterion
    place = places.of_case(case)
    rows = [
        (_("受理号"), case.number),
        (_("案卷号"), case.code or ""),
        (_("环节"), case.get_stage_display()),
        (_("来源"), case.get_channel_display()),
        (_("小类"), f"{case.subcategory.label} {case.subcategory.code}"),
        (_("单元网格"), case.unit_grid_code),
        (pgettext("page", "位置"), "　".join(filter(None, (place, texts["address"])))),
        (_("问题描述"), texts["description"]),
        (_("立案标准"), f"{criterion.condition}（{criterion.limit}）" if criterion else ""),
        (_("承办单位"), case.unit.name if case.unit else ""),
        (_("上报时间"), _moment(case.reported_at)),
        (_("立案时间"), _moment(case.filed_at)),
        (_("派遣时间"), _moment(case.dispatched_at)),
        (_("应处置时间"), _moment(case.handle_due_at)),
        (_("办结时间"), _moment(case.ended_at)),
        (_("处置超期"), _("是") if case.handled_late else _("否")),
        (_("答复"), texts["answer"]),
    ]
    return [(name, value) for name, value in rows if value]


def _photo(case: Case, n: int, row: CasePhoto) -> dict[str, str]:
    return {
        "file": f"photo-{n}.jpg",
        "role": str(row.get_role_display()),
        "strip": strip(case, row),
        "hash": row.photo.sha256,
    }


def _document(name: str, row: CasePhoto) -> dict[str, str]:
    told = "　".join([name, filesizeformat(row.photo.bytes), _moment(row.photo.created_at)])
    return {"told": told, "hash": row.photo.sha256}


def _recording(name: str, row: CasePhoto) -> dict[str, str]:
    lasted = _("%(n)d 秒") % {"n": row.photo.seconds}
    size = filesizeformat(row.photo.bytes)
    told = "　".join([name, lasted, size, _moment(row.photo.created_at)])
    return {"told": told, "hash": row.photo.sha256}


def _clocks(case: Case) -> list[dict[str, Any]]:
    assert case.head is not None
    names = {unit.code: unit.name for unit in (case.unit, case.lead_unit) if unit}
    return [
        {
            "title": "　".join(filter(None, (str(track.title), track.unit))),
            "limit": track.limit,
            "due": _moment(track.due),
            "late": _("超期") if track.late else "",
            "reasons": list(track.reasons),
            "stretches": [
                {"at": _moment(one.start), "why": str(one.why), "lasted": one.lasted}
                for one in track.stretches
            ],
        }
        for track in sketch.chart(story.clocks_of(case), case.head.recorded_at, names)
    ]


def _requests(case: Case, viewer: scope.Viewer) -> Iterable[list[str]]:
    rows = case.requests.select_related("unit").order_by("asked_at")
    for row in story.readable(rows, viewer, "reason", "opinion"):
        yield [
            row.get_kind_display(),
            row.unit.name,
            _moment(row.asked_at),
            row.reason,
            "　".join(filter(None, (row.get_state_display(), row.opinion))),
        ]


def _orders(case: Case, viewer: scope.Viewer) -> Iterable[list[str]]:
    for row in story.readable(case.orders.order_by("ordered_at"), viewer, "note", "answer"):
        answer = f"{_moment(row.answered_at)}　{row.answer}" if row.answered_at else _("未答复")
        yield [row.get_kind_display(), _moment(row.ordered_at), row.note, answer]


def _step(line: story.Line) -> dict[str, Any]:
    facts = (f"{name}：{_said(value)}" for name, value in line.facts)
    apart = line.recorded_apart
    return {
        "n": str(line.n) if line.n else "",
        "title": line.title,
        "who": "　".join(filter(None, (line.post, line.who))),
        "at": _moment(line.at),
        "recorded": _("%(at)s 补录") % {"at": _moment(line.recorded_at)} if apart else "",
        "note": "　".join([line.note, *facts]).strip("　"),
        "hash": line.hash,
    }


def _said(value: str | datetime) -> str:
    return _moment(value) if isinstance(value, datetime) else value


def _moment(at: datetime | None) -> str:
    return f"{local_time(at):%Y-%m-%d %H:%M}" if at else ""


def _parts(at: datetime) -> dict[str, int]:
    names = ("year", "month", "day", "hour", "minute", "second")
    return {name: getattr(local_time(at), name) for name in names}
