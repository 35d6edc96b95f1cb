"""Cases 案卷: one problem at one place, from report 上报 to closing 结案 (GB/T 30428.8, CJ/T 315).

`flow` is the road as a table, `clock` and `rules` the arithmetic, `actions` the verbs and the only
writer, `access` who may see and do what, `story` a case told to one reader, `replay` the proof that
the log alone rebuilds the state. Every way in (desk, API, importer, demo) ends in the same verbs.
"""
