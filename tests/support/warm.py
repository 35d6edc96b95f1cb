"""A city's processes without the price of a start: forked of one that has imported the product.

Importing is most of what a start costs; A-01 starts a city thirty times, and a city has three kinds
of processes. Each is one of its own all the same, leader of its own group: it opens files, database
and port after the fork, and a signal ends it like any other. `changxiao torture` starts its
processes as the product does.
"""

import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import subprocess
import sys

# What web, worker and live updates import before their first answer; none opens a database or
# begins a thread.
IMPORTED = (
    "changxiao.wsgi",
    "changxiao.urls",
    "changxiao.worker",
    "changxiao.live.asgi",
    "granian.cli",
    "uvicorn",
    "tests.support.ground",
)


class Forked:
    """A process that somebody else forked, seen as one started here; its status is not known."""

    returncode = None

    def __init__(self, pid):
        self.pid = pid
        self._ended = os.pidfd_open(pid)

    def poll(self):
        return self.wait(0)

    def wait(self, seconds=None):
        return -1 if select.select([self._ended], [], [], seconds)[0] else None

    def signal(self, number):
        """To all of its group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)


class Warm:
    """Starts the processes of one city, whose environment the first of them brings."""

    def __init__(self):
        self._process = None

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        if self._process:
            self._process.communicate()

    def spawn(self, command, environment, log):
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.warm"],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        return Forked(int(self._process.stdout.readline()))


def serve():
    """In the warm process: a process for each line read; in that process: its command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "changxiao.settings")
    for name in IMPORTED:
        importlib.import_module(name)
    gc.freeze()
    for line in sys.stdin:
        if (pid := os.fork()) == 0:
            return become(json.loads(line))
        os.setpgid(pid, pid)  # before anybody knows whom to kill
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def become(command):
    """What Python does with this command line, in a group of its own, all it says in the log."""
    os.setpgid(0, 0)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    _python, option, what, *arguments = command
    sys.argv = [what if option == "-m" else option, *arguments]
    if option == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(what, {"__name__": "__main__"})


if __name__ == "__main__":
    serve()
