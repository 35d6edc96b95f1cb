"""开发页的应用: takes the clock over when the process starts."""

from django.apps import AppConfig


class DevConfig(AppConfig):
    """开发页."""

    name = "changxiao.surfaces.dev"

    def ready(self) -> None:
        from changxiao.surfaces.dev import clock

        clock.install()
