import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "levelground.config.settings")
application = get_wsgi_application()


def settle() -> None:
    """Load what the first request would load, and tell the garbage collector that it stays.

    Without this, one page in twenty waits 50 ms while Python looks through all of Django for garbage.
    """
    from django.template import engines
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018 - loads every view
    engines["jinja2"]
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


settle()
