"""步骤岗位: a city with another organisation says itself who may take a step."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils.translation import gettext as _

from changxiao.cases import flow
from changxiao.cases.models import StepRule
from changxiao.catalog import stamp
from changxiao.catalog.actions.base import EDITORS, who
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.ledger.edits import check_unmoved
from changxiao.orgs.posts import ADMINISTRATORS, Post

# Whoever handled it does not say whether it was handled (domain.md §5.2: 监管分离).
JUDGES = frozenset({"confirm", "refute", "verify", "rework", "close", "force_close"})


def set_step_rule(verb: str, *, posts: Collection[str], act: Act) -> StepRule:
    """设定步骤岗位: from now on these posts, and no others, may take the step.

    Refused `unknown_verb`, `step_of_system`, `posts_missing`, `posts_unfit`.
    """
    with _editing(act) as at:
        wanted = _checked(verb, posts)
        row = StepRule.objects.filter(verb=verb).first()
        before = row.posts if row else ordered(flow.DEFAULT.step(verb).posts)
        if before == wanted:
            return row or StepRule(verb=verb, posts=wanted)
        row, _made = StepRule.objects.update_or_create(verb=verb, defaults={"posts": wanted})
        _record(verb, act, at, before, wanted)
    return row


def ordered(posts: Collection[str]) -> list[str]:
    """岗位排序: as the table of posts has them."""
    return [post.value for post in Post if post.value in set(posts)]


def _checked(verb: str, posts: Collection[str]) -> list[str]:
    step = flow.DEFAULT.step(verb)
    values = {"step": step.title}
    if not step.posts:
        message = _("“%(step)s”由系统自动办理，不能改派岗位")
        raise Refused("step_of_system", message % values, field="posts")
    if not posts or set(posts) - set(Post.values):
        message = _("“%(step)s”至少要有一个岗位可以办理")
        raise Refused("posts_missing", message % values, field="posts")
    barred = set(ADMINISTRATORS) | (flow.HANDLERS if verb in JUDGES else frozenset())
    unfit = [str(Post(post).label) for post in ordered(set(posts) & barred)]
    if unfit:
        message = _("“%(step)s”不能交给%(posts)s：管理员不办案，处置的人不核查自己的活")
        raise Refused("posts_unfit", message % {**values, "posts": "、".join(unfit)}, field="posts")
    return ordered(posts)


@contextmanager
def _editing(act: Act) -> Iterator[datetime]:
    if act.post not in EDITORS and not act.actor.startswith("system:"):
        names = "、".join(str(post.label) for post in sorted(EDITORS))
        raise Refused("not_yours", _("设定步骤岗位须由%(posts)s办理") % {"posts": names})
    with writing():
        # The catalogue's stamp is also what tells every process to read the step rules anew.
        stamp.hold()
        yield act.moment()


def _record(
    verb: str, act: Act, at: datetime, before: Collection[str], after: Collection[str]
) -> None:
    stream = stream_of(verb)
    check_unmoved(stream, act, who)
    body = {"posts": list(after), "was": {"posts": list(before)}}
    ledger.append(stream=stream, verb="set_step_rule", act=act, at=at, body=body)
    stamp.bump()


def stream_of(verb: str) -> str:
    """记录流 of a step's rule."""
    return f"step_rule:{verb}"
