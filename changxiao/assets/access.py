"""部件权限: staff see the components of the areas they are appointed to; the public sees none."""

from django.db.models import Q

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
        found |= Q(unit_grid_code="", code__startswith=grant.area[:6])
    return found
