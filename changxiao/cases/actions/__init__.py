"""案卷的动作: the verbs, and the only writers of cases. One per step of `flow.STEPS`."""

from changxiao.cases.actions.amending import (
    Change,
    agree_amend,
    amend,
    ask_amend,
    refuse_amend,
)
from changxiao.cases.actions.assigning import assign, await_collector
from changxiao.cases.actions.checking import (
    ask_to_verify,
    close,
    force_close,
    rework,
    verify,
    void,
)
from changxiao.cases.actions.command import (
    GivenDue,
    Helper,
    dispatch,
    extend,
    file,
    refuse_request,
    resume,
    rule_ownership,
    suspend,
    take_back,
    wake,
)
from changxiao.cases.actions.emergency import hold, release
from changxiao.cases.actions.evidence import add_photo
from changxiao.cases.actions.fast import fill_in
from changxiao.cases.actions.handling import (
    ask_extend,
    ask_suspend,
    assist,
    feed_back,
    forward,
    receive,
    send_back,
)
from changxiao.cases.actions.intake import (
    Problem,
    Reporter,
    accept,
    ask_to_confirm,
    confirm,
    decline,
    refute,
    report,
)
from changxiao.cases.actions.joining import Second, join, pass_answer, split, split_off
from changxiao.cases.actions.leaving import pass_on
from changxiao.cases.actions.links import issue_link, revoke_link
from changxiao.cases.actions.photos import Shown, Spot
from changxiao.cases.actions.pressure import (
    answer_order,
    appeal,
    endorse_appeal,
    grant_appeal,
    nudge,
    refuse_appeal,
    supervise,
    unmask,
)
from changxiao.cases.actions.recalling import recall
from changxiao.cases.actions.ruling import adopt_ruling, drop_ruling
from changxiao.cases.actions.steps import set_step_rule

__all__ = [
    "Change",
    "GivenDue",
    "Helper",
    "Problem",
    "Reporter",
    "Second",
    "Shown",
    "Spot",
    "accept",
    "add_photo",
    "adopt_ruling",
    "agree_amend",
    "amend",
    "answer_order",
    "appeal",
    "ask_amend",
    "ask_extend",
    "ask_suspend",
    "ask_to_confirm",
    "ask_to_verify",
    "assign",
    "assist",
    "await_collector",
    "close",
    "confirm",
    "decline",
    "dispatch",
    "drop_ruling",
    "endorse_appeal",
    "extend",
    "feed_back",
    "file",
    "fill_in",
    "force_close",
    "forward",
    "grant_appeal",
    "hold",
    "issue_link",
    "join",
    "nudge",
    "pass_answer",
    "pass_on",
    "recall",
    "receive",
    "refuse_amend",
    "refuse_appeal",
    "refuse_request",
    "refute",
    "release",
    "report",
    "resume",
    "revoke_link",
    "rework",
    "rule_ownership",
    "send_back",
    "set_step_rule",
    "split",
    "split_off",
    "supervise",
    "suspend",
    "take_back",
    "unmask",
    "verify",
    "void",
    "wake",
]
