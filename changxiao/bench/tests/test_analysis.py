"""Bench `analysis` measures every page, on facts of its own."""

from changxiao.bench import analysis


def test_each_page_has_its_figure():
    found = {one.path: one.value for one in analysis.run(cases=8_000)}

    assert {"analysis/pivot", "analysis/hotspots", "lasting/table-street"} <= set(found)
    assert all(value > 0 for value in found.values())
