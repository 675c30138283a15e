"""The Jinja environment that every page uses."""

from functools import lru_cache
from typing import Any

import jinja2
from django.conf import settings
from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils import translation

from levelground import __version__
from levelground.foundation import formats
from levelground.ui import helpers

# Addresses and translations are the same for the same input as long as the process runs, and a page asks for dozens.
REMEMBERED = 4096


def url(name: str, *args: Any, **kwargs: Any) -> str:
    return _url(get_script_prefix(), name, args, tuple(kwargs.items()))


@lru_cache(maxsize=REMEMBERED)
def _url(_prefix: str, name: str, args: tuple[Any, ...], kwargs: tuple[tuple[str, Any], ...]) -> str:
    return reverse(name, args=args or None, kwargs=dict(kwargs) or None)


def gettext(message: str) -> str:
    return _gettext(translation.get_language(), message)


@lru_cache(maxsize=REMEMBERED)
def _gettext(_language: str | None, message: str) -> str:
    return translation.gettext(message)


def environment(**options: Any) -> jinja2.Environment:
    loader = jinja2.ChoiceLoader([options.pop("loader"), jinja2.PackageLoader("nhsuk_frontend_jinja", "templates")])
    options["undefined"] = jinja2.ChainableUndefined  # the components' templates count on it
    env = jinja2.Environment(  # noqa: S701 - Django passes autoescape=True in the options
        loader=loader,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        **options,
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]  # the i18n extension adds it
        gettext=gettext,
        ngettext=translation.ngettext,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
        newstyle=True,
    )
    env.globals.update(
        url=url,
        static=static,
        get_messages=get_messages,
        language=translation.get_language,
        app_version=__version__,
        demo_mode=settings.DEMO,
        **helpers.GLOBALS,
    )
    env.filters.update(formats.FILTERS)
    env.filters.update(helpers.FILTERS)
    return env
