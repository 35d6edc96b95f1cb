"""Tables as Excel would send them back: exported, touched in some cells, uploaded."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from changxiao.catalog.models import SheetDraft
from changxiao.catalog.sheets.book import written
from changxiao.catalog.sheets.grid import grid_of, opened

FIRST = 3  # note and headings stand above


def exported(table):
    return written(table.SHEET, table.NOTE, table.COLUMNS, table.rows())


def letter(table, name):
    return chr(ord("A") + [column.name for column in table.COLUMNS].index(name))


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def edited(table, changes=(), *, more=(), drop=(), merge=()):
    """The export with cells set ({"name": value} by row from 0), rows added, dropped, merged."""
    book = load_workbook(io.BytesIO(exported(table)))
    sheet = book.active
    for row, cells in dict(changes).items():
        for name, value in cells.items():
            sheet[f"{letter(table, name)}{FIRST + row}"] = value
    for cells in more:
        sheet.append([cells.get(column.name) for column in table.COLUMNS])
    for area in merge:
        sheet.merge_cells(area)
    for row in sorted(drop, reverse=True):
        sheet.delete_rows(FIRST + row)
    return saved(book)


def planned(table, data):
    return table.plan(grid_of(opened(data, "table.xlsx"), table.COLUMNS))


def uploaded(client, kind, data, name="table.xlsx"):
    """The address of the draft's page."""
    file = SimpleUploadedFile(name, data)
    answer = client.post(f"/settings/catalog/sheets/{kind}/", {"file": file})
    return answer["Location"] if answer.status_code == 302 else answer


def confirmed(client, address, **told):
    seen = client.get(address).context["plan"].digest
    return client.post(address, {"seen": seen, **told})


def draft():
    return SheetDraft.objects.get()


def book_of(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)
