"""备份 backup: one file that a city can be built from again (promise P21, test A-22).

`database` copies a database while it serves, `archive` packs and unpacks with a hash a file,
`making` and `restoring` put them together, `schedule` says what is due and what may go.
"""
