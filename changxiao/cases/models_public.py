"""公开的表: what a person released of a case, for everybody to read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from changxiao.kernel.scope import ScopedManager


class Publication(models.Model):
    """公开: one row for each case that a person has released; its words are the released ones.

    Whether and how exactly it is shown now, the city's `PublicRule` says besides; both are asked by
    `cases.public.public_cases`, the only way for the public to a case.
    """

    case = models.OneToOneField(
        "cases.Case", models.PROTECT, primary_key=True, related_name="publication"
    )
    text = models.TextField(_("公开文字"), blank=True)
    address = models.CharField(_("公开地址"), max_length=200, blank=True)
    published_by = models.CharField(_("公开人"), max_length=64)
    published_at = models.DateTimeField(_("公开时间"))
    # The public list is read by this; a case's own never changes.
    reported_at = models.DateTimeField()

    class Meta:
        verbose_name = _("公开")
        indexes = [models.Index(fields=["reported_at", "case"], name="publication_reported")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.published_at:%Y-%m-%d}"


def stream_of(number: str, sha256: str) -> str:
    """公开照片的记录流 of a photo of the case with this number."""
    return f"public_photo:{number}/{sha256[:32]}"


class PublicPhoto(models.Model):
    """公开照片: what was decided of one photo of one case; shown only while the case is public too.

    `boxes` are what a person left in it, [x, y, width, height] in pixels of the public picture;
    None until somebody looked. `hidden` keeps it from colleagues as well. It has a stream of its
    own, for who hid what and why is not for every reader of the case's story (showing/telling.py).
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("photo", "待看")
        RELEASED = "released", pgettext_lazy("photo", "已公开")
        WITHHELD = "withheld", pgettext_lazy("photo", "不公开")
        HIDDEN = "hidden", pgettext_lazy("photo", "已隐去")

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="+")
    photo = models.ForeignKey("ledger.Photo", models.PROTECT, related_name="+")
    role = models.CharField(max_length=10)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    # Whether the detector was asked; until then the worker has something to do.
    searched = models.BooleanField(default=False)
    boxes: models.JSONField[list[list[int]] | None, list[list[int]] | None] = models.JSONField(
        null=True
    )
    redaction = models.ForeignKey("ledger.Redaction", models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(_("理由"), blank=True)
    head = models.ForeignKey(
        "ledger.Entry", models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects: ClassVar[models.Manager[PublicPhoto]] = ScopedManager(
        "changxiao.cases.access.public_photos_reach"
    )
    everything: ClassVar[models.Manager[PublicPhoto]] = models.Manager()

    class Meta:
        verbose_name = _("公开照片")
        base_manager_name = "everything"
        indexes = [
            models.Index(fields=["state", "asked_at", "id"], name="public_photo_queue"),
            models.Index(
                fields=["asked_at"],
                condition=models.Q(searched=False),
                name="public_photo_unsearched",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "photo"], name="public_photo_once_a_case"),
            models.CheckConstraint(
                condition=models.Q(state="released", redaction__isnull=False)
                | ~models.Q(state="released") & models.Q(redaction=None),
                name="public_photo_released_is_made",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["withheld", "hidden"]) | ~models.Q(reason=""),
                name="public_photo_withheld_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.photo_id}: {self.state}"

    @property
    def stream(self) -> str:
        """记录流: it begins with the number, so that a case's photos lie together."""
        return stream_of(self.case.number, self.photo.sha256)

    @property
    def role_label(self) -> str:
        """作用 in words, as a photo of the case has it."""
        from changxiao.cases.models import CasePhoto

        return str(CasePhoto.Role(self.role).label)


class CaseDetail(models.Model):
    """附加回答: what the reporter answered to one `catalog.Question`, in the words of that day."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="details")
    code = models.CharField(max_length=40)
    label = models.CharField(_("问题"), max_length=200)
    values = models.JSONField(default=list)
    words = models.TextField(_("回答"))

    class Meta:
        verbose_name = _("附加回答")
        ordering = ["case_id", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "code"], name="detail_once")]

    def __str__(self) -> str:
        return f"{self.label}: {self.words}"


class Relay(models.Model):
    """转送: a case that another city's system knows as well, there under `remote`.

    Theirs came `IN`, ours went `OUT`. A row says ASKED before it is sent: what broke off in between
    was perhaps taken, and is sent again only to a peer that honours its key.
    """

    class Way(models.TextChoices):
        """方向."""

        IN = "in", _("收自对方")
        OUT = "out", _("送往对方")

    class State(models.TextChoices):
        """进度."""

        ASKED = "asked", _("正在转送")
        TAKEN = "taken", _("对方已收")
        REFUSED = "refused", _("对方不收")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="relays")
    peer = models.CharField(_("对方"), max_length=40)
    way = models.CharField(_("方向"), max_length=4, choices=Way)
    state = models.CharField(_("进度"), max_length=8, choices=State)
    remote = models.CharField(_("对方编号"), max_length=64, blank=True)
    status = models.CharField(_("对方状态"), max_length=40, blank=True)
    told = models.CharField(_("已告知的状态"), max_length=40, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("转送")
        constraints = [
            models.UniqueConstraint(fields=["case", "peer"], name="relay_once_a_peer"),
            models.UniqueConstraint(
                fields=["peer", "remote"], condition=~models.Q(remote=""), name="relay_remote_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.peer}:{self.remote}"
