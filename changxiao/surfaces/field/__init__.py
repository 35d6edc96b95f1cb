"""外业 field: the collector's pages on the phone and their exactly-once sync (§6.2)."""
