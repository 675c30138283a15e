"""The one task that django-tasks knows; it finds the job by its name."""

from typing import Any

from django_tasks import task

from .registry import JOBS


class UnknownJob(Exception):
    """The queue holds a job that this version of the program does not have."""


@task()
def run(name: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    if name not in JOBS:
        raise UnknownJob(f"There is no job named {name!r} in this version.")
    JOBS[name](*args, **kwargs)
