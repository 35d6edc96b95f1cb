"""目录设置页: where a city edits its catalogue. One module a kind of row.

Each kind is a `Kind`: its rows as a page of `ledger.edits`, and how a state of it is set again;
`history` serves all kinds.
"""
