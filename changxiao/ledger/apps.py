"""The ledger as a Django app: its system checks run wherever Django's do."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """记录: see the package's own words."""

    name = "changxiao.ledger"

    def ready(self) -> None:
        from changxiao.ledger import checks

        checks.register_all()
