from django.apps import AppConfig


class CyclesConfig(AppConfig):
    name = "levelground.cycles"
    label = "cycles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .signals import connect

        connect()
