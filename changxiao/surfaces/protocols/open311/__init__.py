"""Open311 GeoReport v2: an intake channel and the public list, for the programs of other people.

A channel is a folder like this one: a key (`keys`), its words into ours and back (`reading`,
`statuses`, `writing`), views that end in `cases.actions.report`. It owns no table and no rule.
`client` speaks the same protocol to other cities.
"""
