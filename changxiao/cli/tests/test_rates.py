"""`changxiao rates` as a person and a script call it."""

import csv
import io

from click.testing import CliRunner

from changxiao.cli.rates import rates
from changxiao.kernel.refused import Refused


def call(path, text):
    path.write_text(text, encoding="utf-8")
    return CliRunner().invoke(rates, ["--csv", str(path)])


def test_percent_is_added_and_the_rest_is_as_it_was(tmp_path):
    done = call(
        tmp_path / "b.csv",
        "unit,numerator,denominator,kind,decimals\n"
        '蓬江区,"2,688",2600,,\n江海区,30,27,change,1\n新会区,5,0,rate,\n台山市,,9,,\n',
    )

    assert done.exit_code == 0 and done.stderr == ""
    header, *rows = csv.reader(io.StringIO(done.stdout))
    assert header == ["unit", "numerator", "denominator", "kind", "decimals", "percent"]
    assert rows[0] == ["蓬江区", "2,688", "2600", "", "", "103.38"]
    assert [row[-1] for row in rows] == ["103.38", "11.1", "", ""]


def test_a_bad_row_keeps_its_place_and_is_told(tmp_path):
    done = call(tmp_path / "b.csv", "numerator,denominator\n1,2\n一,2\n3,4,5\n")

    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "numerator,denominator,percent",
        "1,2,50.00",
        "一,2,",
        "3,4,",
    ]
    assert "第 3 行 numerator 列" in done.stderr and "“一”" in done.stderr
    assert "3 行中有 2 行" in done.stderr


def test_a_file_without_its_columns_or_with_the_answer_is_refused(tmp_path):
    for text, code in (
        ("a,denominator\n1,2\n", "column_missing"),
        ("numerator,denominator,percent\n1,2,3\n", "column_taken"),
        ("", "column_missing"),
    ):
        done = call(tmp_path / "b.csv", text)
        assert isinstance(done.exception, Refused) and done.exception.code == code
        assert done.stdout == ""
