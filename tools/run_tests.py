"""`make test`: every test and story on SQLite. `make test-pg`: what a database can change, on
PostgreSQL.

CHANGXIAO_TEST_DATABASE_URL names the server (default: the local socket, as the present user, who
must be allowed to create databases). CHANGXIAO_TEST_JOBS: processes at once; one more than there
are processors by default: with its server and its browser a story keeps more than one busy, and
each process collects and imports everything for itself.
"""

import os
import subprocess
import sys

import psycopg

DEFAULT_URL = "postgresql:///postgres"
OTHER_PASS = "The PostgreSQL pass is a command of its own: make test-pg"


def main() -> int:
    """One pass, by the first word; further words go to pytest."""
    name, *more = sys.argv[1:] or ["sqlite"]
    if name == "sqlite":
        status = run({}, more)
        print(OTHER_PASS, flush=True)
        return status
    return on_postgres(more)


def on_postgres(more: list[str]) -> int:
    """The pass on a server; none is a failure where CI requires it, and a sentence elsewhere."""
    url = os.environ.get("CHANGXIAO_TEST_DATABASE_URL", DEFAULT_URL)
    reason = why_not(url)
    if reason is None:
        return run({"CHANGXIAO_TEST_DB": "pg", "CHANGXIAO_TEST_DATABASE_URL": url}, more)
    print(f"PostgreSQL pass left out: {reason}", flush=True)
    return int(os.environ.get("CHANGXIAO_REQUIRE_SERVICES") == "1")


def run(extra: dict[str, str], more: list[str]) -> int:
    """pytest over the whole suite."""
    jobs = os.environ.get("CHANGXIAO_TEST_JOBS") or str(min(6, (os.cpu_count() or 1) + 1))
    print(f"== {'PostgreSQL' if extra else 'SQLite'}, {jobs} processes ==", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "-n", jobs, "--dist", "loadgroup", *more]
    environment = {**os.environ, **extra}
    # A container's habit that costs dear here: each process of the run and each of the hundred
    # servers and commands that it starts would compile the whole product anew.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return subprocess.run(command, env=environment, check=False).returncode


def why_not(url: str) -> str | None:
    """Why PostgreSQL cannot be used, or None."""
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            may = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error as no:
        return str(no).strip().splitlines()[0]
    return None if may and may[0] else "this role may not create databases"


if __name__ == "__main__":
    sys.exit(main())
