"""证据的表: readings, witnesses, what is odd about photos and acts, and links for a squad.

Their rules stand in `evidence` and `plausible`; a case's own columns stand in `models`.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from changxiao.cases.plausible import UNITS, FlagKind
from changxiao.kernel.scope import ScopedManager


class CaseReading(models.Model):
    """读数: a value read at the place; `round` is how often the case had been reworked by then."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="readings")
    name = models.CharField(_("名称"), max_length=20)
    value = models.DecimalField(_("数值"), max_digits=12, decimal_places=3)
    unit = models.CharField(_("计量单位"), max_length=12)
    round = models.PositiveSmallIntegerField()
    entry = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("读数")


class CaseWitness(models.Model):
    """见证人: another person than who handled, by account, or by post and a sealed name."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="witnesses")
    account = models.CharField(max_length=64, blank=True)
    post = models.CharField(_("单位职务"), max_length=60, blank=True)
    person = models.CharField(_("姓名承诺值"), max_length=64, blank=True)
    round = models.PositiveSmallIntegerField()
    entry = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = pgettext_lazy("evidence", "见证人")
        constraints = [
            models.CheckConstraint(
                condition=~Q(account="") | (~Q(post="") & ~Q(person="")), name="witness_is_somebody"
            )
        ]


class EvidenceFlag(models.Model):
    """证据疑点: something odd about a photo or an act, with the measure and the city's threshold.

    Never a verdict and no part of any rank: it is seen by the supervision side only
    (`access.flags_reach`), and a person dismisses or upholds it with a reason.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("flag", "待看")
        DISMISSED = "dismissed", pgettext_lazy("flag", "已排除")
        UPHELD = "upheld", pgettext_lazy("flag", "已确认")

    stream = models.CharField(max_length=120, unique=True)
    kind = models.CharField(_("疑点"), max_length=12, choices=FlagKind)
    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="+")
    entry = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+")
    photo = models.ForeignKey("ledger.Photo", models.PROTECT, null=True, related_name="+")
    other = models.ForeignKey("ledger.Photo", models.PROTECT, null=True, related_name="+")
    other_case = models.ForeignKey("cases.Case", models.SET_NULL, null=True, related_name="+")
    measured = models.DecimalField(_("测得"), max_digits=12, decimal_places=1, null=True)
    threshold = models.DecimalField(_("阈值"), max_digits=12, decimal_places=1, null=True)
    told = models.CharField(_("说明"), max_length=80, blank=True)
    made_at = models.DateTimeField(_("发现时间"))
    state = models.CharField(_("状态"), max_length=9, choices=State, default=State.OPEN)
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(_("理由"), blank=True)
    head = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[EvidenceFlag]] = ScopedManager(
        "changxiao.cases.access.flags_reach"
    )
    everything: ClassVar[models.Manager[EvidenceFlag]] = models.Manager()

    class Meta:
        verbose_name = _("证据疑点")
        base_manager_name = "everything"
        indexes = [
            models.Index(fields=["state", "made_at", "id"], name="flag_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open") | (~Q(reason="") & ~Q(decided_by="")),
                name="flag_decided_with_reason",
            )
        ]

    @property
    def measure(self) -> str:
        """测得, as a reader says it: 320 米（阈值 150）."""
        if self.measured is None or self.threshold is None:
            return self.told
        words = gettext("%(measured)s %(unit)s（阈值 %(threshold)s）")
        return words % {
            "measured": f"{self.measured.normalize():f}",
            "unit": UNITS.get(self.kind, ""),
            "threshold": f"{self.threshold.normalize():f}",
        }


class PhotoPrint(models.Model):
    """照片指纹: the four bands of a photo's 64-bit fingerprint, for looking up near copies
    (`likeness`); one row for each photo that was put into a case."""

    photo = models.OneToOneField("ledger.Photo", models.CASCADE, related_name="+")
    bits = models.BigIntegerField()
    at = models.DateTimeField()
    band_a = models.PositiveIntegerField()
    band_b = models.PositiveIntegerField()
    band_c = models.PositiveIntegerField()
    band_d = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("照片指纹")
        indexes = [models.Index(fields=[f"band_{x}", "at"], name=f"print_band_{x}") for x in "abcd"]


class LastSeen(models.Model):
    """最近位置: where and when a collector's last act was, to see how fast the next one came."""

    actor = models.CharField(max_length=64, primary_key=True)
    entry = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+", db_index=False)
    lon = models.FloatField()
    lat = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("最近位置")


class SquadLink(models.Model):
    """班组链接: one case, one step, for a squad without accounts. `digest` is the SHA-256 of the
    token, which is shown once and stored nowhere; `code` names the link in entries."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="squad_links")
    step = models.CharField(max_length=20, default="feed_back")
    squad = models.CharField(_("班组"), max_length=40)
    digest = models.CharField(max_length=64, unique=True)
    issued_by = models.CharField(max_length=64)
    post = models.CharField(max_length=20)
    issued_at = models.DateTimeField(_("签发时间"))
    expires_at = models.DateTimeField(_("有效至"))
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    opened_count = models.PositiveIntegerField(_("打开次数"), default=0)
    head = models.ForeignKey(
        "ledger.Entry", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = _("班组链接")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at")), name="squad_link_times_in_order"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(used_at=None), name="squad_link_used_or_revoked"
            ),
        ]

    @property
    def code(self) -> str:
        """链接代号: enough of the digest to tell links apart, nothing that opens one."""
        return self.digest[:16]

    @property
    def stream(self) -> str:
        return f"link:{self.code}"

    def state(self, at: datetime) -> str:
        """状态: used, revoked, expired or live."""
        if self.used_at is not None:
            return "used"
        if self.revoked_at is not None:
            return "revoked"
        return "live" if at < self.expires_at else "expired"


class AwaitedPhoto(models.Model):
    """待传照片: declared in one role of one case; it waits until it arrives or a person gives up.

    `why` is the code of the last refusal of its bytes: it still waits, and the phone is told.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待传")
        ARRIVED = "arrived", _("已补到")
        GIVEN_UP = "given_up", _("不再等待")

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="awaited")
    sha256 = models.CharField(_("校验值"), max_length=64)
    bytes = models.PositiveIntegerField(_("字节数"))
    type = models.CharField(_("类型"), max_length=16)
    role = models.CharField(max_length=10)
    entry = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+")
    declared_by = models.CharField(max_length=64)
    lon = models.FloatField(_("经度"), null=True)
    lat = models.FloatField(_("纬度"), null=True)
    accuracy = models.FloatField(_("定位精度（米）"), null=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    why = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("待传照片")
        indexes = [
            models.Index(
                fields=["declared_by", "sha256"],
                condition=Q(state="waiting"),
                name="awaited_waiting",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "role", "sha256"], name="awaited_once_in_a_role"
            ),
            models.CheckConstraint(condition=Q(bytes__gt=0), name="awaited_not_empty"),
        ]

    @property
    def role_label(self) -> str:
        """作用 in words, as a photo of the case has it."""
        from changxiao.cases.models import CasePhoto

        return str(CasePhoto.Role(self.role).label)
