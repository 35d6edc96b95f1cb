"""案卷的表: where each case stands; its history is the entries on stream `case:<number>`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from changxiao.cases.evidence import Outcome
from changxiao.cases.flow import ENDS, Stage
from changxiao.cases.models_calls import CallbackState
from changxiao.cases.models_evidence import AwaitedPhoto
from changxiao.cases.models_request import CaseRequest as CaseRequest  # noqa: PLC0414 - lent on
from changxiao.kernel.scope import ScopedManager

# Queues are read by `queue_at`, which no index wants NULL: what has no running limit stands last.
LAST = datetime.fromisoformat("9999-12-31T00:00:00+00:00")


class Channel(models.TextChoices):
    """来源: who found the problem (domain.md §5.4)."""

    COLLECTOR = "collector", _("监督员上报")
    PUBLIC = "public", _("公众举报")
    HOTLINE = "hotline", _("热线")
    UPPER = "upper", _("上级交办")
    LETTER = "letter", _("来信来访")
    INSPECTION = "inspection", _("督查")
    LEADER = "leader", _("领导交办")
    VIDEO = "video", _("视频巡查")
    MACHINE = "machine", _("智能识别")
    OPEN311 = "open311", "Open311"
    WECHAT = "wechat", _("微信")
    SENSOR = "sensor", _("物联感知")
    MEDIA = "media", _("媒体")
    IMPORTED = "imported", _("外部导入")


class Satisfaction(models.TextChoices):
    """回访结果: what the reporter said of the result after closing."""

    SATISFIED = "satisfied", _("满意")
    FAIRLY = "fairly", _("基本满意")
    UNSATISFIED = "unsatisfied", _("不满意")
    UNSTATED = "unstated", _("未评价")


class CaseQuerySet(models.QuerySet["Case"]):
    """案卷查询: the questions that pages, API and sweeps ask."""

    def open(self) -> CaseQuerySet:
        return self.exclude(stage__in=ENDS)

    def at_stage(self, stage: str) -> CaseQuerySet:
        return self.filter(stage=stage)

    def overdue(self, at: datetime) -> CaseQuerySet:
        """超期: the running limit of the present stage has passed."""
        return self.filter(due_at__lt=at)

    def from_outside(self, origin: str, numbers: Collection[str]) -> CaseQuerySet:
        """外来编号: of one origin; said so that the partial index answers, not a scan."""
        return self.filter(origin=origin, external__in=numbers).exclude(external="")

    def holding(self, unit_code: str) -> CaseQuerySet:
        return self.filter(unit__code=unit_code)


class Case(models.Model):
    """案卷: a problem at a place, whoever found it; `number` since report, `code` since filing."""

    number = models.CharField(_("受理号"), max_length=16, unique=True)
    code = models.CharField(_("案卷号"), max_length=32, unique=True, null=True)  # noqa: DJ001
    stage = models.CharField(_("环节"), max_length=12, choices=Stage, default=Stage.REPORTED)
    channel = models.CharField(_("来源"), max_length=12, choices=Channel)
    subcategory = models.ForeignKey("catalog.Subcategory", models.PROTECT, related_name="+")
    # No index where none is asked by: each costs every report a page of the log.
    criterion = models.ForeignKey(
        "catalog.FilingCriterion", models.PROTECT, null=True, related_name="+", db_index=False
    )
    component = models.ForeignKey("assets.Component", models.PROTECT, null=True, related_name="+")
    urgent = models.BooleanField(_("紧急"), default=False)
    description = models.TextField(_("问题描述"), blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    lon = models.FloatField(_("经度"))  # degrees, WGS-84
    lat = models.FloatField(_("纬度"))
    district_code = models.CharField(max_length=12, blank=True)
    community_code = models.CharField(max_length=20, blank=True)
    unit_grid_code = models.CharField(max_length=24, blank=True)
    duty_grid_code = models.CharField(max_length=24, blank=True)

    reported_at = models.DateTimeField()
    occurred_at = models.DateTimeField(null=True)
    filed_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    # `case_lead` and `case_unit_queue` begin with these two.
    lead_unit = models.ForeignKey(
        "orgs.Unit", models.PROTECT, null=True, related_name="+", db_index=False
    )
    unit = models.ForeignKey(
        "orgs.Unit", models.PROTECT, null=True, related_name="+", db_index=False
    )
    section = models.ForeignKey(
        "orgs.ContractSection", models.PROTECT, null=True, related_name="+", db_index=False
    )
    handler = models.CharField(_("处置人"), max_length=64, blank=True)
    handled_by = models.CharField(_("反馈人"), max_length=64, blank=True)
    checker = models.CharField(_("指派监督员"), max_length=64, blank=True)
    verified_by = models.CharField(_("核查人"), max_length=64, blank=True)

    due_at = models.DateTimeField(_("本环节时限"), null=True)
    queue_at = models.DateTimeField(default=LAST)
    handle_due_at = models.DateTimeField(_("应处置时间"), null=True)
    whole_due_at = models.DateTimeField(_("应结案时间"), null=True)
    due_source = models.CharField(max_length=10, default="rule")
    # One item a stage's limit, as `clock.StageClock.to_json` writes it: read and written whole
    # with the case, so that a verb costs three statements.
    clocks = models.JSONField(_("计时"), default=list)
    suspended_until = models.DateTimeField(null=True)
    held_by = models.CharField(_("应急令编号"), max_length=40, blank=True)

    outcome = models.CharField(_("处置结果"), max_length=12, blank=True, choices=Outcome)
    confirmation = models.CharField(_("核实结论"), max_length=10, blank=True)
    handled_late = models.BooleanField(_("处置超期"), default=False)
    exempt = models.BooleanField(_("申诉免计"), default=False)
    forced = models.BooleanField(_("强制结案"), default=False)
    ruled = models.BooleanField(_("权属已裁定"), default=False)
    rework_count = models.PositiveSmallIntegerField(default=0)
    send_back_count = models.PositiveSmallIntegerField(default=0)
    extension_count = models.PositiveSmallIntegerField(default=0)
    suspension_count = models.PositiveSmallIntegerField(default=0)
    order_count = models.PositiveSmallIntegerField(default=0)
    nudge_count = models.PositiveSmallIntegerField(default=0)

    reporter = models.CharField(_("举报人承诺值"), max_length=64, blank=True)
    answer = models.TextField(_("答复"), blank=True)
    # The keyed digest of the reporter's tracking code 查询码; whoever has the code reads this case.
    follow = models.CharField(_("查询码摘要"), max_length=64, blank=True)
    satisfaction = models.CharField(
        _("回访结果"), max_length=12, blank=True, choices=Satisfaction
    )  # of the last closing; each closing asks anew
    solved = models.BooleanField(_("是否解决"), null=True)
    contest_count = models.PositiveSmallIntegerField(default=0)
    wants_callback = models.BooleanField(_("要求回访"), default=False)
    callback = models.CharField(_("回访"), max_length=9, blank=True, choices=CallbackState)
    callback_due_at = models.DateTimeField(_("应回访时间"), null=True)
    callback_tries = models.PositiveSmallIntegerField(default=0)
    # Another authority's own limit for the whole case, and which: the earlier of both rules holds.
    given_due_at = models.DateTimeField(_("来源时限"), null=True)
    given_by = models.CharField(_("时限来源"), max_length=60, blank=True)
    # What a fast lane left out, to be filled in later; names of `rules.Owed`, comma between them.
    owed = models.CharField(_("待补录"), max_length=40, blank=True)
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name=_("并入案卷")
    )
    split_from = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name=_("拆分自")
    )
    # How far the party whose turn it is has read; no entry, for it decides nothing but a recall.
    seen_n = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    external = models.CharField(_("外部编号"), max_length=64, blank=True)
    origin = models.CharField(max_length=40, blank=True)
    head = models.ForeignKey(
        "ledger.Entry", models.PROTECT, null=True, related_name="+", db_index=False
    )
    n = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager[Case]] = ScopedManager.from_queryset(CaseQuerySet)(
        "changxiao.cases.access.reach"
    )
    everything: ClassVar[models.Manager[Case]] = models.Manager.from_queryset(CaseQuerySet)()

    class Meta:
        verbose_name = _("案卷")
        base_manager_name = "everything"
        indexes = [
            models.Index(fields=["stage", "queue_at", "id"], name="case_queue"),
            models.Index(fields=["unit", "stage", "queue_at", "id"], name="case_unit_queue"),
            models.Index(fields=["queue_at", "id"], name="case_all_queue"),
            models.Index(fields=["community_code", "stage"], name="case_place"),
            models.Index(fields=["duty_grid_code", "stage"], name="case_duty_grid"),
            models.Index(fields=["reported_at", "id"], name="case_reported"),
            models.Index(fields=["lead_unit", "stage"], name="case_lead"),
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="case_running_due"
            ),
            models.Index(
                fields=["suspended_until"], condition=Q(stage="suspended"), name="case_to_wake"
            ),
            models.Index(fields=["owed"], condition=~Q(owed=""), name="case_owing"),
            models.Index(
                fields=["callback", "callback_due_at", "id"],
                condition=~Q(callback=""),
                name="case_callback",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "external"], condition=~Q(external=""), name="case_external_once"
            ),
            models.UniqueConstraint(
                fields=["follow"], condition=~Q(follow=""), name="case_follow_once"
            ),
            models.CheckConstraint(
                condition=Q(verified_by="") | ~Q(verified_by=F("handled_by")),
                name="case_checker_is_not_handler",
            ),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="case_known_stage"),
            models.CheckConstraint(
                condition=Q(suspension_count__lte=1), name="case_suspended_at_most_once"
            ),
            models.CheckConstraint(
                condition=Q(stage="joined", duplicate_of__isnull=False)
                | (~Q(stage="joined") & Q(duplicate_of__isnull=True)),
                name="case_joined_to_one",
            ),
            models.CheckConstraint(
                condition=~Q(duplicate_of=F("id")), name="case_not_its_own_duplicate"
            ),
        ]

    def __str__(self) -> str:
        return self.code or self.number

    # Django's own would hash every choice of the table anew, forty times for a page of twenty.
    def get_stage_display(self) -> str:  # type: ignore[no-redef] # the plugin adds its own
        return str(Stage(self.stage).label)

    def get_channel_display(self) -> str:  # type: ignore[no-redef]
        return str(Channel(self.channel).label)

    @property
    def stream(self) -> str:
        return f"case:{self.number}"

    @property
    def entries(self) -> models.QuerySet[Any]:
        """台账: the case's history, oldest first."""
        from changxiao.ledger.models import Entry

        return Entry.objects.filter(stream=self.stream).order_by("n")

    @cached_property
    def awaiting(self) -> list[AwaitedPhoto]:
        """待传照片: told of by a phone and not here yet; read once for one look at the case."""
        return list(self.awaited.filter(state=AwaitedPhoto.State.WAITING).order_by("id"))

    @property
    def ended(self) -> bool:
        return self.stage in ENDS

    @property
    def waits_for_answer(self) -> bool:
        """须答复: a resident stands behind the case and left a way to be answered."""
        return bool(self.reporter or self.follow or self.given_by)

    @property
    def due_by(self) -> str:
        """时限依据: the source whose own limit is the earlier one; "" where ours holds."""
        ran = [row["due"] for row in self.clocks if row["stage"] == Stage.DISPATCHED and row["due"]]
        ours = datetime.fromisoformat(ran[-1]) if ran else None
        due = self.handle_due_at
        return self.given_by if due is not None and ours is not None and due < ours else ""


class Assist(models.Model):
    """协办: a unit that helps the lead, with a sub-limit of its own."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="assists")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(_("协办时限"), null=True)
    answered_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)
    task = models.TextField(_("协办事项"), blank=True)
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = _("协办")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "unit"],
                condition=Q(answered_at__isnull=True),
                name="assist_once_at_a_time",
            )
        ]


class Ruling(models.Model):
    """权属裁定: decided by a leader on one case, offered once as a responsibility row."""

    class State(models.TextChoices):
        OFFERED = "offered", _("待定")
        ADOPTED = "adopted", _("已列入责任表")
        DROPPED = "dropped", _("不列入")

    case = models.ForeignKey(Case, models.CASCADE, related_name="rulings")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    area_code = models.CharField(_("区划代码"), max_length=24)
    state = models.CharField(max_length=8, choices=State, default=State.OFFERED)
    ruled_by = models.CharField(max_length=64)
    ruled_at = models.DateTimeField()
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("权属裁定")
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="offered"), name="ruling_one_offered"
            )
        ]


class SupervisionOrder(models.Model):
    """督办: an order from above on one case, until it is answered."""

    class Kind(models.TextChoices):
        OVERDUE = "overdue", _("超期督办")
        LEADER = "leader", _("领导督办")
        IMPORTANT = "important", _("重要督办")

    case = models.ForeignKey(Case, models.CASCADE, related_name="orders")
    kind = models.CharField(max_length=10, choices=Kind)
    ordered_by = models.CharField(max_length=64)
    ordered_at = models.DateTimeField()
    note = models.TextField()
    answered_by = models.CharField(max_length=64, blank=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        verbose_name = _("督办")


class CasePhoto(models.Model):
    """案卷照片 in one role of one case; where the browser said it was, in degrees and metres."""

    class Role(models.TextChoices):
        BEFORE = "before", _("处置前")
        AFTER = "after", _("处置后")
        NEAR = "near", _("近景")
        FAR = "far", _("远景")
        CONFIRM = "confirm", _("核实")
        VERIFY = "verify", _("核查")
        DOCUMENT = "document", _("材料")
        READING = "reading", _("读数")
        RECORDING = "recording", _("录音录像")

    case = models.ForeignKey(Case, models.CASCADE, related_name="photos")
    photo = models.ForeignKey("ledger.Photo", models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=Role)
    entry = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+")
    lon = models.FloatField(_("经度"), null=True)
    lat = models.FloatField(_("纬度"), null=True)
    accuracy = models.FloatField(_("定位精度（米）"), null=True)

    class Meta:
        verbose_name = _("案卷照片")
        constraints = [
            models.UniqueConstraint(fields=["case", "role", "photo"], name="photo_once_in_a_role")
        ]


class Serial(models.Model):
    """流水号: the last number given out under one name (a day, a district's day)."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("流水号")


class StepRule(models.Model):
    """步骤岗位: a city's own answer to who may take a step, in place of the flow table's."""

    verb = models.CharField(max_length=20, unique=True)
    posts = models.JSONField(default=list)

    class Meta:
        verbose_name = _("步骤岗位")


from changxiao.cases import models_beside  # noqa: E402, F401 - Django finds their tables by this
