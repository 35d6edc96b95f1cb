"""流程的图: stages from top to bottom, each step an arc to where it leads; drawn from the table."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from changxiao.cases.flow import Flow, Stage
from changxiao.orgs.posts import Post

ROW, LEFT = 56, 170


@dataclass(frozen=True, slots=True)
class Arc:
    """一条弧: the SVG path of one step from one stage, its words and where they stand."""

    path: str
    title: str | Promise
    who: str
    back: bool
    x: float
    y: float


def stages() -> list[tuple[int, str | Promise]]:
    """各环节: vertical place and name."""
    return [(20 + ROW * number, stage.label) for number, stage in enumerate(Stage)]


def arcs(flow: Flow) -> list[Arc]:
    """各步骤的弧: forward ones bow to the right, those that lead back to the left."""
    place = {stage.value: 20 + ROW * number for number, stage in enumerate(Stage)}
    found = []
    for step in flow.steps:
        for source in sorted(step.sources, key=lambda one: place[one]):
            if step.target is None or step.target == source:
                continue
            a, b = place[source], place[step.target.value]
            back = b < a
            bow = 24 + abs(b - a) * 0.55
            x = LEFT - bow - 80 if back else LEFT + bow
            edge = LEFT - 80 if back else LEFT
            who = "、".join(str(Post(post).label) for post in sorted(step.posts))
            path = f"M{edge} {a} C{x} {a} {x} {b} {edge} {b}"
            found.append(Arc(path, step.title, who, back, edge + (x - edge) * 0.75, (a + b) / 2))
    return found
