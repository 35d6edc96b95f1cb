"""预热的入口: `changxiao.wsgi` with what its first guest would otherwise wait a second for.

A web process that answers has imported every room's pages; beside its first answers it compiles
their templates and draws the city's ground. `changxiao run` serves this one; what only needs the
application takes `changxiao.wsgi`.
"""

import logging
import threading
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.template import engines
from django.template.utils import get_app_template_dirs
from django.urls import reverse

from changxiao.kernel import scope
from changxiao.kernel.refused import Refused
from changxiao.wsgi import application

__all__ = ["application", "warm"]
_log = logging.getLogger(__name__)


def warm() -> None:
    """预热: nothing here is needed to answer, so a home without a city is only noted."""
    from changxiao.areas.locate import locator  # rooms with tables come after Django's set-up
    from changxiao.catalog.known import known

    for name in _templates():
        engines["django"].get_template(name)
    try:
        with scope.viewing(scope.system("warm")):
            locator()
            known()
    except (DatabaseError, Refused) as why:
        _log.warning("not warmed: %s", why)
    finally:
        connection.close()  # each thread that answers opens its own


def _templates() -> list[str]:
    """Ours, by name; what a library brings is compiled when a page asks for it."""
    ours = [
        Path(place)
        for place in get_app_template_dirs("templates")
        if Path(place).is_relative_to(settings.BASE_DIR)
    ]
    return [str(file.relative_to(place)) for place in ours for file in place.rglob("*.html")]


reverse("healthz")  # imports the rooms' pages
threading.Thread(target=warm, name="warm", daemon=True).start()
