"""对照表: mistakes are named with key, value and remedy; what ships can be read."""

import pytest

from changxiao.cases.importing import mapping
from changxiao.cases.importing.tests.conftest import TOLD
from changxiao.kernel.refused import Refused


@pytest.mark.parametrize("name", ["chicago-sanitation", "dc311", "syracuse-potholes"])
def test_what_comes_with_the_product_is_readable_and_names_its_city(name):
    found = mapping.load(name)

    assert found.name == name
    assert found.origin == f"import:{name}"
    assert found.city


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"colums": {}}, "colums"),
        ({"crs": "utm"}, "crs"),
        ({"columns": {"number": "id"}}, "columns.reported_at"),
        ({"columns": {**TOLD["columns"], "lon": 7}}, "columns.lon"),
        ({"times": {}}, "times.formats"),
        ({"times": {"formats": ["%Y"], "reported": ["12:00", "08:00"]}}, "times.reported"),
        ({"status": {"values": {"x": {"to": "gone"}}}}, "status.values.x.to"),
        ({"status": {"values": {"x": {"to": "declined"}}}}, "status.values.x.reason"),
        ({"status": {"values": {"x": {"to": "open", "overdue": "no"}}}}, "status.values.x.overdue"),
        ({"unit": "DPW"}, "unit"),
    ],
)
def test_a_mistake_is_named_by_its_key(change, key):
    with pytest.raises(Refused) as no:
        mapping.parse({**TOLD, **change}, name="made-up")

    assert (no.value.code, no.value.field) == ("mapping_key", key)
    assert key in no.value.sentence


def test_an_unknown_mapping_is_refused_with_those_there_are():
    with pytest.raises(Refused, match="dc311"):
        mapping.load("nowhere")


def test_a_file_of_ones_own_is_named_by_its_path(tmp_path):
    path = tmp_path / "ours.toml"
    path.write_text(
        '[columns]\nnumber = "a"\nreported_at = "b"\nlon = "c"\nlat = "d"\n'
        '[times]\nformats = ["%Y-%m-%d"]\n',
        encoding="utf-8",
    )

    assert mapping.load(str(path)).name == "ours"


def test_a_file_that_is_no_toml_is_refused(tmp_path):
    path = tmp_path / "ours.toml"
    path.write_text("columns: no", encoding="utf-8")

    with pytest.raises(Refused, match=r"ours\.toml"):
        mapping.load(str(path))
