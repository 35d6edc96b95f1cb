"""Bench `map`: its addresses exist, and without a browser it says so."""

import sys

import pytest
from django.urls import resolve

from changxiao.bench import map as bench
from changxiao.kernel.refused import Refused


@pytest.mark.parametrize("path", bench.PATHS.values())
def test_every_measured_path_is_one_of_ours(path):
    assert resolve(path.partition("?")[0]).func


@pytest.mark.parametrize("missing", ["chromium", "playwright"])
def test_without_a_browser_the_bench_says_what_is_missing(monkeypatch, missing):
    monkeypatch.delenv("CHANGXIAO_CHROMIUM", raising=False)
    there = None if missing == "chromium" else "/usr/bin/chromium"
    monkeypatch.setattr(bench.shutil, "which", lambda _name: there)
    if missing == "playwright":
        monkeypatch.setitem(sys.modules, "playwright", None)

    with pytest.raises(Refused, match="chromium"):
        bench.run()
