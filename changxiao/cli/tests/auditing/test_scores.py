"""Bare facts and the table of what counted from outside come to the digest of the office."""

import pytest
from click.testing import CliRunner

from changxiao.cases.tests.pages import signed_in
from changxiao.cli.evaluate import evaluate
from changxiao.evaluation import actions
from changxiao.evaluation.home_facts import FOLDER
from changxiao.evaluation.scoring.tests.samples import HEAD, LINES, MIXED, line
from changxiao.evaluation.tests.rounds import did, drafted
from changxiao.evaluation.tests.test_scores import LOWER, UPPER, confirmed, lower, submitted
from changxiao.kernel.home import folder
from changxiao.kernel.refused import Refused
from changxiao.orgs.posts import Post

__all__ = ["lower"]
pytestmark = pytest.mark.django_db


def again(tmp_path, text, scores):
    scheme = tmp_path / "scheme.toml"
    scheme.write_text(text, encoding="utf-8")
    told = ("--facts", folder(FOLDER), "--scheme", scheme, "--period", "2026-03")
    words = (*told, "--scores", scores, "--out", tmp_path / "out")
    return CliRunner().invoke(evaluate, [str(word) for word in words])


def test_what_a_page_gives_comes_to_the_same_digest_with_what_was_borrowed(march, lower, tmp_path):
    formula = [line(minus="8", reason="=1+1"), *LINES[1:]]
    confirmed(submitted(actions.save_scheme(text=UPPER, act=did()), formula))
    confirmed(submitted(lower, [LINES[2]]))
    row = drafted(lower)
    address = f"/evaluation/{row.number}/scores.xlsx"
    assert signed_in("chen", post=Post.UNIT_LEAD).get(address).status_code == 404  # a draft yet
    scores = tmp_path / "scores.xlsx"
    scores.write_bytes(signed_in("huang", post=Post.CENTER_DIRECTOR).get(address).content)

    done = again(tmp_path, LOWER, scores)

    assert {one["item"] for one in row.result["outside"]} == {"survey", "bonus"}
    assert done.exit_code == 0 and done.stdout.splitlines()[-1] == f"digest {row.digest}"


CAME = [*HEAD, "表号", "提交人", "复核人"]


def written(tmp_path, *rows):
    path = tmp_path / "scores.csv"
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    return path


def test_a_sheet_as_the_form_offers_it_counts_too_and_says_what_it_lacks(march, mixed, tmp_path):
    confirmed(submitted(mixed, LINES[:2]))
    row = drafted(mixed)
    counted = ["群众问卷", "SZ-DL", "", "", "8", "井盖异响", "问卷 17 号", "何调查"]
    other = ["群众问卷", "YL-LH", "", "95.50", "", "", "", "何调查"]
    came = ["small-2026-03-1", "huang", "zheng"]

    whole = written(tmp_path, CAME, [*counted, *came], [], [*other, *came])
    assert again(tmp_path, MIXED, whole).stdout.splitlines()[-1] == f"digest {row.digest}"

    bare = again(tmp_path, MIXED, written(tmp_path, HEAD, counted, other))
    assert bare.exit_code == 0 and "有 2 行没有写表号" in bare.stderr
    assert row.digest not in bare.stdout


def test_each_bad_row_is_told_and_nothing_is_written(march, mixed, tmp_path):
    drafted(mixed)
    rows = (
        ["群众问劵", "SZ-DL", "", "90"],
        ["群众问卷", "", "园林绿化处", "90"],
        [],
        ["群众问卷", "YL-LH", "", "九十"],
        ["群众问卷", "SZ-DL", "", "", "8"],
    )
    done = again(tmp_path, MIXED, written(tmp_path, HEAD, *rows))

    assert isinstance(done.exception, Refused) and done.exception.code == "outside_wrong"
    assert [told.split("：")[0] for told in done.stderr.splitlines()] == [
        "第 2 行 A 列“群众问劵”",
        "第 3 行 B 列“园林绿化处”",
        "第 5 行 D 列“九十”",
        "第 6 行 F 列“”",
    ]
    assert "最接近的是“群众问卷”" in done.stderr and "请写对象的代码" in done.stderr
    assert not (tmp_path / "out").exists()


def test_what_is_no_table_of_scores_is_refused(march, mixed, tmp_path):
    drafted(mixed)
    for rows, code in (((["a", "b"], ["1", "2"]), "table_unreadable"), ((HEAD,), "table_empty")):
        done = again(tmp_path, MIXED, written(tmp_path, *rows))
        assert done.exception.code == code
    (tmp_path / "scores.xlsx").write_bytes(b"no zip")
    assert again(tmp_path, MIXED, tmp_path / "scores.xlsx").exception.code == "table_unreadable"
