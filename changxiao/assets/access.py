"""部件权限: staff see the components of the areas they are appointed to; the public sees none."""

from django.db.models import Q

from changxiao.areas.extract import units_of
from changxiao.areas.names import in_memory
from changxiao.kernel.scope import Viewer


def reach(viewer: Viewer) -> Q:
    """可见部件: by unit grid where one is known, else by the district in the code."""
    if viewer.kind != "staff":
        return Q(pk__in=[])
    found = Q(pk__in=[])
    for grant in viewer.grants:
        if not grant.area:
            return Q()
        found |= Q(unit_grid_code__startswith=grant.area)
        if not grant.area.isdigit():
            # A duty grid is named inside its community, its unit grids are numbered there.
            found |= Q(unit_grid_code__in=_grids_of(grant.area))
        found |= Q(unit_grid_code="", code__startswith=grant.area[:6])
    return found


def _grids_of(duty_grid: str) -> frozenset[str]:
    known = in_memory()
    return units_of(known).get(duty_grid, frozenset()) if known else frozenset()
