"""导入立案标准表: a city's own 立案、处置和结案标准 as it stands in a table, row by row."""

from changxiao.catalog.importing.page import page
from changxiao.catalog.importing.report import Difference, Refusal, Report
from changxiao.catalog.importing.standards import DECLARED, import_standards

__all__ = ["DECLARED", "Difference", "Refusal", "Report", "import_standards", "page"]
