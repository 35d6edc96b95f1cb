"""案卷流程: the road of a case (GB/T 30428.8; rules of domain.md §5). One table, no database.

Pages draw their buttons from it, the API its refusals, the manual its diagram, and `actions`
asks it under the lock before every write. A city with another organisation replaces who may take
a step by rows (`StepRule`), never by code.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from changxiao.kernel.refused import Refused
from changxiao.orgs.posts import Post


class Stage(models.TextChoices):
    """环节: where a case stands; the last five are the ends of the road."""

    REPORTED = "reported", _("待受理")
    CONFIRMING = "confirming", _("待核实")
    ACCEPTED = "accepted", _("待立案")
    FILED = "filed", _("待派遣")
    DISPATCHED = "dispatched", _("待处置")
    SUSPENDED = "suspended", _("挂账中")
    HANDLED = "handled", _("待核查")
    VERIFIED = "verified", _("待结案")
    CLOSED = "closed", _("已结案")
    DECLINED = "declined", _("不予受理")
    VOIDED = "voided", _("已作废")
    JOINED = "joined", _("已并案")
    ON_SPOT = "on_spot", _("现场办结")


ENDS = frozenset({Stage.CLOSED, Stage.DECLINED, Stage.VOIDED, Stage.JOINED, Stage.ON_SPOT})
OPEN = frozenset(Stage) - ENDS
AFTER_FILING = frozenset(
    {Stage.FILED, Stage.DISPATCHED, Stage.SUSPENDED, Stage.HANDLED, Stage.VERIFIED}
)
HANDLING = frozenset({Stage.DISPATCHED, Stage.SUSPENDED})
BEFORE_ACCEPTING = frozenset({Stage.REPORTED, Stage.CONFIRMING})
AFTER_DISPATCH = AFTER_FILING - {Stage.FILED}

CHECKED = frozenset({Stage.VERIFIED, Stage.CLOSED})
TASKS = frozenset({Stage.CONFIRMING, Stage.HANDLED})  # where a collector is sent to look

HANDLERS = frozenset({Post.HANDLER, Post.UNIT_LEAD})
ABOVE = frozenset({Post.LEADER, Post.CENTER_DIRECTOR, Post.COMMAND_DIRECTOR, Post.UNIT_LEAD})
ANYONE = frozenset(Post) - {Post.CITY_ADMIN, Post.SECURITY_ADMIN, Post.AUDITOR}
DESKS = frozenset({Post.INTAKE, Post.SHIFT_LEADER, Post.DISPATCHER})
RELEASERS = frozenset({Post.INTAKE, Post.SHIFT_LEADER, Post.CENTER_DIRECTOR})
CLERKS = frozenset({Post.INTAKE, Post.SHIFT_LEADER})
LOOKERS = DESKS | {Post.COLLECTOR}
DIRECTORS = frozenset({Post.CENTER_DIRECTOR, Post.COMMAND_DIRECTOR})


@dataclass(frozen=True, slots=True)
class Step:
    """步骤: a verb, the posts that may take it, the stages it leaves from and the one it reaches.

    `target` None means that the case stays where it is (a request, an order, a note); the steps in
    `BACK` put it back to where it stood before.
    """

    verb: str
    title: str | Promise
    posts: frozenset[str]
    sources: frozenset[str]
    target: Stage | None


def _s(title: str) -> Promise:
    # Other rooms say some of these words as nouns; a button needs the verb.
    return pgettext_lazy("step", title)


def _step(
    verb: str,
    title: str | Promise,
    posts: Collection[str],
    sources: Collection[str],
    target: Stage | None,
) -> Step:
    return Step(verb, title, frozenset(posts), frozenset(sources), target)


S, P = Stage, Post
STEPS: tuple[Step, ...] = (
    # the monitor axis 监督轴: is it real, is it ours? (a report makes the case: it leaves no stage)
    _step("report", _s("上报"), ANYONE, (), S.REPORTED),
    _step("accept", _s("受理"), {P.INTAKE}, {S.REPORTED}, S.ACCEPTED),
    _step("decline", _s("不予受理"), {P.INTAKE}, {S.REPORTED, S.CONFIRMING}, S.DECLINED),
    _step("ask_to_confirm", _s("派核实"), {P.INTAKE}, {S.REPORTED}, S.CONFIRMING),
    _step("confirm", _s("核实属实"), {P.COLLECTOR}, {S.CONFIRMING}, S.REPORTED),
    _step("refute", _s("核实不实"), {P.COLLECTOR}, {S.CONFIRMING}, S.REPORTED),
    # a small thing that the collector puts right himself: no case is filed, no unit is ranked
    _step("handle_on_spot", _s("自处置"), {P.COLLECTOR}, BEFORE_ACCEPTING, S.ON_SPOT),
    _step("file", _s("立案"), {P.SHIFT_LEADER}, {S.ACCEPTED}, S.FILED),
    # the command axis 指挥轴: whose is it, how long may it take?
    _step("dispatch", _s("派遣"), {P.DISPATCHER}, {S.FILED}, S.DISPATCHED),
    _step(
        "rule_ownership",
        _s("权属裁定"),
        {P.COMMAND_DIRECTOR, P.LEADER},
        {S.FILED, S.DISPATCHED},
        S.DISPATCHED,
    ),
    _step("adopt_ruling", _s("裁定列入责任表"), {P.COMMAND_DIRECTOR}, frozenset(S), None),
    _step("drop_ruling", _s("裁定不列入责任表"), {P.COMMAND_DIRECTOR}, frozenset(S), None),
    _step("take_back", _s("同意回退"), {P.DISPATCHER}, {S.DISPATCHED}, S.FILED),
    _step("extend", _s("同意延期"), {P.DISPATCHER}, {S.DISPATCHED}, None),
    _step("suspend", _s("同意挂账"), {P.DISPATCHER}, {S.DISPATCHED}, S.SUSPENDED),
    _step("resume", _s("恢复处置"), {P.DISPATCHER}, {S.SUSPENDED}, S.DISPATCHED),
    _step("refuse_request", _s("不同意申请"), {P.DISPATCHER}, {S.DISPATCHED}, None),
    # the handling unit 处置部门
    _step("receive", _s("签收"), HANDLERS, {S.DISPATCHED}, None),
    _step("forward", _s("批转"), HANDLERS, {S.DISPATCHED}, None),
    _step("send_back", _s("申请回退"), HANDLERS, {S.DISPATCHED}, None),
    _step("ask_extend", _s("申请延期"), HANDLERS, {S.DISPATCHED}, None),
    _step("ask_suspend", _s("申请挂账"), HANDLERS, {S.DISPATCHED}, None),
    _step("assist", _s("协办反馈"), HANDLERS, {S.DISPATCHED, S.SUSPENDED, S.HANDLED}, None),
    _step("feed_back", _s("反馈"), HANDLERS, {S.DISPATCHED}, S.HANDLED),
    _step("issue_link", _s("交班组办理"), HANDLERS, {S.DISPATCHED}, None),
    _step("revoke_link", _s("收回班组链接"), HANDLERS, OPEN, None),
    _step("appeal", _s("申诉"), HANDLERS, {S.CLOSED}, None),
    # is it fixed?
    _step("ask_to_verify", _s("派核查"), {P.INTAKE}, {S.HANDLED}, None),
    _step("verify", _s("核查通过"), {P.COLLECTOR}, {S.HANDLED}, S.VERIFIED),
    _step("rework", _s("核查不通过"), {P.COLLECTOR}, {S.HANDLED}, S.DISPATCHED),
    _step("verify_again", _s("退回核查"), {P.SHIFT_LEADER}, {S.VERIFIED}, S.HANDLED),
    _step("close", _s("结案"), {P.SHIFT_LEADER}, {S.VERIFIED}, S.CLOSED),
    # whoever reported is asked whether it really is fixed, and answers by his tracking code
    _step("acknowledge", _s("认可结果"), (), {S.CLOSED}, None),
    _step("contest", _s("不认可结果"), (), {S.CLOSED}, S.VERIFIED),
    # whoever rang is rung back, and rings again
    _step("call_back", _s("回访"), CLERKS, {S.CLOSED, S.JOINED}, None),
    _step("reopen", _s("回访未解决，重办"), CLERKS, {S.CLOSED}, S.VERIFIED),
    _step("call_again", _s("再次来电"), CLERKS, OPEN, None),
    # a share is looked at again by another collector; the case goes on meanwhile
    _step("recheck", _s("抽查相符"), {P.COLLECTOR}, CHECKED, None),
    _step("dispute_check", _s("抽查不符"), {P.COLLECTOR}, CHECKED, None),
    _step("follow_up", _s("抽查不符，重新上报"), {P.SHIFT_LEADER}, CHECKED, None),
    _step("excuse_check", _s("抽查不符，不计"), {P.SHIFT_LEADER}, CHECKED, None),
    # exceptional ends, counted by name
    _step("void", _s("作废"), {P.CENTER_DIRECTOR}, AFTER_FILING, S.VOIDED),
    _step("force_close", _s("强制结案"), {P.CENTER_DIRECTOR}, AFTER_FILING, S.CLOSED),
    # pressure and second looks
    _step("supervise", _s("督办"), ABOVE, OPEN, None),
    _step("answer_order", _s("答复督办"), HANDLERS, OPEN, None),
    _step("nudge", _s("催办"), ANYONE, OPEN, None),
    _step("endorse_appeal", _s("同意申诉（初审）"), {P.DISPATCHER}, {S.CLOSED}, None),
    _step("grant_appeal", _s("同意申诉（复审）"), {P.SHIFT_LEADER}, {S.CLOSED}, None),
    _step("refuse_appeal", _s("驳回申诉"), {P.DISPATCHER, P.SHIFT_LEADER}, {S.CLOSED}, None),
    _step(
        "unmask",
        _s("查看当事人"),
        {P.INTAKE, P.SHIFT_LEADER, P.CENTER_DIRECTOR},
        frozenset(Stage),
        None,
    ),
    _step("add_photo", _s("补充材料"), ANYONE, OPEN, None),
    # what the public may read: a person says so, case by case
    _step("publish", _s("公开"), RELEASERS, frozenset(Stage) - BEFORE_ACCEPTING, None),
    _step("withdraw", _s("撤下"), RELEASERS, frozenset(Stage), None),
    _step("give_up_photo", _s("不再等待照片"), LOOKERS, frozenset(S), None),
    # mistakes are repaired
    _step("recall", _s("撤回"), ANYONE, frozenset(Stage), None),
    _step("amend", _s("更正"), DESKS, OPEN - AFTER_DISPATCH, None),
    _step("ask_amend", _s("申请更正"), DESKS, AFTER_DISPATCH, None),
    _step("agree_amend", _s("同意更正"), DESKS | DIRECTORS, AFTER_DISPATCH, None),
    _step("refuse_amend", _s("不同意更正"), DESKS | DIRECTORS, AFTER_DISPATCH, None),
    _step("split", _s("拆分"), DESKS, OPEN, None),
    _step("join", _s("并案"), DESKS, OPEN, S.JOINED),
    _step("follow", _s("一起跟进"), (), {S.REPORTED}, S.JOINED),
    _step("split_off", _s("撤销并案"), DESKS, {S.JOINED}, None),
    _step("fill_in", _s("补录"), DESKS, AFTER_FILING | {S.CLOSED}, None),
    # what others say of a case that is here: a protocol hears it for whoever holds its key
    _step("supplement", _s("补充反映"), (), OPEN, None),
    _step("relay", _s("转送"), (), frozenset(Stage), None),
    # the system's own: a suspension ends by itself, a declared emergency pauses limits in bulk
    _step("wake", _s("挂账到期恢复"), (), {S.SUSPENDED}, S.DISPATCHED),
    _step("assign", _s("派给监督员"), (), {S.CONFIRMING, S.HANDLED}, None),
    _step("draw_recheck", _s("抽中抽查"), (), CHECKED, None),
    _step("redraw_recheck", _s("重抽抽查人"), (), CHECKED, None),
    _step("hand_on", _s("换班转交"), (), {S.CONFIRMING, S.HANDLED}, None),
    _step("await_collector", _s("无人在岗，暂停计时"), (), {S.CONFIRMING, S.HANDLED}, None),
    _step("hold", _s("应急暂停计时"), (), {S.DISPATCHED}, None),
    _step("release", _s("应急结束恢复计时"), (), OPEN, None),
    _step("pass_on", _s("离岗转交"), (), OPEN, None),
    _step("complete_photo", _s("照片补到"), (), frozenset(S), None),
    _step("give_due", _s("来源时限"), (), frozenset(S), None),
    _step("pass_answer", _s("转告答复"), (), {S.JOINED}, None),
)
SYSTEM = ""
BACK = frozenset({"recall", "split_off"})

# What hands a case on, and so may be taken back by whoever did it; the rest has its own way back.
RECALLABLE = frozenset(
    {
        *("accept", "decline", "ask_to_confirm", "confirm", "refute", "file", "handle_on_spot"),
        *("dispatch", "take_back", "extend", "suspend", "resume", "refuse_request"),
        *("receive", "forward", "send_back", "ask_extend", "ask_suspend", "feed_back"),
        *("ask_to_verify", "verify", "rework", "close", "void", "force_close"),
    }
)

# What is done next at each stage, and so whose turn it is.
NEXT: Mapping[Stage, tuple[str, ...]] = {
    S.REPORTED: ("accept",),
    S.CONFIRMING: ("confirm",),
    S.ACCEPTED: ("file",),
    S.FILED: ("dispatch",),
    S.DISPATCHED: ("receive", "feed_back"),
    S.SUSPENDED: ("resume",),
    S.HANDLED: ("verify",),
    S.VERIFIED: ("close",),
}


class Flow:
    """流程: the steps in force; `posts` replaces who may take a step (verb → posts)."""

    def __init__(
        self, steps: Collection[Step] = STEPS, posts: Mapping[str, Collection[str]] | None = None
    ) -> None:
        replaced = posts or {}
        self.steps = tuple(
            Step(s.verb, s.title, frozenset(replaced[s.verb]), s.sources, s.target)
            if s.verb in replaced
            else s
            for s in steps
        )
        self._by_verb = {step.verb: step for step in self.steps}

    def open_to(self, stage: str, posts: Collection[str]) -> list[Step]:
        """可办步骤: the steps these posts may take now: exactly the buttons that a page shows."""
        held = frozenset(posts)
        return [step for step in self.steps if stage in step.sources and step.posts & held]

    def step(self, verb: str) -> Step:
        """步骤: the step of a verb; raises Refused("unknown_verb")."""
        try:
            return self._by_verb[verb]
        except KeyError:
            message = _("没有“%(verb)s”这个步骤") % {"verb": verb[:40]}
            raise Refused("unknown_verb", str(message), field="verb") from None

    def check(self, verb: str, stage: str, post: str) -> Step:
        """检查: return the step, or refuse with the reason that a person at the desk would give."""
        step = self.step(verb)
        if post not in (step.posts or {SYSTEM}):
            who = "、".join(str(Post(p).label) for p in sorted(step.posts)) or str(_("系统"))
            message = _("%(step)s须由%(who)s办理") % {"step": step.title, "who": who}
            raise Refused("not_yours", str(message), field="post")
        if stage not in step.sources:
            message = _("案卷处于“%(stage)s”，不能%(step)s") % {
                "stage": Stage(stage).label,
                "step": step.title,
            }
            raise Refused("not_now", str(message))
        return step


DEFAULT = Flow()
