"""目录的表: one import for every row of the catalogue."""

from changxiao.catalog.models.criteria import FilingCriterion, Need, NeedKind
from changxiao.catalog.models.limited import Limited
from changxiao.catalog.models.places import PlaceKind
from changxiao.catalog.models.publicity import PublicRule
from changxiao.catalog.models.questions import Question
from changxiao.catalog.models.residents import AnswerTemplate, ControlArea
from changxiao.catalog.models.responsibility import ConfirmRule, Responsibility
from changxiao.catalog.models.sheets import SheetDraft
from changxiao.catalog.models.subjects import Category, Edition, Kind, Subcategory
from changxiao.catalog.models.times import (
    AreaGrade,
    CalendarDay,
    ClockStage,
    Emergency,
    PeriodOverlay,
    StageLimit,
    WorkWindow,
)
from changxiao.catalog.models.values import CatalogStamp, CityPolicy

__all__ = [
    "AnswerTemplate",
    "AreaGrade",
    "CalendarDay",
    "CatalogStamp",
    "Category",
    "CityPolicy",
    "ClockStage",
    "ConfirmRule",
    "ControlArea",
    "Edition",
    "Emergency",
    "FilingCriterion",
    "Kind",
    "Limited",
    "Need",
    "NeedKind",
    "PeriodOverlay",
    "PlaceKind",
    "PublicRule",
    "Question",
    "Responsibility",
    "SheetDraft",
    "StageLimit",
    "Subcategory",
    "WorkWindow",
]
