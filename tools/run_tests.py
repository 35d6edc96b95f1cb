"""`make test`: every test on SQLite, then on PostgreSQL when a server answers.

CHANGXIAO_TEST_DATABASE_URL names the server (default: the local socket, as the present user, who
must be allowed to create databases). CHANGXIAO_TEST_JOBS: processes at once.
"""

import os
import subprocess
import sys

import psycopg

DEFAULT_URL = "postgresql:///postgres"


def main() -> int:
    """Exit code 0 only when every pass is green; CI (CHANGXIAO_REQUIRE_SERVICES=1) needs both."""
    worst = run("SQLite", {})
    url = os.environ.get("CHANGXIAO_TEST_DATABASE_URL", DEFAULT_URL)
    reason = why_not(url)
    if reason is None:
        environment = {"CHANGXIAO_TEST_DB": "pg", "CHANGXIAO_TEST_DATABASE_URL": url}
        return max(worst, run("PostgreSQL", environment))
    print(f"\nPostgreSQL pass left out: {reason}", flush=True)
    required = os.environ.get("CHANGXIAO_REQUIRE_SERVICES") == "1"
    return max(worst, 1) if required else worst


def run(name: str, extra: dict[str, str]) -> int:
    """One pass over the whole suite."""
    jobs = os.environ.get("CHANGXIAO_TEST_JOBS") or str(min(4, os.cpu_count() or 1))
    print(f"== {name} ==", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "-n", jobs, "--dist", "loadgroup"]
    environment = {**os.environ, **extra}
    return subprocess.run([*command, *sys.argv[1:]], env=environment, check=False).returncode


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
