"""事实来源 feed: the entries of the log become facts, as far as the log goes and not a row further.

`fold` is pure: a case's entries in order say everything. `reading` reads them, `export` keeps a
folder of facts in step with the log, `checking` holds the facts against the tables.
"""
