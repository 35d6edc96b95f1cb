"""评价的动作: the verbs, and the only writers of schemes, evaluations and objections."""

from changxiao.evaluation.actions.computing import compute, computed, failed, recompute, revise
from changxiao.evaluation.actions.gaps import (
    accept_gap,
    answer_gap,
    make_gap_tasks,
    send_back_gap,
)
from changxiao.evaluation.actions.highlighting import drop_highlight, pick_highlight
from changxiao.evaluation.actions.objecting import confirm_decision, object_to, propose_decision
from changxiao.evaluation.actions.observing import import_observations
from changxiao.evaluation.actions.proving import attach_proofs
from changxiao.evaluation.actions.publishing import drop, publish, seal
from changxiao.evaluation.actions.rewards import confirm_honor, decide_honor
from changxiao.evaluation.actions.schemes import save_scheme
from changxiao.evaluation.actions.scoring import (
    confirm_scores,
    reject_scores,
    submit_scores,
    withdraw_scores,
)

__all__ = [
    "accept_gap",
    "answer_gap",
    "attach_proofs",
    "compute",
    "computed",
    "confirm_decision",
    "confirm_honor",
    "confirm_scores",
    "decide_honor",
    "drop",
    "drop_highlight",
    "failed",
    "import_observations",
    "make_gap_tasks",
    "object_to",
    "pick_highlight",
    "propose_decision",
    "publish",
    "recompute",
    "reject_scores",
    "revise",
    "save_scheme",
    "seal",
    "send_back_gap",
    "submit_scores",
    "withdraw_scores",
]
