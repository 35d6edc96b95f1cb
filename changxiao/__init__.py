"""Changxiao 长效: digital city management 数字城管 whose scores anyone can recompute.

The system's SQLite may lose committed rows in WAL mode (a race fixed in SQLite 3.51.3), so the
driver that brings its own library stands in for the standard one before anything opens a database.
"""

import contextlib
import gc
import os
import sys

with contextlib.suppress(ImportError):
    import pysqlite3

    sys.modules["sqlite3"] = pysqlite3

# What a start imports stays until the end: 160,000 objects. Python's own measure (700) walks over
# them again and again while they come, an eighth of the time until the first answer.
gc.set_threshold(20_000, 10, 10)

# Nothing here multiplies large matrices, yet NumPy at its import starts a thread a processor, and
# until there is work they keep it busy: a quarter of a start's processor time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
