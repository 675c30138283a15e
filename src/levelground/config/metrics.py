"""Figures for Prometheus. Requests are counted in each worker process by itself: every series carries its ``pid``."""

import bisect
import os
import threading
from collections import defaultdict
from collections.abc import Iterator

from django.db import DatabaseError, connection

from levelground import __version__
from levelground.foundation import clock
from levelground.foundation.jobs import selectors as jobs

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
WORKER_SECONDS = 120


class Requests:
    """Counts of requests by route, method and status, and their times in buckets."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count: dict[tuple[str, str, int], int] = defaultdict(int)
        self._times: dict[str, list[int]] = {}
        self._seconds: dict[str, float] = defaultdict(float)

    def seen(self, route: str, method: str, status: int, seconds: float) -> None:
        with self._lock:
            self._count[route, method, status] += 1
            slots = self._times.setdefault(route, [0] * (len(BUCKETS) + 1))
            slots[bisect.bisect_left(BUCKETS, seconds)] += 1
            self._seconds[route] += seconds

    def lines(self) -> Iterator[str]:
        """In Prometheus' text format."""
        with self._lock:
            count, seconds = dict(self._count), dict(self._seconds)
            times = {route: list(slots) for route, slots in self._times.items()}
        pid = f'pid="{os.getpid()}"'
        yield "# TYPE levelground_requests_total counter"
        for (route, method, status), number in sorted(count.items()):
            yield f'levelground_requests_total{{{pid},route="{route}",method="{method}",status="{status}"}} {number}'
        yield "# TYPE levelground_request_seconds histogram"
        for route, slots in sorted(times.items()):
            so_far = 0
            for limit, number in zip([*map(str, BUCKETS), "+Inf"], slots, strict=True):
                so_far += number
                yield f'levelground_request_seconds_bucket{{{pid},route="{route}",le="{limit}"}} {so_far}'
            yield f'levelground_request_seconds_sum{{{pid},route="{route}"}} {seconds[route]:.6f}'
            yield f'levelground_request_seconds_count{{{pid},route="{route}"}} {so_far}'


REQUESTS = Requests()


def _jobs() -> Iterator[str]:
    yield "# TYPE levelground_jobs gauge"
    for state, number in jobs.counts().items():
        yield f'levelground_jobs{{state="{state}"}} {number}'
    since = jobs.waiting_since()
    age = (clock.now() - since).total_seconds() if since else 0.0
    yield "# TYPE levelground_jobs_oldest_waiting_seconds gauge"
    yield f"levelground_jobs_oldest_waiting_seconds {age:.0f}"
    yield "# TYPE levelground_job_workers gauge"
    yield f"levelground_job_workers {len(jobs.workers(within_seconds=WORKER_SECONDS))}"


def text() -> str:
    """Everything, as Prometheus wants it."""
    try:
        connection.ensure_connection()
        queue, up = list(_jobs()), 1
    except DatabaseError:
        queue, up = [], 0
    head = [
        "# TYPE levelground_info gauge",
        f'levelground_info{{version="{__version__}"}} 1',
        "# TYPE levelground_database_up gauge",
        f"levelground_database_up {up}",
    ]
    return "\n".join([*head, *queue, *REQUESTS.lines()]) + "\n"
