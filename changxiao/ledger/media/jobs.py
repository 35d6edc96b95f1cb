"""照片清扫 jobs: what a crash left behind, found by its claim and removed if no row names it."""

from datetime import datetime, timedelta

from changxiao.kernel.home import folder
from changxiao.ledger.media import files
from changxiao.ledger.media.models import Photo
from changxiao.ledger.media.models_public import Redaction

# Longer than any request or transaction lasts.
YOUNG = timedelta(hours=1)


def sweep_orphans(now: datetime) -> int:
    """清扫孤儿文件: remove parts and unnamed files older than an hour; how many files went."""
    border = (now - YOUNG).timestamp()
    swept = 0
    for path in sorted(folder("tmp").iterdir()):
        if path.suffix not in {files.CLAIM, files.PART} or path.stat().st_mtime > border:
            continue
        if path.suffix == files.PART:
            path.unlink(missing_ok=True)
            swept += 1
        else:
            swept += _settle(path.stem.removeprefix("photo-"))
    return swept


def _settle(sha256: str) -> int:
    try:
        with files.claim(sha256, wait=False):
            swept = 0 if _is_named(sha256) else files.discard(sha256)
            files.claim_path(sha256).unlink(missing_ok=True)
            return swept
    except BlockingIOError:
        return 0  # being stored at this moment


def _is_named(sha256: str) -> bool:
    return any(table.objects.filter(sha256=sha256).exists() for table in (Photo, Redaction))
