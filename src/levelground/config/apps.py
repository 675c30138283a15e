from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "levelground.config"
    label = "config"
