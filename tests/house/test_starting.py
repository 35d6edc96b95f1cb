"""What a web process imports to answer: engines of counting and learning come when asked for."""

import os
import subprocess
import sys

HEAVY = {"ibis", "duckdb", "pyarrow", "pandas", "docx", "scipy", "sklearn", "typst"}
ASK = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "changxiao.settings"
import django
django.setup()
import changxiao.urls
print(*sorted({name.split(".")[0] for name in sys.modules}))
"""


def test_no_engine_is_loaded_before_a_page_asks_for_it():
    """They are two seconds and 180 MB of each web process (`evaluation.later`)."""
    asked = [sys.executable, "-c", ASK]
    told = subprocess.run(asked, capture_output=True, text=True, check=True, env={**os.environ})
    loaded = set(told.stdout.split())
    assert "django" in loaded
    assert not HEAVY & loaded
