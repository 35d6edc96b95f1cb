"""House rules that a machine can check (docs/house.md); each check has a good and a bad example."""
