"""新消息的即时提示: whose bell rings, by user name; its page asks by its own door what is said."""

from __future__ import annotations

from changxiao.notices.models import Notice

MOST = 500


def newest() -> int:
    """最近一条; 0 where there is none."""
    return Notice.everything.order_by("-pk").values_list("pk", flat=True).first() or 0


def after(pk: int) -> tuple[int, set[str]]:
    """其后的收件人: how far this look came, and who got something; one statement."""
    rows = Notice.everything.filter(pk__gt=pk).order_by("pk")
    found = list(rows.values_list("pk", "staff__username", "shown")[:MOST])
    names = {name for _pk, name, shown in found if shown and name}
    return (found[-1][0] if found else pk), names
