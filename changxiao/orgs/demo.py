"""示例用户 demo users: one person a post, with a password of this home and this machine only."""

from __future__ import annotations

import json
import secrets
import uuid
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from changxiao.kernel.act import Act
from changxiao.kernel.home import secret
from changxiao.kernel.refused import Refused
from changxiao.orgs import actions
from changxiao.orgs.checks import LOOPBACK
from changxiao.orgs.models import Appointment, Staff
from changxiao.orgs.posts import Post

KEY_FILE = "demo-users.json"


@dataclass(frozen=True, slots=True)
class DemoUser:
    """示例用户: a post, who holds it in the demo, and the password."""

    post: str
    username: str
    password: str

    def as_dict(self) -> dict[str, str]:
        """The form of `--json`."""
        return asdict(self)


def users() -> list[DemoUser]:
    """示例用户: in the order of the posts; the first call gives them their passwords.

    Raises Refused("not_a_demo") in any home that is not a demo home on loopback.
    """
    refuse_elsewhere()
    cast = _cast()
    passwords = _passwords([staff.username for staff in cast.values()])
    known = {post: staff for post, staff in cast.items() if staff.username in passwords}
    for staff in known.values():
        if not staff.has_usable_password():
            own = Act(actor=staff.username, key=str(uuid.uuid4()))
            actions.set_password(staff, password=passwords[staff.username], act=own)
    return [
        DemoUser(post, staff.username, passwords[staff.username]) for post, staff in known.items()
    ]


def refuse_elsewhere() -> None:
    """只许示例环境: known passwords must never stand in a home that others can reach."""
    local = urlsplit(settings.SITE_URL).hostname in LOOPBACK
    if not (settings.DEMO and local):
        raise Refused(
            "not_a_demo",
            _("这里不是本机的示例环境，没有示例用户；可用changxiao demo build建立一个"),
        )


def _cast() -> dict[str, Staff]:
    rows = Appointment.objects.filter(
        until_date=None, staff__generated=True, staff__is_active=True
    ).select_related("staff")
    first: dict[str, Staff] = {}
    for row in rows.order_by("id"):
        first.setdefault(row.post, row.staff)
    return {post.value: first[post.value] for post in Post if post.value in first}


def _passwords(usernames: list[str]) -> dict[str, str]:
    def make() -> bytes:
        made = {name: f"{secrets.token_urlsafe(9)}-Cx{secrets.randbelow(10)}" for name in usernames}
        return json.dumps(made, ensure_ascii=False, indent=1).encode()

    known: dict[str, str] = json.loads(secret(KEY_FILE, make))
    return known
