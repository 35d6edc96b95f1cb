"""The cleaning process has lost what it must not have before it reads a byte."""

import json
import subprocess
import sys

import pytest

from changxiao.ledger.media import formats, limits, sandbox
from changxiao.ledger.media.tests import corpus

PROBE = """
import json, os, resource, socket, sys
from changxiao.ledger.media import limits
missing = limits.bound_resources() + limits.leave_network_and_user() + limits.start_nothing()
tried = {}
for name, act in {
    "connect": lambda: socket.socket().connect(("127.0.0.1", 5432)),
    "fork": os.fork,
    "root": lambda: os.setuid(0),
    "keys": lambda: os.listdir(sys.argv[1]),
}.items():
    try:
        act()
        tried[name] = "done"
    except OSError:
        tried[name] = "refused"
print(json.dumps({
    "missing": missing, "tried": tried, "environment": dict(os.environ),
    "memory": resource.getrlimit(resource.RLIMIT_AS)[1],
    "cpu": resource.getrlimit(resource.RLIMIT_CPU)[1],
    "file": resource.getrlimit(resource.RLIMIT_FSIZE)[1],
    "open": sorted(int(n) for n in os.listdir("/proc/self/fd"))[:3],
}))
"""


@pytest.fixture(scope="module")
def probed(tmp_path_factory):
    closed = tmp_path_factory.mktemp("keys")
    closed.chmod(0o700)
    done = subprocess.run(
        [sys.executable, "-I", "-c", PROBE, str(closed)],
        capture_output=True,
        env={},
        cwd="/",
        check=True,
    )
    return json.loads(done.stdout)


def test_the_limits_are_set(probed):
    assert probed["memory"] == limits.MEMORY
    assert probed["cpu"] == limits.CPU_SECONDS
    assert probed["file"] == limits.FILE_BYTES


def test_what_the_system_grants_is_really_gone(probed):
    gone = {"network": "connect", "RLIMIT_NPROC": "fork"}
    for limit, attempt in gone.items():
        assert (probed["tried"][attempt] == "refused") == (limit not in probed["missing"])


def test_nobody_comes_back_as_root_or_reads_the_keys(probed):
    if "user" in probed["missing"] or probed["tried"]["root"] == "done":
        pytest.skip("the tests do not run as root, or the system grants no other user")
    assert probed["tried"]["keys"] == "refused"


def test_the_doctor_hears_which_limits_are_missing():
    assert set(sandbox.media_limits()) <= {
        "network",
        "user",
        "no_new_privs",
        *(f"RLIMIT_{name}" for name in ("AS", "CPU", "FSIZE", "NOFILE", "CORE", "NPROC")),
    }


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"not json\n",
        b'{"code": "ok"}\n',
        b'{"code": "ok", "sizes": [1, 1], "evidence": {}, "phash": "0", "pipeline": "x"}\nab',
    ],
)
def test_an_answer_out_of_shape_is_a_broken_photo(answer):
    with pytest.raises(formats.BadPicture, match="photo_broken"):
        sandbox._checked(answer)


def test_a_picture_with_metadata_is_not_believed_to_be_clean():
    said = {
        "code": "ok",
        "sizes": [len(corpus.jpeg(corpus.segment(0xFE, b"x"))), len(corpus.street())],
        "evidence": {
            name: "" if name != "orientation" else 1
            for name in sandbox.Evidence.__dataclass_fields__
        },
        "phash": "0" * 16,
        "pipeline": "clean-2",
    }
    answer = json.dumps(said).encode() + b"\n"
    answer += corpus.jpeg(corpus.segment(0xFE, b"x")) + corpus.street()
    with pytest.raises(formats.BadPicture, match="photo_broken"):
        sandbox._checked(answer)
