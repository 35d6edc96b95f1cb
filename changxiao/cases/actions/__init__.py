"""案卷的动作: the verbs, and the only writers of cases. One per step of `flow.STEPS`."""

from changxiao.cases.actions.amending import (
    Change,
    agree_amend,
    amend,
    ask_amend,
    refuse_amend,
)
from changxiao.cases.actions.asking_back import acknowledge, contest
from changxiao.cases.actions.assigning import assign, await_collector, hand_on
from changxiao.cases.actions.awaiting import complete_photo, give_up_photo
from changxiao.cases.actions.calls import Heard, call_again, call_back, reopen
from changxiao.cases.actions.checking import (
    ask_to_verify,
    close,
    force_close,
    rework,
    verify,
    verify_again,
    void,
)
from changxiao.cases.actions.command import (
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
from changxiao.cases.actions.given import give_due
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
    accept,
    ask_to_confirm,
    confirm,
    decline,
    refute,
    report,
)
from changxiao.cases.actions.joining import (
    Second,
    follow,
    join,
    pass_answer,
    report_into,
    split,
    split_off,
)
from changxiao.cases.actions.leaving import pass_on
from changxiao.cases.actions.links import issue_link, revoke_link
from changxiao.cases.actions.on_spot import handle_on_spot, report_on_spot
from changxiao.cases.actions.parties import Calling, GivenDue, Reporter
from changxiao.cases.actions.photos import Declared, Shown, Spot
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
from changxiao.cases.actions.publishing import publish, withdraw
from changxiao.cases.actions.recalling import recall
from changxiao.cases.actions.rechecking import (
    dispute_check,
    draw_recheck,
    excuse_check,
    follow_up,
    recheck,
    redraw_recheck,
)
from changxiao.cases.actions.relaying import relay, supplement
from changxiao.cases.actions.ruling import adopt_ruling, drop_ruling
from changxiao.cases.actions.steps import set_step_rule
from changxiao.cases.actions.suggesting import train_suggestions

__all__ = [
    "Calling",
    "Change",
    "Declared",
    "GivenDue",
    "Heard",
    "Helper",
    "Problem",
    "Reporter",
    "Second",
    "Shown",
    "Spot",
    "accept",
    "acknowledge",
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
    "call_again",
    "call_back",
    "close",
    "complete_photo",
    "confirm",
    "contest",
    "decline",
    "dispatch",
    "dispute_check",
    "draw_recheck",
    "drop_ruling",
    "endorse_appeal",
    "excuse_check",
    "extend",
    "feed_back",
    "file",
    "fill_in",
    "follow",
    "follow_up",
    "force_close",
    "forward",
    "give_due",
    "give_up_photo",
    "grant_appeal",
    "hand_on",
    "handle_on_spot",
    "hold",
    "issue_link",
    "join",
    "nudge",
    "pass_answer",
    "pass_on",
    "publish",
    "recall",
    "receive",
    "recheck",
    "redraw_recheck",
    "refuse_amend",
    "refuse_appeal",
    "refuse_request",
    "refute",
    "relay",
    "release",
    "reopen",
    "report",
    "report_into",
    "report_on_spot",
    "resume",
    "revoke_link",
    "rework",
    "rule_ownership",
    "send_back",
    "set_step_rule",
    "split",
    "split_off",
    "supervise",
    "supplement",
    "suspend",
    "take_back",
    "train_suggestions",
    "unmask",
    "verify",
    "verify_again",
    "void",
    "wake",
    "withdraw",
]
