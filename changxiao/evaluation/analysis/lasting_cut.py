"""长效的切法: groups that the facts do not name, and a cut by kind of place.

A kind of place 场所类型 is the city's word for a community. A junction 路口 is where components of
named sub-categories stand (`lasting_junctions`; traffic lights): those nearer to each other than
twice `lasting_junction_metres` are one, and a case within these metres of one of them is its case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from changxiao.assets.models import Component
from changxiao.catalog import policy
from changxiao.catalog.models import Edition, PlaceKind
from changxiao.catalog.models import Kind as SubjectKind
from changxiao.evaluation.lasting.assembling import Seen
from changxiao.evaluation.lasting.problems import Codes

# What the facts have no column of, and the column that is read in its place.
READ_AS = {"place_kind": "community", "junction": "community"}
OUTSIDE = "~"  # the group of cases that were cut away, or belong to none
Light = tuple[str, float, float]  # code, lon, lat


@dataclass(frozen=True, slots=True)
class Cut:
    """切法: by what the table is told, of which kind of place only ("" of all), and what the city
    says of both: kinds by community, lights by code."""

    by: str
    kind: str
    kinds: tuple[tuple[str, str], ...]
    lights: tuple[Light, ...]
    metres: float

    @property
    def of_community(self) -> Mapping[str, str]:
        """场所类型 by community."""
        return dict(self.kinds)

    def regrouped(self, seen: Seen, communities: Codes) -> Seen:
        """重新分组; what is cut away stays in the city, for what comes back there."""
        known = self.of_community
        kinds = np.array([known.get(code, "") for code in communities], dtype=object)
        group = seen.problems.group
        if self.by == "place_kind":
            group = kinds
        elif self.by == "junction":
            group = self._junctions(seen)
        if self.kind:
            group = np.where(kinds == self.kind, group, OUTSIDE).astype(object)
        return replace(seen, problems=replace(seen.problems, group=group))

    def _junctions(self, seen: Seen) -> Codes:
        """路口 of each case: the code of the junction's first light."""
        found = np.full(len(seen.problems), OUTSIDE, dtype=object)
        placed = np.flatnonzero(np.isfinite(seen.problems.x) & np.isfinite(seen.problems.y))
        if not self.lights or not len(placed):
            return found
        codes = np.array([code for code, _lon, _lat in self.lights], dtype=object)
        east, north = seen.scale
        tree = cKDTree([(lon * east, lat * north) for _code, lon, lat in self.lights])
        spots = np.column_stack([seen.problems.x[placed], seen.problems.y[placed]])
        away, which = tree.query(spots, distance_upper_bound=self.metres)
        near = np.isfinite(away)
        found[placed[near]] = self._joined(tree, codes)[which[near]]
        return found

    def _joined(self, tree: cKDTree, codes: Codes) -> Codes:
        """Of each light, the first of those that it stands together with."""
        pairs = tree.query_pairs(2 * self.metres, output_type="ndarray")
        shape = (len(codes), len(codes))
        ties = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape)
        _count, label = connected_components(ties, directed=False)
        _labels, first = np.unique(label, return_index=True)  # codes are in order
        joined: Codes = codes[first[label]]
        return joined


def cut_of(by: str, kind: str) -> Cut:
    """切法, with what the city says today."""
    kinds: tuple[tuple[str, str], ...] = ()
    if kind or by == "place_kind":
        rows = PlaceKind.objects.order_by("community_code")
        kinds = tuple(rows.values_list("community_code", "kind"))
    lights = _lights() if by == "junction" else ()
    return Cut(by, kind, kinds, lights, float(policy.number("lasting_junction_metres")))


def _lights() -> tuple[Light, ...]:
    """在用的路口部件, by code."""
    codes = [key[1:] for key in policy.text("lasting_junctions").split()]
    rows = Component.everything.standing().exclude(subcategory__edition=Edition.CJT)
    rows = rows.filter(subcategory__kind=SubjectKind.COMPONENT, subcategory__code__in=codes)
    return tuple(rows.order_by("code").values_list("code", "lon", "lat"))
