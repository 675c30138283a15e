"""Declaring jobs."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, ParamSpec

from .models import JobRun

P = ParamSpec("P")
_LONGEST_WAIT = 6 * 3600


@dataclass(frozen=True)
class Job(Generic[P]):
    """A declared job. Calling it runs it here and now; ``enqueue_on_commit`` leaves it to a worker."""

    name: str
    func: Callable[P, None]
    retries: int
    backoff: float

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        self.func(*args, **kwargs)

    def enqueue_on_commit(
        self, *args: Any, key: str = "", run_after: dt.datetime | None = None, **kwargs: Any
    ) -> JobRun:
        """Ask for the job. The request is a row in the same database: it counts when the transaction commits.

        Asked for twice with the same ``key``, it is done once. Arguments must be plain JSON values.
        """
        from . import services

        return services.enqueue(job=self, args=args, kwargs=kwargs, key=key, run_after=run_after)

    def wait(self, attempts: int) -> dt.timedelta:
        """How long to wait after the given number of attempts: twice as long each time, six hours at most."""
        return dt.timedelta(seconds=min(self.backoff * 2 ** min(attempts - 1, 20), _LONGEST_WAIT))


JOBS: dict[str, Job[Any]] = {}


def job(*, name: str, retries: int = 3, backoff: float = 30.0) -> Callable[[Callable[P, None]], Job[P]]:
    """Declare a job under a name that stays the same when code moves.

    An error leads to another attempt, up to ``retries`` of them: after ``backoff`` seconds, then twice as long again.
    """

    def declare(func: Callable[P, None]) -> Job[P]:
        if name in JOBS and JOBS[name].func.__qualname__ != func.__qualname__:
            raise ValueError(f"There are two jobs named {name!r}.")
        JOBS[name] = Job(name, func, retries, backoff)
        return JOBS[name]

    return declare
