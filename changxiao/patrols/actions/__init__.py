"""巡查的动作: the verbs, and the only writers of walks and missed reports."""

from changxiao.patrols.actions.missed import (
    confirm_missed,
    dismiss_missed,
    object_missed,
    overturn_missed,
    propose_missed,
    uphold_missed,
)
from changxiao.patrols.actions.walking import finish_patrol, start_patrol

__all__ = [
    "confirm_missed",
    "dismiss_missed",
    "finish_patrol",
    "object_missed",
    "overturn_missed",
    "propose_missed",
    "start_patrol",
    "uphold_missed",
]
