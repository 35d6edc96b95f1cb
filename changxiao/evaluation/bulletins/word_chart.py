"""Word 的图: bars as a chart of Word's own (DrawingML, ISO/IEC 29500-1 part 21.2), no picture."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsdecls

from changxiao.evaluation.bulletins.layout import Bars

EMU_MM = 36000
WIDE, ROW, AROUND = 156, 6, 16  # millimetres
_C = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
BLUE = "2563EB"


def inline(paper: Document, bars: Bars) -> str:
    """图 as a paragraph; its part is added to the package."""
    package = paper.part.package
    n = sum("/charts/" in str(part.partname) for part in package.iter_parts()) + 1
    name = PackURI(f"/word/charts/chart{n}.xml")
    part = Part(name, CONTENT_TYPE.DML_CHART, _chart(bars).encode(), package)
    rel = paper.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    size = f'cx="{WIDE * EMU_MM}" cy="{(AROUND + ROW * len(bars.bars)) * EMU_MM}"'
    chart = "http://schemas.openxmlformats.org/drawingml/2006/chart"
    described = "; ".join(f"{bar.label} {bar.text}" for bar in bars.bars)
    return (
        f'<w:p {nsdecls("w", "wp", "a", "r")}><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:drawing>'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:docPr id="{100 + n}" name={quoteattr(bars.caption)} descr={quoteattr(described)}/>'
        f'<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="{chart}">'
        f'<c:chart xmlns:c="{chart}" r:id="{rel}"/></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing></w:r></w:p>"
    )


def _chart(bars: Bars) -> str:
    frame = "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
    style = '<a:pPr><a:defRPr sz="900"/></a:pPr><a:endParaRPr/>'
    text = f"<c:txPr><a:bodyPr/><a:p>{style}</a:p></c:txPr>"
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<c:chartSpace {_C}><c:roundedCorners val="0"/><c:chart>{_title(bars)}'
        f'<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>{_plot(bars)}</c:plotArea>'
        f'<c:plotVisOnly val="1"/></c:chart>{frame}{text}</c:chartSpace>'
    )


def _title(bars: Bars) -> str:
    return (
        '<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1050" b="0"/></a:pPr>'
        f'<a:r><a:rPr sz="1050" b="0"/><a:t>{escape(bars.caption)}</a:t></a:r></a:p></c:rich>'
        '</c:tx><c:overlay val="0"/></c:title>'
    )


def _plot(bars: Bars) -> str:
    """The first of the ranking stands on top; beyond the longest bar is room for its figure."""
    return (
        '<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        f'{_series(bars)}<c:gapWidth val="50"/><c:axId val="1"/><c:axId val="2"/></c:barChart>'
        '<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="maxMin"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="l"/><c:tickLblPos val="nextTo"/><c:crossAx val="2"/>'
        "</c:catAx>"
        f'<c:valAx><c:axId val="2"/><c:scaling><c:max val="{bars.most * 6 / 5}"/><c:min val="0"/>'
        '</c:scaling><c:delete val="1"/><c:axPos val="t"/><c:crossAx val="1"/></c:valAx>'
    )


def _series(bars: Bars) -> str:
    count = f'<c:ptCount val="{len(bars.bars)}"/>'
    labels, values = (
        "".join(f'<c:pt idx="{n}"><c:v>{escape(text)}</c:v></c:pt>' for n, text in enumerate(texts))
        for texts in ([bar.label for bar in bars.bars], [bar.text for bar in bars.bars])
    )
    names = ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
    shown = "".join(f'<c:show{name} val="{int(name == "Val")}"/>' for name in names)
    whole = '<c:txPr><a:bodyPr wrap="none"/><a:p><a:pPr><a:defRPr/></a:pPr></a:p></c:txPr>'
    return (
        '<c:ser><c:idx val="0"/><c:order val="0"/>'
        f"<c:tx><c:v>{escape(bars.caption)}</c:v></c:tx>"
        f'<c:spPr><a:solidFill><a:srgbClr val="{BLUE}"/></a:solidFill></c:spPr>'
        f'<c:invertIfNegative val="0"/><c:dLbls>{whole}{shown}</c:dLbls>'
        f"<c:cat><c:strLit>{count}{labels}</c:strLit></c:cat>"
        f"<c:val><c:numLit><c:formatCode>0.00</c:formatCode>{count}{values}</c:numLit></c:val>"
        "</c:ser>"
    )
