"""流程的图: stages from top to bottom, each step an arc to where it leads; drawn from the table."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from changxiao.cases.flow import Flow, Stage, Step
from changxiao.orgs.posts import Post

ROW, LEFT = 56, 170


@dataclass(frozen=True, slots=True)
class Arc:
    """一条弧: the SVG path of one step from one stage, its words and where they stand."""

    path: str
    title: str
    who: str
    back: bool
    x: float
    y: float


def stages() -> list[tuple[int, str | Promise]]:
    """各环节: vertical place and name."""
    return [(20 + ROW * number, stage.label) for number, stage in enumerate(Stage)]


def height() -> int:
    """图高."""
    return 20 + ROW * len(Stage)


def arcs(flow: Flow) -> list[Arc]:
    """各步骤的弧: forward ones bow to the right, those that lead back to the left; steps between
    the same two stages share one."""
    place = {stage.value: 20 + ROW * number for number, stage in enumerate(Stage)}
    between: dict[tuple[str, str], list[Step]] = {}
    for step in flow.steps:
        for source in step.sources:
            if step.target is not None and step.target != source:
                between.setdefault((source, step.target.value), []).append(step)
    return [
        _arc(place[source], place[target], steps)
        for (source, target), steps in sorted(between.items(), key=lambda one: place[one[0][0]])
    ]


def _arc(a: int, b: int, steps: list[Step]) -> Arc:
    back = b < a
    bow = 24 + abs(b - a) * 0.55
    edge = LEFT - 80 if back else LEFT
    x = edge - bow if back else edge + bow
    posts = sorted({post for step in steps for post in step.posts})
    return Arc(
        path=f"M{edge} {a} C{x} {a} {x} {b} {edge} {b}",
        title=" / ".join(str(step.title) for step in steps),
        who="、".join(str(Post(post).label) for post in posts),
        back=back,
        x=edge + (x - edge) * 0.75,
        y=(a + b) / 2,
    )
