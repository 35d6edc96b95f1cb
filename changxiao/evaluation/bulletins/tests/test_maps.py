"""地图 of a bulletin: what is ranked and is an area, coloured by band, in the page and on paper."""

import io
from dataclasses import replace
from xml.etree import ElementTree

import docx
import openpyxl
import pytest
from PIL import Image

from changxiao.evaluation.bulletins import map_drawn, pdf, word, xlsx
from changxiao.evaluation.bulletins.blocks import bulletin
from changxiao.evaluation.bulletins.layout import Map
from changxiao.evaluation.bulletins.tests.samples import LEVEL, MADE, NAMES, WEAK, source
from tests.support.pdf_text import texts

SVG = "{http://www.w3.org/2000/svg}"


def square(at):
    """A kilometre or so, the n-th from west to east, with a hole in its middle."""
    left, hole = 116.7 + at / 100, ((0.004, 0.004), (0.006, 0.004), (0.006, 0.006))
    corners = ((0, 0), (0.01, 0), (0.01, 0.01), (0, 0.01), (0, 0))
    rings = (corners, (*hole, hole[0]))
    return [[[(left + x, 23.3 + y) for x, y in ring] for ring in rings]]


def placed(levels, **kinds):
    given = source(levels, **kinds)
    outlines = {row["code"]: square(at) for at, row in enumerate(given.rows)}
    return replace(given, outlines=outlines)


def maps(given):
    return [block for block in bulletin(given).blocks if isinstance(block, Map)]


@pytest.fixture(scope="module")
def given():
    return placed(WEAK, names=NAMES | {"gas": "<燃气>&“集团”"})


def test_every_area_says_its_rank_and_has_the_colour_of_its_band(given):
    (one,) = maps(given)
    root = ElementTree.fromstring(map_drawn.svg(one))
    told = {path[0].text: path.get("fill") for path in root.findall(f"{SVG}path")}
    fills = {}
    for row in given.listed:
        words = f"{given.name(row['code'])}：第 {row['rank']} 名，{row['score']} 分"
        fills[row["band"]] = told[f"{words}，第 {row['band']} 档"]
    legend = [box.get("fill") for box in root.findall(f"{SVG}rect")]
    assert len(told) == len(NAMES)
    assert list(dict.fromkeys(fills.values())) == legend
    assert len(legend) == len({row["band"] for row in given.listed}) > 1


def test_what_is_no_area_has_no_map():
    assert maps(source(WEAK)) == []


def test_an_area_that_is_not_ranked_is_an_outline_and_the_legend_says_so():
    given = placed(LEVEL)
    given.rows[-1].update(status="too_few", rank=None, band=None)
    (one,) = maps(given)
    assert one.legend[-1][1] == "未列入排名"
    assert one.patches[-1].fill == one.legend[-1][0] == ""


def test_many_bands_share_the_few_colours_that_can_be_told_apart():
    levels = {f"u{n}": (190 - 9 * n, 2) for n in range(18)}
    given = placed(levels, names={}, cases=200)
    for n, row in enumerate(given.rows, 1):
        row.update(band=n, rank=n)
    (one,) = maps(given)
    assert len(one.legend) == 6
    assert one.legend[0][1] == "第 1–3 档（第 1–3 名）"


def test_it_is_on_both_papers_with_its_caption_and_words_for_who_does_not_see_it():
    told = bulletin(placed(LEVEL))
    paper = docx.Document(io.BytesIO(word.write(told, MADE)))
    words = [shape._inline.docPr.get("descr") for shape in paper.inline_shapes]
    assert "地图：各处置单位的名次与档次，数字是名次，见下表" in words
    assert "各处置单位的名次与档次" in texts(pdf.write(told, MADE))


def test_excel_has_the_picture_on_a_sheet_of_its_own():
    given = placed(LEVEL)
    book = openpyxl.load_workbook(io.BytesIO(xlsx.write(given, bulletin(given), MADE)))
    (picture,) = book["地图"]._images
    assert picture._data() == map_drawn.png(maps(given)[0])
    assert book["地图"]["A1"].value == "各处置单位的名次与档次"
    plain = source(LEVEL)
    book = openpyxl.load_workbook(io.BytesIO(xlsx.write(plain, bulletin(plain), MADE)))
    assert "地图" not in book.sheetnames


def test_a_hole_is_not_filled(given):
    (one,) = maps(placed(LEVEL))
    picture = Image.open(io.BytesIO(map_drawn.png(one)))
    ring = one.patches[0].rings[1]
    x, y = (sum(point[k] for point in ring[:3]) / 3 * map_drawn.SCALE for k in (0, 1))
    assert picture.getpixel((round(x), round(y))) == (255, 255, 255)
