"""演示摄像机 cameras: two at crossings and what they say they saw, some of it judged already."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from changxiao.cases.finds import actions
from changxiao.cases.finds.cameras import CameraDraft, set_camera
from changxiao.cases.finds.models import Camera, Find
from changxiao.cases.samples.data import ORIGIN
from changxiao.cases.samples.people import People
from changxiao.cases.samples.plan import Plan, Wish
from changxiao.cases.samples.spots import Spot
from changxiao.catalog import known
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.ledger.media.models import Photo
from changxiao.ledger.refusals import Replayed
from changxiao.orgs.models import Staff
from changxiao.orgs.posts import Post

BOX = "camera-box"
# What the software calls it, our sub-category, the drawing that stands for its picture.
CLASSES = (
    ("stall", "e0406", "stall"),
    ("litter", "e0110", "litter"),
    ("pothole", "e0113", "pothole"),
)
FINDS = 14
JUDGED = ("yes", "no", "yes", "no", "no")
Album = Callable[[str, str], Photo]


def install(plan: Plan, album: Album, wish: Wish) -> None:
    """装摄像机: with a fortnight's finds; done again it adds nothing."""
    spots = [sample.spot for sample in plan.samples][:FINDS]
    if len(spots) < FINDS or not all(known.by_key(key) for _kind, key, _scene in CLASSES):
        return
    Staff.objects.get_or_create(username=BOX, defaults={"name": "演示摄像机盒子"})
    cameras = list(_cameras(spots, wish))
    for number, spot in enumerate(spots):
        at = wish.until - timedelta(hours=7 * (FINDS - number))
        _find(cameras[number % 2], number, spot, album, at)


def _cameras(spots: list[Spot], wish: Wish) -> Iterator[Camera]:
    at = wish.until - timedelta(days=20)
    for number, name in enumerate(("演示路口东", "演示巡查车"), start=1):
        fixed = number == 1
        draft = CameraDraft(
            name=name,
            box=BOX,
            lon=spots[0].lon if fixed else None,
            lat=spots[0].lat if fixed else None,
            address=spots[0].address if fixed else "",
            classes={kind: key for kind, key, _scene in CLASSES},
        )
        code = f"DEMO-{number:02d}"
        known_ = Camera.objects.filter(code=code).first()
        yield known_ or set_camera(code, draft, act=_act(f"camera/{number}", at))


def _find(camera: Camera, number: int, spot: Spot, album: Album, at: datetime) -> None:
    kind, _key, scene = CLASSES[number % len(CLASSES)]
    left = 0.2 + number % 4 / 10
    seen = actions.Sighting(
        camera=camera,
        kind=kind,
        lon=spot.lon,
        lat=spot.lat,
        confidence=0.62 + number % 7 / 20,
        frame=[left, 0.45, 0.3, 0.35],
        photo=album(scene, "before"),
    )
    try:
        find = actions.take_find(seen, act=_act(f"find/{number}", at, actor=BOX))
    except Replayed:
        return
    if number < len(JUDGED) and find.state == Find.State.WAITING:
        post = Post.INTAKE
        by = People(at).first(post)
        act = _act(f"judge/{number}", at + timedelta(hours=1), actor=by, post=post)
        if JUDGED[number] == "yes":
            actions.affirm_find(find, act=act)
        else:
            actions.reject_find(find, reason=Find.Reason.OTHER, act=act)


def _act(what: str, at: datetime, *, actor: str = "system:demo", post: str = "") -> Act:
    key = str(uuid.uuid5(NAMESPACE, f"demo/finds/{what}"))
    return Act(actor=actor, post=post, key=key, at=at, origin=ORIGIN)
