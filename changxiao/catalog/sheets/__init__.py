"""表格往返 sheets: criteria and responsibilities out to Excel, edited there, and back as edits.

What comes back is compared cell by cell with what would be written out now, so a table that nobody
touched is no edit whatever Excel did to it. Every fault names its sheet, cell, value and remedy; a
plan with a fault is not applied at all. A row that is gone from the table changes nothing.
"""
