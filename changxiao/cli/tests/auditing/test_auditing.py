"""An auditor has an exported log and nothing else, and comes to the digest that was sealed."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from changxiao.cli.evaluate import evaluate
from changxiao.cli.facts import facts
from changxiao.evaluation import actions, working
from changxiao.evaluation.facts import store
from changxiao.evaluation.feed.export import export
from changxiao.evaluation.models import Evaluation
from changxiao.evaluation.scoring.tests.samples import line
from changxiao.evaluation.tests.rounds import did, drafted, handled
from changxiao.evaluation.tests.test_rounds import MAY, upheld
from changxiao.evaluation.tests.test_scores import confirmed, submitted
from changxiao.kernel.refused import Refused
from changxiao.ledger import checkpoints, log, sequencer, signing
from changxiao.ledger import export as exporting
from changxiao.ledger.tests.test_exported import members, packed
from tests.support.cast import at

pytestmark = pytest.mark.django_db
CITY = ("--city", "440500")


def call(command, *words):
    return CliRunner().invoke(command, [str(word) for word in words])


@pytest.fixture
def exported(tmp_path):
    """The log as it now stands, signed and exported."""

    def write():
        sequencer.drain()
        checkpoints.sign(MAY)
        exporting.export(tmp_path / "log.tar")
        return tmp_path / "log.tar"

    return write


@pytest.fixture
def sealed(published):
    upheld(published)
    working.work()
    return actions.seal(published, act=did(when=MAY))


def again(tar, number, *more):
    return call(evaluate, "--ledger", tar, "--evaluation", number, *more)


def parts(folder):
    """Every file with its bytes, and what the manifest says."""
    files = {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*.*") if p.is_file()}
    return {name: data for name, data in files.items() if name.name != ".lock"}


def test_the_facts_are_those_of_the_home_byte_by_byte(sealed, exported, tmp_path):
    export(tmp_path / "home")
    done = call(facts, "export", "--ledger", exported(), "--out", tmp_path / "out", *CITY)

    assert done.exit_code == 0, done.output
    assert parts(tmp_path / "out") == parts(tmp_path / "home")
    assert f"{log.size()} 条有检查点签名" in done.stderr


def test_the_city_and_its_zone_stand_in_the_log(published, exported, tmp_path):
    from changxiao.areas import load
    from changxiao.catalog.actions.calendar import set_policy

    set_policy("timezone", value="Asia/Urumqi", act=did())
    refused = call(facts, "export", "--ledger", exported(), "--out", tmp_path / "none")
    assert refused.exception.code == "city_missing" and not (tmp_path / "none").exists()
    load.append(stream="city:440500", verb="load", act=did(), body={"city": "440500"})
    call(facts, "export", "--ledger", exported(), "--out", tmp_path / "out")

    [(code, source)] = store.opened(tmp_path / "out").cities.items()
    assert (code, source.tz) == ("440500", "Asia/Urumqi")


def test_a_sealed_evaluation_comes_to_its_digest_from_the_log_alone(
    sealed, exported, problem, damaged, roads, tmp_path
):
    handled(problem, damaged, roads, day=6)  # since the seal: no part of it
    tar, key = exported(), str(signing.verifier())
    done = again(tar, sealed.number, "--key", key, "--out", tmp_path / "out")

    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[-2:] == ["复算一致。", f"digest {sealed.digest}"]
    assert (tmp_path / "out" / "ranking.csv").exists()


def test_by_hand_the_facts_of_that_size_come_to_it_too(published, exported, scheme, tmp_path):
    row = actions.seal(published, act=did(when=MAY))
    (tmp_path / "small.toml").write_text(scheme.text, encoding="utf-8")
    where = ("--size", row.size, "--out", tmp_path / "facts", *CITY)
    call(facts, "export", "--ledger", exported(), *where)
    asked = ("--scheme", tmp_path / "small.toml", "--period", "2026-03", "--out", tmp_path / "out")
    done = call(evaluate, "--facts", tmp_path / "facts", *asked)

    assert done.stdout.splitlines()[-1] == f"digest {row.digest}"


def test_what_rests_on_an_earlier_period_finds_it_in_the_log(sealed, scheme, exported, problem,
                                                             damaged, roads):  # fmt: skip
    for day in (7, 8):
        later = {"day": day, "hour": 10}
        _in_april(problem, damaged, roads, **later)
    june = at(3, month=6)
    row = actions.compute(scheme, label="2026-04", act=did(when=MAY))
    working.work()
    row.refresh_from_db()
    assert row.result["before"] == [sealed.digest]
    row = actions.seal(actions.publish(row, act=did(when=MAY)), act=did(when=june))

    assert again(exported(), row.number).exit_code == 0


def _in_april(problem, damaged, roads, *, day, hour):
    from changxiao.cases import actions as cases
    from tests.support.cast import act

    case = cases.report(problem, act=act("report", at(day, 9, month=4)))
    cases.accept(case, act=act("accept", at(day, 9, 5, month=4)))
    cases.file(case, criterion=damaged, act=act("file", at(day, 9, 10, month=4)))
    cases.dispatch(case, to=roads, act=act("dispatch", at(day, 9, 15, month=4)))
    act = act("feed_back", at(day, hour, 15, month=4), note="已修补")
    cases.feed_back(case, act=act)


def test_scores_from_outside_are_found_in_the_log_as_they_were_confirmed(march, mixed, exported):
    confirmed(submitted(mixed))
    row = actions.publish(drafted(mixed), act=did())
    confirmed(submitted(mixed, [line(score="1")]))  # since then: no part of it
    row = actions.seal(row, act=did(when=MAY))

    assert row.result["outside"]
    assert again(exported(), row.number).exit_code == 0


def test_a_figure_that_was_published_beside_the_log_is_told(published, exported):
    Evaluation.everything.filter(pk=published.pk).update(digest="sha256:" + "0" * 64)
    row = actions.seal(published, act=did(when=MAY))
    done = again(exported(), row.number)

    assert done.exit_code == 1 and "复算不一致" in done.stdout


@pytest.mark.parametrize(
    ("number", "more", "code"),
    [
        ("small-2026-03-1", (), "not_sealed"),
        ("nothing", (), "not_sealed"),
        ("small-2026-03-1", ("--key", "x"), "key_unreadable"),
    ],
)
def test_what_cannot_be_worked_out_is_refused(published, exported, number, more, code):
    done = again(exported(), number, *more)
    assert isinstance(done.exception, Refused) and done.exception.code == code


def test_options_that_do_not_go_together_are_a_usage_error(tmp_path):
    tar = tmp_path / "log.tar"
    tar.touch()
    for words in (("--ledger", tar), ("--evaluation", "a"), ("--key", "x"),
                  ("--ledger", tar, "--evaluation", "a", "--bundle", tar)):  # fmt: skip
        assert call(evaluate, *words).exit_code == 2
    assert call(facts, "export", "--out", tmp_path / "o", *CITY).exit_code == 2


def test_facts_that_are_there_already_are_kept(published, exported, tmp_path):
    words = ("export", "--ledger", exported(), "--out", tmp_path / "out", *CITY)
    call(facts, *words)
    before = parts(tmp_path / "out")
    assert call(facts, *words).exception.code == "facts_there"
    assert call(facts, *words, "--rebuild", "--size", 9_999).exception.code == "size_beyond"
    assert parts(tmp_path / "out") == before
    assert call(facts, *words, "--rebuild").exit_code == 0


def test_an_altered_or_missing_entry_is_refused_and_nothing_is_written(draft, exported, tmp_path):
    held = members(exported())
    lines = held["entries.jsonl"].splitlines(keepends=True)
    altered = held["entries.jsonl"].replace(b"SZ-DL", b"SZ-DM", 1)
    for text in (altered, b"".join(lines[:9] + lines[10:])):
        tar = packed(tmp_path / "x.tar", held | {"entries.jsonl": text})
        done = call(facts, "export", "--ledger", tar, "--out", tmp_path / "out", *CITY)
        assert done.exception.code == "export_altered"
        assert "entries.jsonl" in done.exception.sentence
        assert not (tmp_path / "out").exists()


def test_neither_a_home_nor_django_is_asked(published, exported, tmp_path):
    tar = exported()
    code = (
        "import sys; from changxiao.cli import main; sys.argv[1:] = sys.argv[1:];"
        "import atexit; atexit.register(lambda: print('django' in sys.modules)); main()"
    )
    words = ["facts", "export", "--ledger", tar, "--out", tmp_path / "out", *CITY, "--json"]
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, words)], cwd=tmp_path, timeout=60,
        env={"PATH": "/usr/bin"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told, django = done.stdout.splitlines()
    assert json.loads(told)["cases"] == 6 and django == "False"
