"""Scores from outside: handed in by one, confirmed by another, counted, sealed in the bundle."""

import io

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from changxiao.cases.tests.pages import key_in, signed_in
from changxiao.evaluation import actions, bundles, kept, working
from changxiao.evaluation.flow import JUDGES, SEES_ALL
from changxiao.evaluation.models_scores import ScoreSheet
from changxiao.evaluation.scoring.standing import lines_of
from changxiao.evaluation.scoring.tests.samples import HEAD, LINES, MIXED, PARKS, ROADS, line
from changxiao.evaluation.tests.rounds import APRIL, SCHEME, did, drafted
from changxiao.kernel import sheets
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.orgs.models import Staff
from changxiao.orgs.posts import Post
from tests.support.budgets import budget

pytestmark = pytest.mark.django_db


def submitted(scheme, lines=LINES, **more):
    return actions.submit_scores(
        scheme, period="2026-03", lines=lines, file="问卷.xlsx", act=did(**more)
    )


def confirmed(sheet, **more):
    return actions.confirm_scores(sheet, act=did(Post.LEADER, "zheng", **more))


def refused(code, do):
    """It is refused so, and nothing has changed."""
    before = Entry.objects.count(), list(ScoreSheet.everything.values())
    with pytest.raises(Refused) as no:
        do()
    assert no.value.code == code
    assert (Entry.objects.count(), list(ScoreSheet.everything.values())) == before


@pytest.fixture
def mixed(city, roads, parks):
    return actions.save_scheme(text=MIXED, act=did())


# -- the verbs -----------------------------------------------------------------------------------


def test_they_count_only_once_another_person_has_confirmed(march, mixed):
    sheet = submitted(mixed)
    assert drafted(mixed).result["rows"][1]["score"] == "75.00"
    confirmed(sheet)
    row = actions.recompute(drafted_row(), act=did())
    working.work()
    row.refresh_from_db()
    last = row.result["rows"][1]
    assert (last["code"], last["score"]) == ("SZ-DL", "83.80")
    assert last["outside"] == [
        {"item": "bonus", "points": "2.00", "most": 0},
        {"item": "survey", "points": "92.00", "most": 100},
    ]
    told = row.result["outside"][0]
    assert (told["submitted_by"], told["confirmed_by"]) == ("huang", "zheng")


def drafted_row():
    from changxiao.evaluation.models import Evaluation

    return Evaluation.everything.get()


def test_the_bundle_with_outside_scores_comes_to_the_same_digest(march, mixed, tmp_path):
    confirmed(submitted(mixed))
    row = drafted(mixed)
    path = kept.place(row) / kept.BUNDLE
    checked = bundles.check(path)
    assert checked.same and checked.found.digest == row.digest
    with bundles._unpacked(path) as folder:
        told = folder / bundles.OUTSIDE
        told.write_text(told.read_text(encoding="utf-8").replace("95.5", "99.5"), encoding="utf-8")
        with pytest.raises(Refused, match=r"outside\.json"):
            bundles.check(folder)
        (folder / "MANIFEST").write_text(bundles._manifest(folder), encoding="utf-8", newline="\n")
        assert not bundles.check(folder).same


def test_an_upheld_objection_keeps_the_outside_scores_on_record(march, mixed):
    confirmed(submitted(mixed))
    row = actions.publish(drafted(mixed), act=did())
    confirmed(submitted(mixed, [line(minus="50", reason="后来的")]))
    row.changed = True
    row.save()
    working.work()
    row.refresh_from_db()
    assert row.result["rows"][1]["score"] == "83.80"


def test_a_later_sheet_takes_the_place_of_an_item_and_leaves_the_others(mixed):
    from changxiao.evaluation.indicators.library import LIBRARY
    from changxiao.evaluation.schemes import read_scheme
    from changxiao.evaluation.scoring.standing import in_force

    confirmed(submitted(mixed))
    confirmed(submitted(mixed, [line(score="70")]))
    found = in_force(read_scheme(MIXED, LIBRARY), "2026-03")
    assert [(one.line.item, one.line.score, one.sheet) for one in found] == [
        ("survey", "70", "small-2026-03-2"),
        ("bonus", "2", "small-2026-03-1"),
    ]


def test_who_handed_it_in_or_gave_the_score_does_not_confirm_it(mixed):
    Staff.objects.create(username="he", name="何调查")
    sheet = submitted(mixed)
    refused("same_person", lambda: actions.confirm_scores(sheet, act=did()))
    refused("same_person", lambda: actions.confirm_scores(sheet, act=did(Post.LEADER, "he")))


def test_who_handed_it_in_may_take_it_back_until_it_is_confirmed(mixed):
    sheet = submitted(mixed)
    refused("not_yours", lambda: actions.withdraw_scores(sheet, act=did(by="sun")))
    assert actions.withdraw_scores(sheet, act=did()).state == ScoreSheet.State.WITHDRAWN
    refused("not_now", lambda: confirmed(sheet))
    other = confirmed(submitted(mixed))
    refused("not_now", lambda: actions.withdraw_scores(other, act=did()))


def test_it_is_sent_back_with_a_reason(mixed):
    sheet, leader = submitted(mixed), (Post.LEADER, "zheng")
    refused("note_missing", lambda: actions.reject_scores(sheet, act=did(*leader)))
    refused("same_person", lambda: actions.reject_scores(sheet, act=did(note="自己的")))
    row = actions.reject_scores(sheet, act=did(*leader, note="缺原件"))
    assert (row.state, row.opinion) == (ScoreSheet.State.REJECTED, "缺原件")
    verbs = Entry.objects.filter(stream=row.stream).order_by("n").values_list("verb", flat=True)
    assert list(verbs) == ["submit_scores", "reject_scores"]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([line(score="101")], "outside_wrong"),
        ([line("papers", score="1")], "outside_wrong"),
        ([line(group="NOBODY", score="90")], "group_unknown"),
        ([], "table_empty"),
    ],
)
def test_what_the_scheme_does_not_know_is_not_taken(mixed, lines, code):
    refused(code, lambda: submitted(mixed, lines))


def test_only_the_office_hands_in_and_only_judges_confirm(mixed):
    sheet = submitted(mixed)
    for post in set(Post) - {Post.CENTER_DIRECTOR, Post.COMMAND_DIRECTOR}:
        refused("not_yours", lambda post=post: submitted(mixed, post=post))
    for post in set(Post) - JUDGES:
        refused("not_yours", lambda post=post: actions.confirm_scores(sheet, act=did(post, "sun")))


# -- borrowed from the upper level ---------------------------------------------------------------

UPPER = MIXED.replace('key = "small"', 'key = "upper"')
LOWER = MIXED.replace("full = 100", 'full = 100\nborrow = { scheme = "upper", item = "survey" }')


@pytest.fixture
def lower(city, roads, parks):
    return actions.save_scheme(text=LOWER, act=did())


def test_a_district_borrows_the_result_of_the_city(march, lower):
    confirmed(submitted(actions.save_scheme(text=UPPER, act=did())))
    row = drafted(lower)
    roads = row.result["rows"][1]
    assert (roads["code"], roads["score"]) == ("SZ-DL", "81.80")  # 60 × 3/4 + 40 × 92 %, no bonus
    told = row.result["outside"][0]
    assert (told["item"], told["sheet"]) == ("survey", "upper-2026-03-1")
    assert bundles.check(kept.place(row) / kept.BUNDLE).same


def test_what_is_borrowed_is_not_handed_in_a_second_time(lower):
    refused("outside_wrong", lambda: submitted(lower, [line(score="90")]))


@pytest.mark.parametrize(
    ("upper", "said"),
    [
        ("", "没有外部得分项 survey"),
        (UPPER.replace("full = 100", "full = 120"), "评价对象或满分不同"),
        (UPPER.replace('group = "department"', 'group = "street"'), "评价对象或满分不同"),
    ],
)
def test_what_cannot_be_borrowed_is_said_with_the_evaluation(march, lower, upper, said):
    if upper:
        actions.save_scheme(text=upper, act=did())
    row = drafted(lower)
    assert row.state == "failed"
    assert said in row.sentence


# -- the pages -----------------------------------------------------------------------------------


@pytest.fixture
def _april():
    with time_machine.travel(APRIL, tick=False):
        yield


@pytest.fixture
def office(mixed, _april):
    return signed_in("huang", post=Post.CENTER_DIRECTOR)


PAGE = ("scores_of", ["small", "2026-03"])


def uploaded(client, *rows):
    data = sheets.write("表", [HEAD, *rows], [10] * len(HEAD)).read()
    file = SimpleUploadedFile("问卷.xlsx", data)
    return client.post(reverse(*PAGE[:1], args=PAGE[1]), {"file": file})


def test_a_sheet_goes_from_upload_to_the_second_person(office):
    preview = uploaded(office, ROADS, PARKS)
    assert preview.status_code == 200 and "提交这 2 行" in preview.content.decode()
    assert not ScoreSheet.everything.exists()
    form = preview.context["submit"]
    told = {name: form[name].value() for name in ("key", "lines", "file_name", "base_n")}
    sent = office.post(reverse("scores_of", args=PAGE[1]), {**told, "note": "第三方测评"})
    page = reverse("score_sheet", args=["small-2026-03-1"])
    assert sent["Location"] == page
    with budget("page:score-sheet"):
        assert "复核通过" not in office.get(page).content.decode()
    leader = signed_in("zheng", post=Post.LEADER)
    assert "市政道路处" in leader.get(page).content.decode()
    key = key_in(leader.get(page))
    told = {"key": key, "base_n": 0, "note": "", "verb": "confirm_scores"}
    assert leader.post(page, told).status_code == 302
    assert ScoreSheet.everything.get().state == ScoreSheet.State.CONFIRMED
    with budget("page:scores"):
        assert "small-2026-03-1" in office.get(reverse("scores")).content.decode()


def test_faults_are_told_by_cell_and_nothing_is_kept(office):
    wrong = [*ROADS]
    wrong[1], wrong[2] = "", "市政道路所"
    answer = uploaded(office, wrong)
    told = answer.content.decode()
    assert answer.status_code == 422
    assert "C2" in told and "最接近的是“市政道路处”" in told
    assert "提交这" not in told
    assert not ScoreSheet.everything.exists()


def test_lines_that_were_bent_on_the_way_are_refused(office):
    form = uploaded(office, PARKS).context["submit"]
    told = {name: form[name].value() for name in ("key", "lines", "file_name", "base_n")}
    for bent in (told["lines"].replace("95.5", "195.5"), "[]", "{", '[{"item": 1}]'):
        answer = office.post(reverse("scores_of", args=PAGE[1]), {**told, "lines": bent})
        assert answer.status_code == 422
    assert not ScoreSheet.everything.exists()


def test_the_template_names_whom_to_score_and_is_read_back(office):
    answer = office.get(reverse("scores_template", args=PAGE[1]))
    book = load_workbook(io.BytesIO(answer.content))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert [title for title in rows[0] if title != "满分或上限"] == HEAD
    told = {row[:4] for row in rows[1:]}
    assert ("群众问卷", "满分 100 分", "SZ-DL", "市政道路处") in told
    assert ("加分", "加减分，最多 5 分", "SZ-DL", "市政道路处") in told


def test_a_filled_template_comes_back_as_the_lines_that_were_written(office):
    answer = office.get(reverse("scores_template", args=PAGE[1]))
    book = load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    places = {cell.value: cell.column for cell in sheet[1]}
    fill = {
        ("群众问卷", "SZ-DL"): {"扣分": 8, "原因": "井盖异响", "填报人": "何调查"},
        ("群众问卷", "YL-LH"): {"得分": 95.5},
        ("加分", "SZ-DL"): {"得分": 2, "原因": "创新做法", "证据": "简报"},
        ("加分", "YL-LH"): {"扣分": 1.5, "原因": "迟报"},
    }
    for row in sheet.iter_rows(min_row=2):
        for title, value in fill.pop((row[0].value, row[2].value), {}).items():
            sheet.cell(row[0].row, places[title], value)
    assert not fill
    saved = io.BytesIO()
    book.save(saved)
    file = SimpleUploadedFile("填好.xlsx", saved.getvalue())
    preview = office.post(reverse("scores_of", args=PAGE[1]), {"file": file})
    form = preview.context["submit"]
    told = {name: form[name].value() for name in ("key", "lines", "file_name", "base_n")}
    office.post(reverse("scores_of", args=PAGE[1]), {**told, "note": ""})
    assert lines_of(ScoreSheet.everything.get()) == [
        line(minus="8", reason="井盖异响", author="何调查"),
        line(group="YL-LH", score="95.5"),
        line("bonus", score="2", reason="创新做法", evidence="简报"),
        line("bonus", "YL-LH", minus="1.5", reason="迟报"),
    ]


def test_what_counted_stands_on_the_page_of_the_evaluation(march, mixed, office):
    confirmed(submitted(mixed))
    row = drafted(mixed)
    told = office.get(reverse("evaluation", args=[row.number])).content.decode()
    assert "92.00 / 100" in told and "−8 井盖异响" in told and "问卷 17 号" in told
    assert "+2 创新做法" in told and "+95.5" not in told


def test_who_reads_the_sheets(mixed, _april):
    submitted(mixed)
    pages = [
        reverse("scores"),
        reverse("scores_of", args=PAGE[1]),
        reverse("score_sheet", args=["small-2026-03-1"]),
        reverse("scores_template", args=PAGE[1]),
    ]
    for post in Post:
        client = signed_in(f"a-{post}", post=post)
        expected = 200 if post in SEES_ALL else 403
        assert {client.get(page).status_code for page in pages} == {expected}, post
        if post in SEES_ALL - {Post.CENTER_DIRECTOR, Post.COMMAND_DIRECTOR}:
            assert uploaded(client, PARKS).status_code == 403


def test_what_is_not_there_is_not_found(office):
    pages = [("scores_of", ["none", "2026-03"]), ("scores_of", ["small", "march"])]
    pages += [("score_sheet", ["small-2026-03-9"])]
    assert {office.get(reverse(name, args=args)).status_code for name, args in pages} == {404}
    assert SCHEME in MIXED.replace("weight = 60", "weight = 100")
