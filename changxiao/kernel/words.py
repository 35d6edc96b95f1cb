"""界面文字 words: translation for code that also runs without Django (command line, pure rules).

Chinese is the source language. Inside the running product Django's active language decides; on the
bare command line CHANGXIAO_LANG, then LC_ALL and LANG do. Django is asked where it runs and never
brought in from here, so that what counts scores stays free of it.
"""

import gettext as _stdlib
import os
import sys
from functools import cache
from pathlib import Path

_HOUSE = Path(__file__).resolve().parent.parent


def gettext(message: str) -> str:
    """译文: the message in the reader's language, the Chinese source where there is none."""
    django = sys.modules.get("django.apps")
    if django is not None and django.apps.ready:
        translated: str = sys.modules["django.utils.translation"].gettext(message)
        return translated
    return _catalogue(language()).gettext(message)


def language() -> str:
    """命令行语言: "en" or "zh-hans", from the environment."""
    for name in ("CHANGXIAO_LANG", "LC_ALL", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "en" if value.lower().startswith("en") else "zh-hans"
    return "zh-hans"


@cache
def _catalogue(lang: str) -> _stdlib.NullTranslations:
    found = _stdlib.NullTranslations()
    if lang != "en":
        return found
    for room in ("kernel", "areas", "ledger", "cases", "evaluation", "cli", "bench"):
        folder = _HOUSE / room / "locale"
        found.add_fallback(_stdlib.translation("django", folder, ["en"], fallback=True))
    return found
