"""Bare facts, with what objections changed and what earlier periods came to, come to the seal."""

import json

import pytest
from click.testing import CliRunner

from changxiao.cases.tests.pages import signed_in
from changxiao.cli.evaluate import evaluate
from changxiao.cli.tests.auditing.test_auditing import parts
from changxiao.evaluation import actions, working
from changxiao.evaluation.home_facts import FOLDER
from changxiao.evaluation.tests.rounds import SCHEME, did
from changxiao.evaluation.tests.test_rounds import MAY, objected, upheld
from changxiao.kernel.home import folder
from changxiao.kernel.refused import Refused
from changxiao.orgs.posts import Post
from tests.support.cast import at

pytestmark = pytest.mark.django_db


def again(tmp_path, *more, period="2026-03"):
    scheme = tmp_path / "scheme.toml"
    scheme.write_text(SCHEME, encoding="utf-8")
    told = ("--facts", folder(FOLDER), "--scheme", scheme, "--period", period)
    words = (*told, "--out", tmp_path / "out", *more)
    return CliRunner().invoke(evaluate, [str(word) for word in words])


def downloaded(tmp_path, row, what):
    """As a unit that is ranked downloads it from the page of the evaluation."""
    client = signed_in("chen", post=Post.UNIT_LEAD)
    answer = client.get(f"/evaluation/{row.number}/{what}")
    assert answer.status_code == 200
    data = b"".join(answer) if answer.streaming else answer.content
    path = tmp_path / f"{row.number}-{what}"
    path.write_bytes(data)
    return path


@pytest.fixture
def sealed(published):
    """March, sealed after an objection was upheld whose opinion has two lines."""
    one = objected(published)
    note = "停电属实\r\n“=1+1”"
    one = actions.propose_decision(one, upheld=True, numerator=1, act=did(note=note))
    actions.confirm_decision(one, agree=True, act=did(Post.LEADER, "zheng"))
    working.work()
    published.refresh_from_db()
    return actions.seal(published, act=did(when=MAY))


def test_what_an_upheld_objection_changed_comes_to_the_sealed_digest(sealed, tmp_path):
    bare = again(tmp_path)
    assert bare.exit_code == 0 and sealed.digest not in bare.stdout

    done = again(tmp_path, "--corrections", downloaded(tmp_path, sealed, "corrections.json"))

    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[-1] == f"digest {sealed.digest}"
    ranking = (tmp_path / "out" / "ranking.csv").read_text(encoding="utf-8")
    assert "SZ-DL,100.00" in ranking


def test_with_an_earlier_period_sealed_its_result_is_given_too(sealed, scheme, tmp_path):
    row = actions.compute(scheme, label="2026-04", act=did(when=MAY))
    working.work()
    row.refresh_from_db()
    row = actions.publish(row, act=did(when=MAY))
    row = actions.seal(row, act=did(when=at(3, month=6)))
    page = signed_in("chen", post=Post.UNIT_LEAD).get(f"/evaluation/{row.number}/")
    assert f'href="/evaluation/{sealed.number}/result.json"' in page.content.decode()

    before = downloaded(tmp_path, sealed, "result.json")
    done = again(tmp_path, "--before", before, period="2026-04")

    assert done.stdout.splitlines()[-1] == f"digest {row.digest}"
    own = downloaded(tmp_path, row, "result.json")
    for given, code in (
        (own, "before_of_another"),
        (tmp_path / "scheme.toml", "before_unreadable"),
    ):
        kept = parts(tmp_path / "out")
        done = again(tmp_path, "--before", given, period="2026-04")
        assert isinstance(done.exception, Refused) and done.exception.code == code
        assert given.name in done.exception.sentence and parts(tmp_path / "out") == kept


def test_who_may_not_see_the_evaluation_has_no_corrections(draft, published):
    address = f"/evaluation/{draft.number}/corrections.json"
    director = signed_in("huang", post=Post.CENTER_DIRECTOR)
    assert director.get(address).status_code == 404  # nothing was upheld
    upheld(published)
    working.work()
    assert director.get(address).json()[0]["numerator"] == 1
    assert signed_in("sun", post=Post.CITY_ADMIN).get(address).status_code == 403


GOOD = {"indicator": "on_time_handling_rate", "group": "SZ-DL", "numerator": 1, "denominator": 0}
GOOD |= {"objection": "1", "reason": "停电属实"}


@pytest.mark.parametrize(
    ("told", "code", "said"),
    [
        ("no json", "corrections_unreadable", "证据包里的 corrections.json"),
        ({"rows": []}, "corrections_unreadable", "不是更正文件"),
        ([1], "corrections_unreadable", "不是更正文件"),
        ([GOOD | {"numerator": "1"}], "corrections_wrong", "第 1 条的 numerator 是“1”：请写整数"),
        ([GOOD | {"numerator": True}], "corrections_wrong", "第 1 条的 numerator 是“True”"),
        ([GOOD | {"reason": ""}], "corrections_wrong", "第 1 条的 reason 是“”：请写文字"),
        ([GOOD, GOOD], "corrections_wrong", "第 2 条的 objection 是“1”：同一件申诉写了两次"),
        ([GOOD | {"group": "QT"}], "correction_impossible", "QT）做不到：没有这一格"),
        ([GOOD | {"indicator": "none"}], "correction_impossible", "没有这一格"),
        ([GOOD | {"numerator": 9}], "correction_impossible", "分子大于分母"),
    ],
)
def test_a_bad_file_is_told_by_entry_and_field_and_nothing_is_written(
    published, tmp_path, told, code, said
):
    path = tmp_path / "corrections.json"
    text = told if isinstance(told, str) else json.dumps(told)
    path.write_text(text, encoding="utf-8")
    done = again(tmp_path, "--corrections", path)

    assert isinstance(done.exception, Refused) and done.exception.code == code
    assert said in done.exception.sentence
    assert not (tmp_path / "out").exists()
