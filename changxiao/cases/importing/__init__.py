"""导入 importing: foreign lists of problems, mapped to our words and replayed through the verbs.

`mapping` says what a list's columns mean, `reading` reads it, `drafting` makes a draft of each row,
`road` gives each draft its verbs and their times, `replaying` acts, `report` tells what became of
each row. The actions know nothing of it: an imported case is a case.
"""
