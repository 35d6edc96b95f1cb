"""装入: the example schemes, in a home that has none yet."""

from __future__ import annotations

from changxiao.evaluation.actions import save_scheme
from changxiao.evaluation.models import SchemeVersion
from changxiao.evaluation.schemes import EXAMPLES
from changxiao.kernel.act import Act
from changxiao.kernel.city import City


def load(_place: City) -> dict[str, int]:
    """示例方案: how many were added; what a city has made of them stays as it is."""
    known = set(SchemeVersion.objects.values_list("key", flat=True))
    added = 0
    for path in sorted(EXAMPLES.glob("*.toml")):
        if path.stem not in known:
            save_scheme(text=path.read_text(encoding="utf-8"), act=Act.system("init"))
            added += 1
    return {"schemes": added}
