"""Bench `http`: its targets exist, its reports are reports, and without wrk it says so."""

import json

import pytest
from django.urls import resolve

from changxiao.bench import http, wrk
from changxiao.kernel.refused import Refused

TOLD = {"number": "202603020001", "subcategory": "c0101", "place": [116.7, 23.36]}


@pytest.mark.parametrize("target", http.TARGETS, ids=lambda one: one.name)
def test_every_measured_path_is_one_of_ours(target):
    assert resolve(target.path.format(**TOLD)).func


def test_what_is_posted_is_json_of_a_report():
    asked = http._asked(TOLD | {"token": "t", "cookie": "c"})

    (body,) = asked["bodies"].values()
    assert json.loads(body)["subcategory"] == "c0101"


def test_without_wrk_the_bench_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(wrk.shutil, "which", lambda name: None)

    with pytest.raises(Refused, match="apt install wrk"):
        http.run()
