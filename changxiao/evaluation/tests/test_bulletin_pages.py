"""通报页: the same figures on the page as on paper; who may read it; who took it is on record."""

import io
import json
import re

import docx
import openpyxl
import pytest
from django.urls import reverse

from changxiao.cases.tests.pages import signed_in
from changxiao.evaluation.bulletins import telling
from changxiao.evaluation.bulletins.blocks import bulletin
from changxiao.evaluation.bulletins.layout import Table
from changxiao.evaluation.tests.rounds import looking
from changxiao.ledger.models import Entry
from tests.support.pdf_text import texts

pytestmark = pytest.mark.django_db
PAPERS = ("docx", "pdf", "xlsx")


def get(client, row, name="bulletin"):
    return client.get(reverse(name, args=[row.number]))


@pytest.fixture
def office(published):
    return signed_in("huang")


def figures(row):
    """Score and counts of every unit, out of the result itself."""
    return {
        (one["score"], f"{cell['numerator']}/{cell['denominator']}")
        for one in row.result["rows"]
        for cell in one["cells"]
        if cell["denominator"]
    }


def test_the_same_figures_on_the_page_and_on_each_paper(office, published):
    page = get(office, published).content.decode()
    cells = set(re.findall(r">\s*([\d./−–]+)\s*<", page))
    word = docx.Document(io.BytesIO(get(office, published, "bulletin_docx").content))
    on_word = {
        line
        for table in word.tables
        for row in table.rows
        for cell in row.cells
        for line in cell.text.split("\n")
    }
    on_pdf = set(texts(get(office, published, "bulletin_pdf").content))
    book = openpyxl.load_workbook(
        io.BytesIO(get(office, published, "bulletin_xlsx").content), data_only=True
    )
    scores = {f"{row[3]:.2f}" for row in book["排名"].iter_rows(min_row=3, values_only=True)}
    counts = {
        f"{row[3]}/{row[4]}"
        for row in book["各格"].iter_rows(min_row=3, values_only=True)
        if row[4]
    }

    assert figures(published)
    for score, parts in figures(published):
        for found in (cells, on_word, on_pdf, scores | counts):
            assert {score, parts} <= found


def test_a_screen_reader_is_told_what_each_cell_belongs_to(office, published):
    page = get(office, published).content.decode()
    with looking():
        told = bulletin(telling.source_of(published))
    tables = [one for one in told.blocks if isinstance(one, Table)]
    tables += [one for annex in told.annexes for one in annex.blocks]
    assert page.count("<caption>") == len(tables)
    assert page.count('scope="row"') == sum(len(one.rows) for one in tables)
    assert page.count('scope="col"') == sum(len(one.columns) for one in tables)


def test_a_figure_opens_its_cases(office, published):
    page = get(office, published).content.decode()
    address = reverse("evaluation_cell", args=[published.number, "on_time_handling_rate", "SZ-DL"])
    assert f'href="{address}"' in page
    assert office.get(address).status_code == 200


def test_who_took_which_paper_is_an_entry(office, published):
    for kind in PAPERS:
        get(office, published, f"bulletin_{kind}")
    rows = Entry.objects.filter(stream="export:huang").order_by("n")
    bodies = [json.loads(row.body) for row in rows]
    assert [body["list"] for body in bodies] == [f"bulletin.{kind}" for kind in PAPERS]
    assert {body["digest"] for body in bodies} == {published.digest}


def test_a_draft_is_nobodys_but_the_offices(draft):
    for name in ("bulletin", *(f"bulletin_{kind}" for kind in PAPERS)):
        assert get(signed_in("zhao"), draft, name).status_code == 404
        assert get(signed_in("huang"), draft, name).status_code == 200


def test_an_evaluation_without_a_result_has_no_bulletin(office, published):
    published.result = {}
    published.save()
    for name in ("bulletin", "bulletin_pdf"):
        answer = office.get(reverse(name, args=[published.number]), follow=True)
        assert "还没有算成，没有通报" in answer.content.decode()
