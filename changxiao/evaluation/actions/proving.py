"""附证据文件: files of the vault for a gap's answer or an item of a score sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from changxiao.evaluation.flow import OFFICE
from changxiao.evaluation.models_gaps import GapTask
from changxiao.evaluation.models_proofs import Proof
from changxiao.evaluation.models_scores import ScoreSheet
from changxiao.evaluation.scoring.flow import PROVABLE
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.ledger.media.models import Photo
from changxiao.ledger.models import Entry

MOST = 12  # at once, as a report


def attach_proofs(sheet: ScoreSheet, *, item: str, files: Sequence[Photo], act: Act) -> ScoreSheet:
    """附证据: files behind one item of a sheet that waits or counts; no score of it changes.

    Refused `not_yours`, `not_now`, `item_unknown`, `proof_missing`, and as `check` does.
    """
    with writing():
        row = ScoreSheet.everything.select_for_update(of=("self",)).get(pk=sheet.pk)
        try:
            _admit(row, item, act)
            check(files, must=True)
        except Refused:
            ledger.recall(stream=row.stream, verb="attach_proofs", act=act)
            raise
        at, head = act.moment(), Entry.objects.get(pk=row.head_id)
        body = {"item": item, "files": [one.sha256 for one in files]}
        row.head = ledger.append(
            stream=row.stream, verb="attach_proofs", act=act, at=at, head=head, body=body
        )
        row.save(update_fields=["head"])
        attach(row, files, act=act, at=at, item=item)
    return row


def _admit(row: ScoreSheet, item: str, act: Act) -> None:
    if act.post not in OFFICE:
        names = "、".join(str(post.label) for post in sorted(OFFICE))
        raise Refused("not_yours", _("证据由%(posts)s附上") % {"posts": names}, field="post")
    if row.state not in PROVABLE:
        told = {"state": row.state_words}
        raise Refused("not_now", _("分数表现为“%(state)s”，不能这样办理") % told)
    if item not in {line["item"] for line in row.lines}:
        told = {"item": item[:40]}
        raise Refused(
            "item_unknown", _("这张表没有“%(item)s”的得分，请另选项目") % told, field="item"
        )


def check(files: Sequence[Photo], *, must: bool = False) -> None:
    """查证据文件. Refused `proof_missing`, `proofs_many`, `proof_type`."""
    if must and not files:
        raise Refused("proof_missing", _("请至少选一份证据文件"), field="files")
    if len(files) > MOST:
        sentence = _("一次最多 %(most)d 份，收到 %(n)d 份，请分次提交")
        raise Refused("proofs_many", sentence % {"most": MOST, "n": len(files)}, field="files")
    if any(one.is_recording for one in files):
        sentence = _("录音录像不能作为证据文件，请改传照片、PDF 或 xlsx")
        raise Refused("proof_type", sentence, field="files")


def attach(
    of: GapTask | ScoreSheet, files: Sequence[Photo], *, act: Act, at: datetime, item: str = ""
) -> None:
    """挂上: what is there already stays as it is."""
    link = {"gap": of} if isinstance(of, GapTask) else {"sheet": of}
    for one in files:
        told = {"added_by": act.actor, "added_at": at}
        Proof.objects.get_or_create(**link, item=item, photo=one, defaults=told)
