"""Word、PDF、Excel: the same figures in each, the layout of GB/T 9704-2012, hostile words."""

import io
import re
import zipfile

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from changxiao.evaluation.bulletins import pdf, word, xlsx
from changxiao.evaluation.bulletins.blocks import bulletin
from changxiao.evaluation.bulletins.layout import Bars, Table
from changxiao.evaluation.bulletins.tests.samples import LEVEL, MADE, WEAK, objected, source
from changxiao.evaluation.rates import percent
from tests.support.pdf_text import texts

HOSTILE = {"gas": '=1+1<b>&"#let x = 1', "light": "-2+3|cmd", "roads": "$\\alpha$ *x* _y_ @z"}


@pytest.fixture(scope="module")
def found():
    names = source(WEAK).names | HOSTILE
    return objected(source(WEAK, before=LEVEL, names=names, key="jinhua"))


@pytest.fixture(scope="module")
def told(found):
    return bulletin(found)


@pytest.fixture(scope="module")
def paper(told):
    return docx.Document(io.BytesIO(word.write(told, MADE)))


@pytest.fixture(scope="module")
def set_texts(told):
    return texts(pdf.write(told, MADE))


@pytest.fixture(scope="module")
def book(found, told):
    return openpyxl.load_workbook(io.BytesIO(xlsx.write(found, told, MADE)))


def tables(told):
    blocks = [*told.blocks, *(block for one in told.annexes for block in one.blocks)]
    return [block for block in blocks if isinstance(block, Table)]


def test_word_has_every_table_cell_by_cell(told, paper):
    expected = [
        [[column.title for column in one.columns], *map(list, one.rows)] for one in tables(told)
    ]
    assert [
        [[cell.text for cell in row.cells] for row in one.rows] for one in paper.tables
    ] == expected


def test_pdf_has_every_figure_in_the_same_order(told, set_texts):
    rest = iter(set_texts)
    for one in tables(told):
        for row in one.rows:
            for column, cell in zip(one.columns, row, strict=True):
                for line in cell.split("\n") if column.figure else ():
                    assert not line or any(line == text for text in rest), (line, row)


def test_excel_has_every_count_and_works_out_each_percentage(found, book):
    cells = {(row["code"], cell["indicator"]): cell for row in found.rows for cell in row["cells"]}
    sheet = book["各格"]
    titles = {one.title: key for key, one in found.measures.items()}
    seen = 0
    for row in sheet.iter_rows(min_row=3):
        code, title, n, d, excluded, share = (cell.value for cell in row[1:7])
        if code is None:
            continue
        cell = cells[code, titles[title]]
        assert (n, d or 0, excluded) == (
            cell["numerator"],
            cell["denominator"],
            cell["excluded"],
        )
        if found.measure(titles[title]).kind != "count":
            at = row[0].row
            assert share == f'=IF(E{at}=0,"",ROUND(D{at}*100/E{at},2))'
            assert f"{percent(n, d)}" == cell["percent"]
        seen += 1
    assert seen == len(cells)


def test_excel_shows_the_printed_percentage_to_who_does_not_calculate(found, told):
    data = io.BytesIO(xlsx.write(found, told, MADE))
    sheet = openpyxl.load_workbook(data, data_only=True)["各格"]
    shown = [f"{row[6]:.2f}" for row in sheet.iter_rows(min_row=3, values_only=True) if row[6]]
    cells = [cell for row in found.rows for cell in row["cells"]]
    assert sorted(shown) == sorted(cell["percent"] for cell in cells if cell["denominator"])


def test_excel_has_the_ranking(found, book):
    rows = list(book["排名"].iter_rows(min_row=3, values_only=True))
    assert [(row[0], row[2], f"{row[3]:.2f}", row[5]) for row in rows] == [
        (row["rank"], row["code"], row["score"], row["band"]) for row in found.rows
    ]


def test_bars_are_the_scores(found, told, set_texts):
    bars = next(block for block in told.blocks if isinstance(block, Bars))
    assert [bar.text for bar in bars.bars] == [row["score"] for row in found.listed]
    package = zipfile.ZipFile(io.BytesIO(word.write(told, MADE)))
    chart = package.read("word/charts/chart1.xml").decode()
    values = re.search(r"<c:val>.*</c:val>", chart)[0]
    assert re.findall(r"<c:v>(.*?)</c:v>", values) == [bar.text for bar in bars.bars]


def test_hostile_words_are_words(found, told, paper, set_texts, book):
    for words in HOSTILE.values():
        assert any(words in cell.text for one in paper.tables for cell in one.columns[0].cells)
        assert words in "".join(set_texts)
    values = [cell for row in book["排名"].iter_rows(min_row=3) for cell in row]
    assert {"'=1+1<b>&\"#let x = 1", "'-2+3|cmd"} <= {cell.value for cell in values}
    assert all(cell.data_type != "f" for cell in values)


def test_the_page_is_that_of_the_standard(paper):
    page = paper.sections[0]
    size = (page.page_width, page.page_height)
    assert [round(one.mm) for one in size] == [210, 297]
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [round(one.mm) for one in margins] == [37, 35, 28, 26]
    grid = page._sectPr.find(qn("w:docGrid"))
    pitch = int(grid.get(qn("w:linePitch")))
    assert 22 * pitch <= Mm(297 - 37 - 35).twips < 23 * pitch  # 22 lines
    assert paper.settings.odd_and_even_pages_header_footer
    for footer, side in ((page.footer, "right"), (page.even_page_footer, "left")):
        line = footer.paragraphs[0]._p
        assert "".join(one.text for one in line.iter(qn("w:t"))) == "— 1 —"
        assert line.pPr.find(qn("w:jc")).get(qn("w:val")) == side  # outside
        assert line.pPr.find(qn("w:ind")).get(qn(f"w:{side}")) == "280"  # one character in
        told = line.pPr.find(qn("w:spacing"))
        assert (told.get(qn("w:after")), told.get(qn("w:line"))) == ("0", "360")
    assert round(page.footer_distance.mm + Pt(9).mm) == 35 - 7  # 7 mm below the core


def test_pictures_have_no_room_around_them_and_the_code_stands_with_its_words(paper):
    for one in paper.inline_shapes:
        if one._inline.docPr.get("name") != "得分":  # the chart is written by ourselves
            assert [one._inline.get(f"dist{side}") for side in "TBLR"] == ["0"] * 4
    at = next(n for n, one in enumerate(paper.paragraphs) if one.text == "扫码核对摘要")
    code = paper.paragraphs[at - 1]
    assert code.paragraph_format.keep_with_next
    names = [part.tag for part in code._p.pPr]
    assert names.index(qn("w:snapToGrid")) < names.index(qn("w:spacing"))  # Word asks for the order


def test_the_title_of_an_annex_stands_in_its_third_line(paper):
    at = next(n for n, one in enumerate(paper.paragraphs) if one.text == "附件1")
    assert paper.paragraphs[at + 1].paragraph_format.space_before.twips == 579


def test_headings_repeat_and_fonts_have_others_to_fall_back_on(paper, told):
    for one in paper.tables:
        assert one.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    package = zipfile.ZipFile(io.BytesIO(word.write(told, MADE)))
    fonts = package.read("word/fontTable.xml").decode()
    assert re.search(r'w:name="仿宋_GB2312"><w:altName w:val="仿宋,FangSong', fonts)
    assert not [name for name in package.namelist() if name.endswith((".odttf", ".ttf"))]


def test_the_digest_is_on_all_of_them(told, paper, set_texts, book):
    assert told.digest in "".join(one.text for one in paper.paragraphs)
    assert told.digest in "".join(set_texts)
    assert told.digest in [row[1] for row in book["怎样算的"].iter_rows(values_only=True)]


def test_the_same_bulletin_gives_the_same_pdf(told):
    assert pdf.write(told, MADE) == pdf.write(told, MADE)
