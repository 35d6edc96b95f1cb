"""指标: one pure function each, from a table of facts to the rows that count (Ibis, no Django).

To add one: a function of 3 to 6 lines in the file of its axis, its line in `library.py`, its table
of rows in `tests/`.
"""
