"""The web server of a story, in a process of its own.

Importing the product is most of what a start costs, and stories start some forty servers: theirs
is forked from one fresh process that has imported what a server imports, and done nothing else.
"""

import multiprocessing
import sys
from collections.abc import Sequence
from multiprocessing.process import BaseProcess

from changxiao.web import IMPORTED

_ready = multiprocessing.get_context("forkserver")
_ready.set_forkserver_preload([*IMPORTED, "granian.cli", "tests.support.ground"])
_fresh = multiprocessing.get_context("spawn")


def start(command: Sequence[str], database: str, *, fresh: bool) -> BaseProcess:
    """granian with these arguments on that database; `fresh`: it reads its settings anew."""
    process = (_fresh if fresh else _ready).Process(target=_serve, args=(command, database))
    process.start()
    return process


def stop(process: BaseProcess) -> None:
    """By SIGTERM, as the product's own supervisor does."""
    process.terminate()
    process.join(10)
    if process.is_alive():
        process.kill()
        process.join()


def _serve(command: Sequence[str], database: str) -> None:
    from django.db import connections
    from granian.cli import entrypoint

    # As in the product's own command; else granian would take over how this process came about.
    multiprocessing.set_start_method("fork", force=True)
    connections.settings["default"]["NAME"] = database
    sys.argv = ["granian", *command]
    entrypoint()
