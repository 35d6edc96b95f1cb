"""回放: the log alone gives every evaluation and what hangs on it (`changxiao ledger verify
--state`): `folding` says what the entries tell, `checks` holds the tables against it."""
