"""案卷权限: who may see a case and act on it, and who sees people only as channel and grid.

Scope is area × unit × post and everything not granted is denied (reliability.md T1, §6.4): a case
outside it answers like one that never existed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from changxiao.cases import on_spot
from changxiao.cases.flow import RECALLABLE, RELEASERS, TASKS, Flow, Step
from changxiao.cases.models import Assist, Case
from changxiao.cases.models_calls import CallbackState
from changxiao.cases.models_public import PublicPhoto
from changxiao.cases.models_recheck import Recheck
from changxiao.catalog import known, publicity
from changxiao.kernel import scope, statements
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.scope import Grant, Viewer
from changxiao.ledger.media.models import Photo
from changxiao.orgs.models import Staff, Unit
from changxiao.orgs.posts import Post

# These posts read cases by place; handlers read what their unit holds; the rest reads none.
BY_PLACE = frozenset(
    {
        Post.INTAKE,
        Post.SHIFT_LEADER,
        Post.CENTER_DIRECTOR,
        Post.DISPATCHER,
        Post.COMMAND_DIRECTOR,
        Post.LEADER,
        Post.COLLECTOR,
        Post.INSPECTOR,
        Post.AUDITOR,
    }
)
BY_UNIT = frozenset({Post.HANDLER, Post.UNIT_LEAD})
# The supervision side 监督中心 knows the collectors; handlers and ranked units never do.
KNOWS_PEOPLE = frozenset(
    {Post.INTAKE, Post.SHIFT_LEADER, Post.CENTER_DIRECTOR, Post.COLLECTOR, Post.AUDITOR}
)

# Who weighs evidence. Not the collectors, whose own photos may be odd, and no ranked unit.
SEES_FLAGS = frozenset({Post.SHIFT_LEADER, Post.CENTER_DIRECTOR, Post.AUDITOR})


# Who still sees a photo that was hidden from colleagues, and may put it back.
UNHIDES = Post.CENTER_DIRECTOR

# The catalogue is put in from memory.
SHOWN = ("unit", "lead_unit", "head", "publication")


class NotFound(Refused):
    """查无此案: it does not exist or you may not see it; both get the same answer."""

    def __init__(self, number: str) -> None:
        message = _("没有受理号为“%(number)s”的案卷，请核对号码") % {"number": number[:40]}
        super().__init__("not_found", message, field="number")


def reach(viewer: Viewer) -> Q:
    """可见范围: one condition for every list, count, search and export."""
    nothing = Q(pk__in=[])
    found = nothing
    for grant in viewer.grants:
        if grant.post in BY_PLACE:
            if not grant.area:
                return Q()
            found |= in_area(grant.area)
            if grant.post == Post.COLLECTOR:
                found |= Q(checker=viewer.name, stage__in=TASKS)
        elif grant.post in BY_UNIT and grant.unit:
            found |= with_unit(grant.unit)
    return found


def in_area(area: str) -> Q:
    """区域内: codes that begin with `area`; digits as a range that an index can follow.

    The end of the range is a number again: what follows "9" in a database depends on its collation.
    """
    here = Q(duty_grid_code=area)
    after = f"{int(area) + 1:0{len(area)}}" if area.isdigit() else ""
    if not after or len(after) > len(area):
        return here | Q(community_code__startswith=area)
    return here | Q(community_code__gte=area, community_code__lt=after)


def flags_reach(viewer: Viewer) -> Q:
    """可见疑点: of the cases in the area for which the viewer weighs evidence, by that grant."""
    return _of_cases_in_area(viewer, SEES_FLAGS)


def public_photos_reach(viewer: Viewer) -> Q:
    """可见公开照片: of the cases in the area that the viewer may release to the public."""
    return _of_cases_in_area(viewer, RELEASERS)


def _of_cases_in_area(viewer: Viewer, posts: Collection[str]) -> Q:
    found = Q(pk__in=[])
    for grant in viewer.grants:
        if grant.post in posts:
            if not grant.area:
                return Q()
            found |= Q(case__in=Case.everything.filter(in_area(grant.area)))
    return found


def rechecks_reach(viewer: Viewer) -> Q:
    """可见抽查: of the cases in the area for which the viewer knows people; a collector his own."""
    found = Q(pk__in=[])
    for grant in viewer.grants:
        if grant.post in KNOWS_PEOPLE - {Post.COLLECTOR, Post.INTAKE}:
            if not grant.area:
                return Q()
            found |= Q(case__in=Case.everything.filter(in_area(grant.area)))
        elif grant.post == Post.COLLECTOR:
            found |= Q(collector=viewer.name)
    return found


def sees_flags(viewer: Viewer, case: Case) -> bool:
    """可见本案疑点."""
    return viewer.sees_all or bool(SEES_FLAGS & set(acting_posts(viewer, case)))


def with_unit(path: str) -> Q:
    """单位内: held or assisted by a unit at or below `path`."""
    units = Unit.objects.filter(path__startswith=path).values("pk")
    helped = Assist.objects.filter(unit__in=units).values("case")
    return Q(unit__in=units) | Q(pk__in=helped)


def case_for(number: str) -> Case:
    """取案卷 as the current viewer; NotFound alike for foreign and never-existing numbers."""
    try:
        case = statements.found(Case.objects.filter(number=number), *SHOWN)
    except Case.DoesNotExist:
        raise NotFound(number) from None
    case.subcategory = known.by_id(case.subcategory_id)
    if case.criterion_id is not None:
        case.criterion = known.criterion_by_id(case.criterion_id)
    return case


def covers(grant: Grant, case: Case) -> bool:
    """授权覆盖: does this grant, held in its post, reach this very case?"""
    if grant.post in BY_UNIT:
        return bool(grant.unit) and case.unit is not None and _holds(grant.unit, case)
    if not grant.area:
        return True
    return case.community_code.startswith(grant.area) or case.duty_grid_code == grant.area


@dataclass(frozen=True, slots=True)
class Held:
    """曾在何处: the unit that held a case (its path) and the place it lay in, before a step."""

    unit: str = ""
    community_code: str = ""
    duty_grid_code: str = ""


def held(viewer: Viewer, was: Held) -> bool:
    """曾可见: would this viewer have reached a case that stood there? As `reach`, of one that has
    moved on; helpers keep their reach, so they are not asked for."""
    return any(_held_by(grant, was) for grant in viewer.grants)


def _held_by(grant: Grant, was: Held) -> bool:
    if grant.post in BY_UNIT:
        return bool(grant.unit) and was.unit.startswith(grant.unit)
    if grant.post not in BY_PLACE:
        return False
    return was.community_code.startswith(grant.area) or was.duty_grid_code == grant.area


def _holds(path: str, case: Case) -> bool:
    if case.unit is not None and case.unit.path.startswith(path):
        return True
    return case.assists.filter(unit__path__startswith=path).exists()


def acting_posts(viewer: Viewer, case: Case) -> list[str]:
    """可用岗位: the posts in which the viewer may act on this case."""
    posts = {grant.post for grant in viewer.grants if covers(grant, case)}
    # A task from the neighbouring grid is his while it lasts.
    if case.checker == viewer.name and case.stage in TASKS and viewer.holds(Post.COLLECTOR):
        posts.add(Post.COLLECTOR)
    return sorted(posts)


def post_for(viewer: Viewer, case: Case, step: Step, *, wish: str = "") -> str:
    """办理岗位: the post in which this step is taken: the wished one when it fits, else the first
    that the flow allows, else any held (so that the flow's own refusal names who may)."""
    posts = acting_posts(viewer, case)
    fitting = [post for post in posts if post in step.posts]
    if wish in fitting:
        return wish
    return (fitting or posts or [""])[0]


def check_holds(viewer: Viewer, case: Case, post: str) -> None:
    """岗位核对 under the lock: a post is only as good as the grant behind it; else Refused."""
    if viewer.kind == "system":
        return
    if post not in acting_posts(viewer, case):
        raise Refused("not_yours", _("您的岗位或辖区不包含本案卷，不能办理"), field="post")


def check_behalf(act: Act) -> None:
    """代办核对: whom the actor stands in for is another person who works here; else Refused."""
    # A squad has no account: its link says whom it works for, and the view writes both names.
    if not act.on_behalf or scope.current().kind == "squad":
        return
    found = Staff.objects.filter(username=act.on_behalf, is_active=True).exists()
    if not found or act.on_behalf == act.actor:
        message = _("代办对象“%(name)s”须是另一位在岗人员，请重新选择")
        raise Refused("person_unknown", message % {"name": act.on_behalf[:40]}, field="on_behalf")


def knows_people(viewer: Viewer) -> bool:
    """可见监督员: supervision side only; for all others people are a channel and a grid."""
    return viewer.sees_all or bool(viewer.posts() & KNOWS_PEOPLE)


def may_see_photo(viewer: Viewer, photo: Photo) -> bool:
    """可见照片: whoever may see a case may see its photos, and nobody else; what has sound, the
    supervision side of it only."""
    with scope.viewing(viewer):
        cases = Case.objects.filter(photos__photo=photo)
        shown = cases.exclude(_hides(photo))
        seen = any(may_hear(viewer, c) for c in shown) if photo.sound else shown.exists()
        return seen or _sees_hidden(viewer, photo, cases)


def may_hear(viewer: Viewer, case: Case) -> bool:
    """可听录音: a resident may speak on it, so neither who handles nor who is ranked hears it; the
    post counts that is held over this very case."""
    return viewer.sees_all or bool(KNOWS_PEOPLE & set(acting_posts(viewer, case)))


def _hides(photo: Photo) -> Q:
    hidden = PublicPhoto.everything.filter(photo=photo, state=PublicPhoto.State.HIDDEN)
    return Q(pk__in=hidden.values("case"))


def _sees_hidden(viewer: Viewer, photo: Photo, cases: QuerySet[Case]) -> bool:
    """A photo that was hidden: who may look at it again and put it back."""
    if not viewer.holds(UNHIDES):
        return False
    return any(UNHIDES in acting_posts(viewer, case) for case in cases.filter(_hides(photo)))


def may_use_photo(photo: Photo) -> bool:
    """可入卷照片: whoever uploaded it, or may see it in a case, may put it into another."""
    viewer = scope.current()
    own = viewer.sees_all or photo.uploaded_by == viewer.name
    return own or may_see_photo(viewer, photo)


def buttons(flow: Flow, viewer: Viewer, case: Case) -> list[Step]:
    """按钮: the steps this viewer may take on this case now."""
    steps = flow.open_to(case.stage, acting_posts(viewer, case))
    return [step for step in steps if _is_timely(step.verb, viewer, case)]


RECHECKS = frozenset({"recheck", "dispute_check", "follow_up", "excuse_check"})


def _waits(verb: str, viewer: Viewer) -> Q:
    """A drawn recheck waits for its collector, a disputed one for the shift leader."""
    if verb in {"follow_up", "excuse_check"}:
        return Q(state="differs")
    return Q(state="open", collector__in=["", viewer.name]) & ~Q(first=viewer.name)


def _is_timely(verb: str, viewer: Viewer, case: Case) -> bool:
    """应时: what the table opens to many and the moment to few: one's own step, not yet opened by
    the next; a correction that waits; paper that is owed."""
    if verb == "recall":
        head = case.head
        mine = head is not None and head.actor == viewer.name and head.verb in RECALLABLE
        return mine and case.seen_n < case.n
    if verb in RECHECKS:
        return Recheck.everything.filter(_waits(verb, viewer), case=case).exists()
    if verb == "handle_on_spot":
        return on_spot.offered(case, viewer.name)
    if verb in {"agree_amend", "refuse_amend"}:
        return case.amendments.filter(state="pending").exclude(asked_by=viewer.name).exists()
    return _has_cause(verb, case)


def _has_cause(verb: str, case: Case) -> bool:
    """有由: what a case must have or lack for the step; any other step needs nothing."""
    if verb == "give_up_photo":
        return bool(case.awaiting)
    if verb == "publish":
        return publicity.of(case.subcategory_id).view != publicity.View.NONE
    if verb in {"call_back", "reopen"}:
        return case.callback == CallbackState.WAITING
    if verb == "withdraw":
        return hasattr(case, "publication")
    return verb != "fill_in" or bool(case.owed)
