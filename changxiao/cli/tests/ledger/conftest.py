"""The ledger's own fixtures: the command and the worker stand above it and are tested here."""

from changxiao.ledger.tests.conftest import own_home, write

__all__ = ["own_home", "write"]
