from collections.abc import Callable, Iterator
from typing import Any

import pytest

from levelground.foundation.jobs import registry, timetable

CALLS: list[Any] = []


def remember(what: str, *more: Any) -> None:
    CALLS.append((what, *more))


def refuse(why: str = "no") -> None:
    CALLS.append(("refuse", why))
    raise RuntimeError(why)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Empty lists of jobs and of the timetable, and what the jobs of the test did."""
    monkeypatch.setattr(registry, "JOBS", {})
    monkeypatch.setattr("levelground.foundation.jobs.dispatch.JOBS", registry.JOBS)
    monkeypatch.setattr("levelground.foundation.jobs.services.JOBS", registry.JOBS)
    monkeypatch.setattr(timetable, "TIMETABLE", {})
    monkeypatch.setattr("levelground.foundation.jobs.selectors.TIMETABLE", timetable.TIMETABLE)
    CALLS.clear()
    yield CALLS
    CALLS.clear()


@pytest.fixture
def remembering(calls: list[Any]) -> registry.Job[Any]:
    return registry.job(name="test.remember")(remember)


@pytest.fixture
def refusing(calls: list[Any]) -> Callable[..., registry.Job[Any]]:
    def make(**options: Any) -> registry.Job[Any]:
        return registry.job(name="test.refuse", **options)(refuse)

    return make
