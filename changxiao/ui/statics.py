"""样式与脚本 static files under hashed names, so that browsers may keep them."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

STAMP = ".collected"


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """散列文件名: hashed names once collected; plain names in development and in tests."""

    # `import … from "./x.js";` names the hashed file too, or a browser would mix two versions.
    support_js_module_import_aggregation = True

    def stored_name(self, name: str) -> str:
        if not self.hashed_files:
            return name
        stored: str = super().stored_name(name)
        return stored


def collect_if_changed() -> bool:
    """收集静态文件: only when a source changed since the last time; says whether it did."""
    root = Path(settings.STATIC_ROOT)
    stamp = root / STAMP
    now = _fingerprint()
    if stamp.exists() and stamp.read_text() == now:
        return False
    # django_htmx brings an htmx of its own that no page of ours asks for.
    call_command(
        "collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=["django_htmx"]
    )
    stamp.write_text(now)
    return True


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            digest.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
