"""导入报告页: a report as Markdown, for the file that a city keeps beside its table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from changxiao.catalog.importing.report import Report


def page(report: Report) -> str:
    """报告页: counts, then every row that was refused, differs, carries a remark or a new name."""
    parts = [
        f"## {report.file}",
        _table((_("项目"), _("数量")), _counts(report)),
        *_section(
            _("不采纳的行"),
            (_("行"), _("列"), _("值"), _("原因")),
            [(one.row, one.column, one.value, one.reason) for one in report.refused],
        ),
        *_section(
            _("与正式标准不一致（以正式标准为准）"),
            (_("行"), _("小类"), _("立案条件"), _("本表"), _("正式标准")),
            [
                (one.row, one.subject, one.condition, one.limit, one.official)
                for one in report.differences
            ],
        ),
        *_section(
            _("时限旁的文字（移入立案条件）"),
            (_("行"), _("列"), _("值"), _("文字")),
            [(one.row, one.column, one.value, one.reason) for one in report.remarks],
        ),
        *_section(
            _("名称与目录不同（按代码归类）"),
            (_("行"), _("列"), _("本表名称"), _("目录名称")),
            [(one.row, one.column, one.value, one.reason) for one in report.renamed],
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _counts(report: Report) -> list[tuple[str, int]]:
    counts = [
        (_("行数"), report.rows),
        (_("采纳"), report.accepted),
        (_("不采纳"), report.refused_rows),
        (_("重复行"), len(report.duplicates)),
        (_("新增立案标准"), report.added),
        (_("改版"), report.changed),
        (_("无变化"), report.repeated),
        (_("后续阶段"), report.stages),
        (_("涉及小类"), report.subcategories),
        (_("新增地方小类"), report.subcategories_added),
        (_("与正式标准可比的行"), report.compared),
        (_("提到的处置单位"), len(report.units)),
    ]
    bare = [
        (_("按声明读取的“%(word)s”") % {"word": word}, count)
        for word, count in sorted(report.bare.items())
    ]
    return [*counts, *bare]


def _section(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterable[str]:
    return [f"### {title}", _table(head, rows)] if rows else []


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(one) for one in line) + " |" for line in lines)


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")
