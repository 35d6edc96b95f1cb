"""网页进程 `python -m changxiao.web`: granian, given its own arguments.

Its workers are forked from a process that has imported the product: a start costs the processor
once and not once a worker, and what they imported they share in memory.
"""

import gc
import importlib
import multiprocessing
import runpy

# What a worker needs before its first answer. Neither opens a database or begins a thread.
IMPORTED = ("changxiao.wsgi", "changxiao.urls")


def main() -> None:
    """入口: where workers are not forked, each imports for itself."""
    if multiprocessing.get_start_method() == "fork":
        for name in IMPORTED:
            importlib.import_module(name)
        gc.freeze()  # a look for garbage would write to the pages that are shared
    runpy.run_module("granian", run_name="__main__")


if __name__ == "__main__":
    main()
