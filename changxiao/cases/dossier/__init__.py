"""案卷卷宗: one case as paper: facts, story, clocks, photos, requests, orders and its ledger proof.

People stand on it as post and grid, whoever prints it: paper goes where its printer does not see.
"""
