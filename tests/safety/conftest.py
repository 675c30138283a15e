"""A filled system in the test's own database, and empty ones beside it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from levelground.accounts.models import User
from levelground.assessments import services as assessments
from levelground.foundation.audit import services as audit
from levelground.foundation.jobs.tasks import tidy
from tests.access.world import make_world

from . import systems
from .systems import System

# What one database writes otherwise than the other, and what is easily lost on the way.
ODD = {
    "words": 'Ŵyth ‘dyfyniad’ \\N \t \n "x" 🌊 {{ 1 }} <b>',
    "numbers": [0, -1, 2**53, 1.5, 1e-7, 12345678901234567890],
    "nothing": None,
    "b": {"aa": 1, "a": [True, False]},
}


@pytest.fixture
def filled(transactional_db: Any, settings: Any) -> Any:
    """The world of the access tests in the test's own database, with rows of every odd kind that we know of."""
    settings.ALLOWED_HOSTS = ["testserver"]
    world = make_world()
    someone = User.objects.earliest("pk")
    User.objects.filter(pk=someone.pk).update(name=ODD["words"], last_login=someone.date_joined.replace(microsecond=0))
    audit.record(by=someone, verb="odd", subject="odd:1", before=ODD, after=[], reason="\r\n")
    book = world.homes["own"].workbook
    assessments.save_answer(
        workbook=book, indicator=book.answers.earliest("pk").indicator, value="not_applicable", reason=ODD["words"],
        by=someone,
    )  # fmt: skip
    tidy.enqueue_on_commit(key="odd")
    return world


@pytest.fixture
def empty(tmp_path: Path, transactional_db: Any) -> Iterator[Callable[..., System]]:
    """``empty("sqlite")`` or ``empty("postgresql")``: a new place, on SQLite with tables if ``migrated``."""
    with ExitStack() as stack:
        number = iter(range(100))

        def make(vendor: str = connection.vendor, *, migrated: bool = False) -> System:
            folder = tmp_path / f"place-{next(number)}"
            if vendor == "sqlite":
                return systems.sqlite(folder, migrated=migrated)
            return stack.enter_context(systems.postgres(folder))

        yield make
