from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "levelground.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .signals import connect

        connect()
