"""`changxiao evaluate` and `scheme` as a person calls them; the last line is the digest."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from changxiao.cli.evaluate import evaluate, ready_schemes, scheme, scheme_text
from changxiao.evaluation.facts.generate import Plan, generate
from changxiao.kernel.refused import Refused


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("facts")
    generate(Plan(1200, 1, months=2, tasks=False), folder)
    return folder


def call(*arguments, command=evaluate):
    return CliRunner().invoke(command, [str(one) for one in arguments])


@pytest.fixture(scope="module")
def districts(tmp_path_factory):
    """The scheme of departments for six districts: a few units are enough here."""
    path = tmp_path_factory.mktemp("scheme") / "districts.toml"
    text = scheme_text("department").replace('group = "department"', 'group = "district"')
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def run(facts, districts):
    def run(out, *more, scheme=districts, period="2026-10"):
        given = ("--facts", facts, "--scheme", scheme, "--period", period, "--out", out)
        return call(*given, *more)

    return run


def test_a_month_is_evaluated_and_its_bundle_says_the_same(run, tmp_path):
    done = run(tmp_path)
    again = call("--bundle", tmp_path / "bundle.zip")

    assert (done.exit_code, again.exit_code) == (0, 0), done.output + again.output
    last = done.stdout.splitlines()[-1]
    assert last.startswith("digest sha256:") and again.stdout.splitlines()[-1] == last
    assert "复算一致" in again.stdout
    assert "[3/4]" in done.stderr and "约还需" in done.stderr


def test_a_bundle_that_promises_more_than_it_holds_ends_with_one(run, tmp_path):
    """As if somebody had published another figure: the manifest fits, the result does not."""
    import zipfile

    from changxiao.evaluation.facts.store import file_sha256

    run(tmp_path)
    folder = tmp_path / "b"
    zipfile.ZipFile(tmp_path / "bundle.zip").extractall(folder)
    told = (folder / "expected.json").read_text()
    digest = told.split("sha256:")[1][:64]
    (folder / "expected.json").write_text(told.replace(digest, "0" * 64))
    lines = (folder / "MANIFEST").read_text().splitlines()
    (folder / "MANIFEST").write_text(
        "".join(f"{file_sha256(folder / line[66:])}  {line[66:]}\n" for line in lines)
    )

    done = call("--bundle", folder)

    assert done.exit_code == 1 and "不一致" in done.stdout
    assert done.stdout.splitlines()[-1] == f"digest sha256:{digest}"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"scheme": "nowhere"}, "scheme_missing"),
        ({"period": "2026-13"}, "period_unreadable"),
        ({"period": "2126-10"}, "period_not_over"),
        ({"period": "2026-Q2"}, "facts_none"),
    ],
)
def test_bad_input_is_refused_and_writes_nothing(run, tmp_path, more, code):
    done = run(tmp_path / "out", **more)

    assert isinstance(done.exception, Refused) and done.exception.code == code
    assert not (tmp_path / "out").exists()


def test_an_engine_that_is_not_there_says_how_to_get_it(run, tmp_path, monkeypatch):
    for name in ("pyspark", "pyspark.sql"):  # as on a machine without it
        monkeypatch.setitem(sys.modules, name, None)
    done = run(tmp_path / "out", "--engine", "spark")
    assert done.exception.code == "engine_absent" and "pyspark" in done.exception.sentence
    assert not (tmp_path / "out").exists()


def test_what_is_missing_or_too_much_is_a_usage_error(facts):
    missing = call("--facts", facts)
    both = call("--bundle", facts, "--facts", facts)

    assert (missing.exit_code, both.exit_code) == (2, 2)
    assert "--scheme" in missing.stderr and "--bundle" in both.stderr


def test_the_command_as_it_is_installed_refuses_with_two(facts, tmp_path):
    code = "from changxiao.cli import main; main()"
    arguments = ["evaluate", "--facts", facts, "--scheme", "area", "--period", "x", "--out", "o"]
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True, text=True, cwd=tmp_path, check=False, timeout=60,
    )  # fmt: skip

    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert not (tmp_path / "o").exists()


def test_schemes_are_listed_shown_checked_and_compared(tmp_path):
    told = call("list", command=scheme)
    assert all(name in told.stdout for name in ready_schemes())
    assert call("show", "area", command=scheme).stdout == scheme_text("area")

    path = tmp_path / "mine.toml"
    path.write_text(scheme_text("area").replace("weight = 30\nscore", "weight = 29\nscore", 1))
    refused = call("check", path, command=scheme)
    assert isinstance(refused.exception, Refused) and refused.exception.code == "weights_wrong"

    path.write_text(scheme_text("area").replace("n = 3", "n = 5", 1), encoding="utf-8")
    assert call("check", path, command=scheme).exit_code == 0
    changed = call("diff", "area", path, command=scheme)
    assert changed.exit_code == 1 and "前 3 名" in changed.stdout and "前 5 名" in changed.stdout
    assert call("diff", "area", "area", command=scheme).exit_code == 0
