"""记录 ledger: what was done, in one append-only table for all rooms, provable to anyone.

Every verb of every room appends one Entry in the transaction of its change. Entries are chained per
stream, ordered into an RFC 6962 tree by the sequencer, and the tree's root is signed as a C2SP
checkpoint. Consumers read the same order: the log is the outbox. Formats: docs/ledger.md.
"""
