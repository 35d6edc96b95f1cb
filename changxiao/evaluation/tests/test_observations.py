"""Observations come in by a page as by the command, are found again, and name their sheet."""

import importlib
import io

import pytest
import time_machine
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from changxiao.cases.tests.pages import signed_in
from changxiao.evaluation import actions
from changxiao.evaluation.flow import OFFICE, SEES_ALL
from changxiao.evaluation.models_observations import Observation
from changxiao.evaluation.observing.folding import STREAM
from changxiao.evaluation.observing.known import known
from changxiao.evaluation.observing.reading import headings, read
from changxiao.evaluation.tests.rounds import APRIL, did
from changxiao.kernel import scope, sheets
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post
from tests.support.budgets import budget

pytestmark = pytest.mark.django_db
LIST, IMPORT = reverse("observations"), reverse("observations_import")
YIELD = (
    "R1-01",
    "机动车斑马线礼让率",
    "点位",
    "金砂路口",
    "SZ-DL",
    "",
    "",
    "2026-03-05",
    "84",
    "90",
)
FRAUD = ("R1-02", "弄虚作假次数", "单位", "YL-LH", "YL-LH", "", "", "2026-03-09 14:30", "2", "")
WRONG = ("R1-03", "礼让", "点位", "路口", "SZ-DLL", "", "", "2099-01-01", "9", "3")


@pytest.fixture
def office(city, roads, parks):
    with time_machine.travel(APRIL, tick=False):
        yield signed_in("huang", post=Post.CENTER_DIRECTOR)


def table(*rows, name="三月抽签.xlsx"):
    data = sheets.write("观测", [list(headings().values()), *rows], (9,) * 10).read()
    return SimpleUploadedFile(name, data, sheets.XLSX)


def imported(client, *rows, note="第三方 3 月第一轮", **told):
    seen = client.post(IMPORT, {"file": table(*rows)})
    assert seen.status_code == 200
    form = seen.context["form"]
    sent = {name: form[name].value() for name in ("cells", "file_name")}
    sent |= {"key": form["key"].initial, "base_n": 0, "note": note, **told}
    return client.post(IMPORT, sent)


def rows():
    names = ("item", "kind", "numerator", "denominator", "file")
    return list(Observation.everything.order_by("item").values_list(*names))


def test_a_sheet_is_previewed_imported_and_replaces_what_it_tells_anew(office):
    preview = office.post(IMPORT, {"file": table(YIELD, FRAUD)}).content.decode()
    assert "共 2 行：新增 2，更改 0，未变 0" in preview and "93.3%" in preview
    assert rows() == []
    assert imported(office, YIELD, FRAUD).url == LIST
    assert rows() == [
        ("R1-01", "yield", 84, 90, "三月抽签.xlsx"),
        ("R1-02", "fraud", 2, 0, "三月抽签.xlsx"),
    ]
    again = imported(office, YIELD, FRAUD)
    assert again.status_code == 422 and "没有变化" in again.content.decode()
    more = (*YIELD[:8], "85", "90")
    assert "新增 0，更改 1" in office.post(IMPORT, {"file": table(more)}).content.decode()
    assert imported(office, more).status_code == 302
    assert rows()[0][2] == 85 and Entry.objects.filter(stream__startswith=STREAM).count() == 2


def test_faults_are_told_by_cell_and_nothing_is_taken(office):
    answer = office.post(IMPORT, {"file": table(YIELD, WRONG)})
    told = answer.content.decode()
    assert answer.status_code == 422 and 'name="cells"' not in told
    assert all(cell in told for cell in ("B3", "E3", "H3")) and "SZ-DL" in told
    assert rows() == [] and not Entry.objects.filter(stream__startswith=STREAM).exists()
    for file in (SimpleUploadedFile("x.xlsx", b"PK"), SimpleUploadedFile("x.csv", b"a,b\n1,2\n")):
        assert office.post(IMPORT, {"file": file}).status_code == 422
    for cells in ("[", '[["x"]]', "{}"):
        assert imported(office, YIELD, cells=cells).status_code == 422
    assert rows() == []


def test_it_is_searched_filtered_taken_as_a_table_and_opened(office):
    imported(office, YIELD, FRAUD)
    for asked, found in (
        ({}, 2),
        ({"q": "R1-01"}, 1),
        ({"q": "三月"}, 2),
        ({"kind": "fraud"}, 1),
        ({"since": "2026-03-06"}, 1),
        ({"until": "2026-03-05"}, 1),
        ({"district": "900001"}, 0),
    ):
        with budget("page:observations"):
            answer = office.get(LIST, asked)
        assert len(answer.context["rows"]) == found, asked
    assert "没有符合条件的观测" in answer.content.decode()
    wrong = office.get(LIST, {"since": "三月"})
    assert wrong.status_code == 422 and "无法识别" in wrong.content.decode()
    book = office.get(reverse("export", args=["observations"]), {"kind": "fraud"})
    lines = list(load_workbook(io.BytesIO(b"".join(book.streaming_content))).worksheets[0].values)
    assert len(lines) == 2 and {"弄虚作假次数", "园林绿化处"} <= set(lines[1])
    one = Observation.everything.get(item="R1-01")
    told = office.get(reverse("observation", args=[one.pk])).content.decode()
    assert all(
        word in told for word in ("93.3%", "三月抽签.xlsx", "第三方 3 月第一轮", "市政道路处")
    )
    assert office.get(reverse("observation", args=[one.pk + 9])).status_code == 404


def test_who_reads_and_who_imports(office):
    assert "还没有观测" in office.get(LIST).content.decode()
    imported(office, YIELD)
    one = reverse("observation", args=[Observation.everything.get().pk])
    found = read([list(headings().values()), list(FRAUD)], known()).rows
    for post in Post:
        client = signed_in(f"a-{post}", post=post)
        expected = 200 if post in SEES_ALL else 403
        assert {client.get(page).status_code for page in (LIST, one)} == {expected}, post
        expected = 200 if post in OFFICE else 403
        pages = (IMPORT, reverse("observations_template"))
        assert {client.get(page).status_code for page in pages} == {expected}, post
        if post not in OFFICE:
            with pytest.raises(Refused) as no:
                actions.import_observations(found, file="x", act=did(post))
            assert no.value.code == "not_yours"
    assert len(rows()) == 1


def test_the_log_alone_fills_the_table_of_a_home_that_had_none(office):
    imported(office, YIELD, FRAUD)
    imported(office, (*YIELD[:8], "85", "90"))
    before = list(Observation.everything.order_by("item").values())
    Observation.everything.all().delete()
    migration = importlib.import_module("changxiao.evaluation.migrations.0007_observations")
    with scope.viewing(scope.system("test")):
        migration.fill(apps, None)
    after = list(Observation.everything.order_by("item").values())
    assert [{**one, "id": 0} for one in after] == [{**one, "id": 0} for one in before]
