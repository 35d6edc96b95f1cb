"""Benches `desk`, `console`, `portal`: without a browser they say so before anything starts."""

import sys

import pytest

from changxiao.bench import console, desk, portal
from changxiao.kernel.refused import Refused


@pytest.mark.parametrize("bench", [console, desk, portal])
@pytest.mark.parametrize("missing", ["chromium", "playwright"])
def test_without_a_browser_the_bench_says_what_is_missing(monkeypatch, tmp_path, bench, missing):
    monkeypatch.delenv("CHANGXIAO_CHROMIUM", raising=False)
    there = None if missing == "chromium" else "/usr/bin/chromium"
    monkeypatch.setattr(console.shutil, "which", lambda _name: there)
    if missing == "playwright":
        monkeypatch.setitem(sys.modules, "playwright.sync_api", None)

    with pytest.raises(Refused, match="make setup-dev"):
        bench.run(place=str(tmp_path))
    assert not list(tmp_path.iterdir())
