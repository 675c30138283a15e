"""The access tests share one world, made once and taken back at the end."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.template.backends.jinja2 import Template
from django.test import override_settings

from .world import World, make_world

# In memory, which is quicker for thousands of requests. (Signed cookies have keys too long for the list of sessions.)
SESSIONS = {
    "SESSION_ENGINE": "django.contrib.sessions.backends.cache",
    "SESSION_CACHE_ALIAS": "sessions",
    "CACHES": {**django_settings.CACHES, "sessions": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
}


@pytest.fixture(scope="module")
def world(django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[World]:
    """Made once for all the rows, taken back at the end."""
    folder = tmp_path_factory.mktemp("documents")
    cheap = {
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        **SESSIONS,
        "STORAGES": {
            **django_settings.STORAGES,
            "documents": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": folder, "base_url": None},
            },
        },
    }
    with django_db_blocker.unblock(), override_settings(**cheap), transaction.atomic():
        made = make_world()
        made.folder = Path(folder)
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def knock(world: World, settings: Any) -> Iterator[World]:
    """The world with its own files, and pages not rendered: who gets in is all that counts here, and it is quicker."""
    documents = {**settings.STORAGES["documents"], "OPTIONS": {"location": world.folder, "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "documents": documents}
    for name, value in SESSIONS.items():
        setattr(settings, name, value)
    with mock.patch.object(Template, "render", return_value=""):
        yield world
