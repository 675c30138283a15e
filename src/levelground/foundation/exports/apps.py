from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """No tables: an app so that its Welsh is found and checked."""

    name = "levelground.foundation.exports"
    label = "exports"
