"""方案: saved as a new version; what was computed keeps the version that it was computed by."""

from __future__ import annotations

from django.utils.translation import gettext as _

from changxiao.evaluation.flow import OFFICE
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.models import SchemeVersion
from changxiao.evaluation.schemes import read_scheme
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.orgs.posts import Post

KEEPERS = OFFICE | {Post.CITY_ADMIN}


def save_scheme(*, text: str, act: Act) -> SchemeVersion:
    """保存方案: as the next version of its key; the note says why.

    Refused `not_yours`, `nothing_changed`, and whatever `read_scheme` finds wrong, by its field.
    """
    scheme = read_scheme(text, LIBRARY)
    with writing():
        stream = f"scheme:{scheme.key}"
        rows = SchemeVersion.objects.select_for_update().filter(key=scheme.key)
        last = rows.order_by("-version").first()
        try:
            if act.post not in KEEPERS and not act.actor.startswith("system:"):
                sentence = _("方案由监督中心主任、指挥中心主任或系统管理员修改")
                raise Refused("not_yours", sentence, field="post")
            if last is not None and last.text == text:
                sentence = _("内容与第 %(version)d 版相同，没有改动") % {"version": last.version}
                raise Refused("nothing_changed", sentence, field="text")
        except Refused:
            ledger.recall(stream=stream, verb="save_scheme", act=act)
            raise
        at = act.moment()
        version = last.version + 1 if last else 1
        body = {"version": version, "title": scheme.title, "text": text}
        entry = ledger.append(stream=stream, verb="save_scheme", act=act, at=at, body=body)
        return SchemeVersion.objects.create(
            key=scheme.key,
            version=version,
            title=scheme.title,
            text=text,
            note=act.note[:400],
            saved_by=act.actor,
            saved_at=at,
            head=entry,
        )
