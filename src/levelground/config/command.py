"""The ``levelground`` command: Django's management interface under one name."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "levelground.config.settings")
    if sys.argv[1:2] == ["demo"]:
        os.environ.setdefault("LEVELGROUND_DEMO", "yes")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        settings.INSTALLED_APPS  # noqa: B018 - the settings are read here, so that a bad one is told in one sentence
    except ImproperlyConfigured as error:
        sys.exit(f"A setting is not right. {error}")
    # Commands are written with hyphens (verify-audit); their modules cannot be.
    words = [word.replace("-", "_") if not word.startswith("-") else word for word in sys.argv[1:2]]
    execute_from_command_line(["levelground", *words, *sys.argv[2:]])


if __name__ == "__main__":
    main()
