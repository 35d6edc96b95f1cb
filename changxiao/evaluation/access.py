"""评价权限: the office sees drafts, the ranked see what is published, and object for their own."""

from __future__ import annotations

from django.db.models import Q

from changxiao.evaluation.flow import RANKED, SEES_ALL, SEES_PUBLISHED, State
from changxiao.kernel import scope
from changxiao.kernel.scope import Viewer
from changxiao.ledger.media.models import Photo
from changxiao.orgs.models import Unit
from changxiao.orgs.posts import Post

SHOWN = (State.PUBLISHED, State.SEALED)
OF_AREAS = (Unit.Kind.SUBDISTRICT, Unit.Kind.SUBCENTER)
AREAS = frozenset({"district", "street", "community", "duty_grid"})


def reach(viewer: Viewer) -> Q:
    """可见评价."""
    if viewer.holds(*SEES_ALL):
        return Q()
    return Q(state__in=SHOWN) if viewer.holds(*SEES_PUBLISHED) else Q(pk__in=[])


def reach_of_evaluation(viewer: Viewer) -> Q:
    """可见申诉与亮点: those of the evaluations within reach."""
    if viewer.holds(*SEES_ALL):
        return Q()
    shown = Q(evaluation__state__in=SHOWN)
    return shown if viewer.holds(*SEES_PUBLISHED) else Q(pk__in=[])


def reach_scores(viewer: Viewer) -> Q:
    """可见分数表: those who compute and judge; the ranked read what counted in the evaluation."""
    return Q() if viewer.holds(*SEES_ALL) else Q(pk__in=[])


def reach_gaps(viewer: Viewer) -> Q:
    """可见差距任务: all for those who compute and judge; their own for the ranked."""
    return Q() if viewer.holds(*SEES_ALL) else own_gaps(viewer)


def own_gaps(viewer: Viewer) -> Q:
    """本人负责的差距任务: as `answers_for` says of each."""
    found = Q(kind="person", group=viewer.name)
    for area in own_areas(viewer):
        found |= Q(kind__in=AREAS, group__startswith=area)
    for path in _own_paths(viewer):
        units = Unit.objects.filter(path__startswith=path).values("code")
        found |= ~Q(kind__in={*AREAS, "person"}) & Q(group__in=units)
    return found


def may_see_photo(viewer: Viewer, photo: Photo) -> bool:
    """可见证据文件: whoever sees the gap task that it answers, or an evaluation that counts the
    sheet that it stands behind; the sheet itself, those who compute and judge."""
    from changxiao.evaluation.models import Evaluation  # it names this module's rules
    from changxiao.evaluation.models_gaps import GapTask
    from changxiao.evaluation.models_scores import ScoreSheet

    with scope.viewing(viewer):
        sheets = ScoreSheet.everything.filter(proofs__photo=photo)
        if GapTask.objects.filter(proofs__photo=photo).exists():
            return True
        if ScoreSheet.objects.filter(pk__in=sheets).exists():
            return True
        numbers = dict(sheets.values_list("number", "period"))
        rows = Evaluation.objects.filter(period__in=numbers.values())
        told = rows.values_list("result__outside", flat=True)
        return any(line["sheet"] in numbers for lines in told for line in lines or ())


def own_areas(viewer: Viewer) -> list[str]:
    """所辖区域: codes of the areas that the viewer answers for, by appointment or as the lead of
    the street's or the district's own office."""
    areas = [grant.area for grant in viewer.grants if grant.post in RANKED and grant.area]
    for path in _own_paths(viewer):
        units = Unit.objects.filter(path__startswith=path, kind__in=OF_AREAS)
        areas += units.exclude(area_code="").values_list("area_code", flat=True)
    return areas


def _own_paths(viewer: Viewer) -> list[str]:
    return [grant.unit for grant in viewer.grants if grant.post == Post.UNIT_LEAD and grant.unit]


def answers_for(viewer: Viewer, kind: str, group: str) -> bool:
    """是否其负责: may this viewer object for the ranked group? Its own lead and those above it."""
    if kind == "person":
        return viewer.name == group
    if kind in AREAS:
        return any(group.startswith(area) for area in own_areas(viewer))
    paths = _own_paths(viewer)
    path = Unit.objects.filter(code=group).values_list("path", flat=True).first()
    return path is not None and any(path.startswith(own) for own in paths)
