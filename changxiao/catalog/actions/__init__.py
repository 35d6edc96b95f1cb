"""目录的动作: the only writers of the catalogue; each edit is an entry and a new stamp."""

from changxiao.catalog.actions.base import VERBS
from changxiao.catalog.actions.calendar import (
    NoticeDay,
    clear_calendar_day,
    import_calendar,
    set_calendar_day,
    set_policy,
    set_window,
)
from changxiao.catalog.actions.criteria import Draft, retire_criterion, set_criterion
from changxiao.catalog.actions.duties import (
    drop_confirm_rule,
    end_responsibility,
    set_confirm_rule,
    set_responsibility,
)
from changxiao.catalog.actions.places import drop_place_kind, set_place_kind
from changxiao.catalog.actions.publicity import drop_public_rule, set_public_rule
from changxiao.catalog.actions.questions import QuestionDraft, drop_question, set_question
from changxiao.catalog.actions.residents import (
    drop_answer_template,
    drop_control_area,
    set_answer_template,
    set_control_area,
)
from changxiao.catalog.actions.subjects import set_category, set_subcategory, switch_subcategory
from changxiao.catalog.actions.times import (
    declare_emergency,
    drop_overlay,
    drop_stage_limit,
    end_area_grade,
    extend_emergency,
    lift_emergency,
    set_area_grade,
    set_overlay,
    set_stage_limit,
)

__all__ = [
    "VERBS",
    "Draft",
    "NoticeDay",
    "QuestionDraft",
    "clear_calendar_day",
    "declare_emergency",
    "drop_answer_template",
    "drop_confirm_rule",
    "drop_control_area",
    "drop_overlay",
    "drop_place_kind",
    "drop_public_rule",
    "drop_question",
    "drop_stage_limit",
    "end_area_grade",
    "end_responsibility",
    "extend_emergency",
    "import_calendar",
    "lift_emergency",
    "retire_criterion",
    "set_answer_template",
    "set_area_grade",
    "set_calendar_day",
    "set_category",
    "set_confirm_rule",
    "set_control_area",
    "set_criterion",
    "set_overlay",
    "set_place_kind",
    "set_policy",
    "set_public_rule",
    "set_question",
    "set_responsibility",
    "set_stage_limit",
    "set_subcategory",
    "set_window",
    "switch_subcategory",
]
