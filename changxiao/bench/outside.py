"""外部数据: files of public data that a bench reads in place; they are not ours to carry."""

from __future__ import annotations

import os
from pathlib import Path

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _


def outside(folder: Path | None, kind: str, name: str) -> Path:
    """数据文件: of `folder`, else of the folder `kind` of CHANGXIAO_DATA, which the tests read too.

    Refused `data_missing`.
    """
    path = (folder or Path(os.environ.get("CHANGXIAO_DATA", ".")) / kind) / name
    if not path.exists():
        told = {"file": path}
        sentence = _("没有找到 %(file)s：请以 --data 或 CHANGXIAO_DATA 指明文件夹。") % told
        raise Refused("data_missing", sentence, field="data")
    return path
