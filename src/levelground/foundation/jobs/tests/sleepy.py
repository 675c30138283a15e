"""Run as a program: a worker whose one job sleeps for ever on its first attempt, and ends at once on the next."""

import os
import sys
import time
from pathlib import Path


def sleep(folder: str) -> None:
    started = Path(folder) / "started"
    if started.exists():
        (Path(folder) / "finished").write_text(str(os.getpid()))
        return
    started.write_text(str(os.getpid()))
    time.sleep(3600)


def declare() -> None:
    from levelground.foundation.jobs.registry import job

    job(name="test.sleep", backoff=0)(sleep)


if __name__ == "__main__":
    import django

    django.setup()
    declare()
    from django.core.management import call_command

    call_command("worker", *sys.argv[1:])
