"""Word、PDF、Excel: the same figures in each, the layout of GB/T 9704-2012, hostile words."""

import io
import re
import zipfile

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from changxiao.evaluation.bulletins import pdf, word, xlsx
from changxiao.evaluation.bulletins.blocks import bulletin
from changxiao.evaluation.bulletins.layout import Bars, Table
from changxiao.evaluation.bulletins.tests.samples import LEVEL, MADE, WEAK, objected, source
from changxiao.evaluation.bulletins.word_parts import paragraph
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


STANDARD = {"方正小标宋简体": 44, "黑体": 32, "楷体_GB2312": 32, "宋体": 28}  # half points


def fonts_of(element):
    """The runs with words of an element: font of their Chinese, size, words."""
    for one in element.iter(qn("w:r")):
        words = "".join(part.text or "" for part in one.iter(qn("w:t")))
        fonts = one.rPr.find(qn("w:rFonts")) if one.rPr is not None else None
        name = fonts.get(qn("w:eastAsia")) if fonts is not None else None
        size = one.rPr.find(qn("w:sz")) if one.rPr is not None else None
        if words:
            yield name, int(size.get(qn("w:val"))) if size is not None else None, words


def test_title_headings_text_and_page_number_are_in_the_fonts_of_the_standard(paper, told):
    body = dict.fromkeys(["方正小标宋简体", "黑体", "楷体_GB2312", None], "")
    for name, size, words in fonts_of(paper.element.body):
        if size != 21:  # 五号: tables and what is written below pictures
            assert size == STANDARD.get(name, 32), words
            body[name] += words
    assert told.title.replace("\n", "")[:8] in body["方正小标宋简体"]
    assert "一、总体情况" in body["黑体"] and told.note in body["楷体_GB2312"]
    assert told.addressee in body[None] and told.signed in body[None]
    for footer in (paper.sections[0].footer, paper.sections[0].even_page_footer):
        assert {one[:2] for one in fonts_of(footer._element)} == {("宋体", 28)}
    normal = paper.styles["Normal"].element.rPr
    fonts = normal.find(qn("w:rFonts"))
    named = [fonts.get(qn(f"w:{script}")) for script in ("eastAsia", "ascii", "hAnsi")]
    assert named == ["仿宋_GB2312", "Times New Roman", "Times New Roman"]
    assert normal.find(qn("w:sz")).get(qn("w:val")) == "32"
    assert normal.find(qn("w:lang")).get(qn("w:eastAsia")) == "zh-CN"


def test_marks_that_both_scripts_have_are_set_in_the_chinese_font(paper):
    def hint(run):
        fonts = run.find(qn("w:rPr")).find(qn("w:rFonts"))
        return fonts is not None and fonts.get(qn("w:hint")) == "eastAsia"

    found = {
        words: hint(one)
        for one in paper.element.body.iter(qn("w:r"))
        if (words := "".join(part.text or "" for part in one.iter(qn("w:t"))))
    }
    assert {words for words, hinted in found.items() if hinted} == {
        words for words in found if re.search("[\u4e00-\u9fff]", words)
    }
    quoted, latin = (parse_xml(paragraph(words)) for words in ("“长效”——好", "“lasting” — good"))
    assert [hint(next(one.iter(qn("w:r")))) for one in (quoted, latin)] == [True, False]


def test_a_line_has_room_for_28_characters_and_a_page_for_22_lines(paper):
    first = next(one for one in paper.paragraphs if one.text.startswith("按照"))
    closer = int(first.runs[0]._r.rPr.find(qn("w:spacing")).get(qn("w:val")))
    across = Mm(210 - 28 - 26).twips
    assert 28 * (320 + closer) <= across < 29 * (320 + closer)
    spacing = first._p.pPr.find(qn("w:spacing"))
    assert spacing.get(qn("w:lineRule")) == "exact" and spacing.get(qn("w:before")) == "0"
    high, line = Mm(297 - 37 - 35).twips, int(spacing.get(qn("w:line")))
    assert 22 * line <= high < 23 * line
    assert first._p.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"


def test_each_font_that_is_named_has_another_to_fall_back_on(told):
    package = zipfile.ZipFile(io.BytesIO(word.write(told, MADE)))
    others = dict(
        re.findall(
            r'w:name="(.*?)"><w:altName w:val="(.*?)"', package.read("word/fontTable.xml").decode()
        )
    )
    assert {name: words.split(",")[0] for name, words in others.items()} == {
        "仿宋_GB2312": "仿宋",
        "方正小标宋简体": "小标宋体",
        "黑体": "SimHei",
        "楷体_GB2312": "楷体",
        "宋体": "SimSun",
    }
    written = package.read("word/document.xml").decode()
    assert set(re.findall(r'w:eastAsia="(.*?)"', written)) <= set(others)


def test_the_digest_is_on_all_of_them(told, paper, set_texts, book):
    assert told.digest in "".join(one.text for one in paper.paragraphs)
    assert told.digest in "".join(set_texts)
    assert told.digest in [row[1] for row in book["怎样算的"].iter_rows(values_only=True)]


def test_the_same_bulletin_gives_the_same_pdf(told):
    assert pdf.write(told, MADE) == pdf.write(told, MADE)
