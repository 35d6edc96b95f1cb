"""Nothing in the history's tip names a registry host, a machine's folder, or a secret."""

import re

from tests.house.source import HOUSE, short, tracked

FORBIDDEN = {
    "a registry host": re.compile(
        "|".join(("registry\\.npm" + "js", "files\\.pythonhosted", "pypi\\." + "org/simple"))
        + r"|--(?:extra-)?index-url|--find-links"
    ),
    "a machine's folder": re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+)/[\w.]"),
    "a private key": re.compile("-----BEGIN [A-Z ]*PRIVATE" + " KEY-----"),
}
LARGE = 2_000_000


def troubles(text: str) -> list[str]:
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]


def test_no_tracked_file_tells_where_it_was_made():
    found = {}
    for path in tracked():
        if path.stat().st_size > LARGE or path.name == "test_commits.py":
            continue
        if bad := troubles(path.read_text(encoding="utf-8", errors="ignore")):
            found[short(path)] = bad

    assert not found, found


def test_no_built_or_fetched_file_is_tracked():
    built = [short(p) for p in tracked() if {"vendor", "node_modules", ".venv"} & set(p.parts)]
    compiled = [short(p) for p in tracked() if p.suffix in {".mo", ".pyc", ".sqlite3", ".map"}]

    assert not built and not compiled, built + compiled


def test_every_python_package_is_locked_by_hash():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (HOUSE / name).read_text()
        packages = re.findall(r"^\w[\w.\[\]-]*==", text, re.M)
        assert len(packages) > 20
        assert text.count("--hash=sha256:") >= len(packages)


def test_the_check_finds_a_bad_example_and_leaves_a_good_one():
    assert not troubles(
        "pip install --require-hashes -r requirements.txt; see https://example.org/"
    )
    assert troubles("--index-url https://x/") == ["a registry host"]
    assert troubles("open('/root/" + "x')") == ["a machine's folder"]
