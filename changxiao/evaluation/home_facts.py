"""本市事实: the facts that the worker keeps in this home, for the pages of analysts."""

from __future__ import annotations

from django.utils.translation import gettext as _

from changxiao.evaluation.facts import store
from changxiao.kernel.home import home
from changxiao.kernel.refused import Refused

FOLDER = "facts"


def home_facts() -> store.Facts:
    """本市事实. Refused `facts_missing` before the first export."""
    folder = home() / FOLDER
    if not (folder / store.MANIFEST).is_file():
        sentence = _(
            "还没有事实库：工作进程会自动导出，请过几分钟再看；急用时运行 changxiao facts export。"
        )
        raise Refused("facts_missing", sentence)
    return store.opened(folder)
