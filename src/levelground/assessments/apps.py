from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "levelground.assessments"
    label = "assessments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .signals import connect

        connect()
