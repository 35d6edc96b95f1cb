"""测试目录的准备 for `bench cloudevents`: a box with a token, its camera, pictures of 300 kB.

`python -m changxiao.bench.cameras_home N` runs in a process whose home it is, and answers JSON.
"""

from __future__ import annotations

import base64
import json
import secrets
import sys
from io import BytesIO
from random import Random
from typing import Any

NAME = "bench-box"
PLENTY = 1_000_000_000
BYTES = 300_000


def prepare(count: int) -> dict[str, Any]:
    """准备: throttles raised by rows, a camera without a place, `count` pictures in base64."""
    from changxiao.bench.load_places import spots
    from changxiao.cases.finds.cameras import CameraDraft, set_camera
    from changxiao.cases.models import Case
    from changxiao.kernel.act import Act
    from changxiao.orgs import actions
    from changxiao.orgs.models import Staff, ThrottleRule
    from changxiao.orgs.throttle import DEFAULTS

    for scope, (_limit, window) in DEFAULTS.items():
        ThrottleRule.objects.update_or_create(
            scope=scope, defaults={"limit": PLENTY, "window": window}
        )
    run = secrets.token_hex(4)
    staff = Staff.objects.filter(username=NAME).first()
    if staff is None:
        staff = actions.hire(
            username=NAME, name="盒子", act=Act.system("bench", f"bench/{run}/box")
        )
    subject = Case.everything.select_related("subcategory")[0].subcategory
    draft = CameraDraft(name="测量", box=NAME, classes={"bench": subject.key})
    set_camera("BENCH", draft, act=Act.system("bench", f"bench/{run}/camera"))
    act = Act.system("bench", f"bench/{run}/token")
    spot = spots(1, 7)[0]
    pictures = [_picture(number) for number in range(count)]
    return {
        "token": actions.issue_token(staff, act=act, kind="camera")[1],
        "place": [float(spot.lon), float(spot.lat)],
        "bytes": len(base64.b64decode(pictures[0])),
        "pictures": pictures,
    }


def _picture(seed: int) -> str:
    """A street in noise, of 300 kB or a little less."""
    from PIL import Image

    noise = Random(seed).randbytes(240 * 180 * 3)
    image = Image.frombytes("RGB", (240, 180), noise).resize((1920, 1440))
    for quality in range(95, 20, -3):
        out = BytesIO()
        image.save(out, "JPEG", quality=quality)
        if out.tell() <= BYTES:
            break
    return base64.b64encode(out.getvalue()).decode()


def main(count: str) -> None:
    """入口."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "changxiao.settings")
    django.setup()
    from changxiao.kernel.scope import system, viewing

    with viewing(system("bench")):
        sys.stdout.write(json.dumps(prepare(int(count))))


if __name__ == "__main__":
    main(sys.argv[1])
