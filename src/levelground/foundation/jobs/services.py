"""The queue: asking for a job, taking one, and noting how it ended."""

import datetime as dt
from collections.abc import Mapping, Sequence
from traceback import format_exception
from typing import Any

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django_tasks.base import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult

from levelground.foundation import clock
from levelground.foundation.audit import services as audit

from . import dispatch
from .models import JobRun, Slot, WorkerBeat
from .registry import JOBS, Job

log = structlog.get_logger(__name__)


class WorkerLost(Exception):
    """The worker that ran this job was not heard of any more: it was killed, or its machine stopped."""


def enqueue(
    *, job: Job[Any], args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None, key: str = "",
    run_after: dt.datetime | None = None,
) -> JobRun:  # fmt: skip
    """See ``Job.enqueue_on_commit``."""
    known = JobRun.objects.filter(name=job.name, key=key).first() if key else None
    if known is not None:
        return known
    task = dispatch.run.using(run_after=run_after) if run_after else dispatch.run
    try:
        with transaction.atomic():
            result: Any = task.enqueue(job.name, list(args), dict(kwargs or {}))
            return JobRun.objects.create(result=result.db_result, name=job.name, key=key)
    except IntegrityError:
        # Another process asked with the same key between the look and the write.
        return JobRun.objects.get(name=job.name, key=key)


def claim(*, worker: str) -> JobRun | None:
    """Take the next job that is due, if there is one."""
    ready = DBTaskResult.objects.ready().filter(run__isnull=False)
    if not ready.exists():  # looking takes no lock
        return None
    with transaction.atomic():
        result = ready.select_for_update(skip_locked=True, of=("self",)).first()
        if result is None:
            return None
        result.claim(worker)
        run = JobRun.objects.get(pk=result.pk)
        run.worker, run.alive_at, run.attempts = worker, clock.now(), run.attempts + 1
        run.save(update_fields=["worker", "alive_at", "attempts"])
        return run


def perform(run: JobRun) -> bool:
    """Do a claimed job and note how it ended; whether it went well."""
    given = run.result.args_kwargs["args"]
    with structlog.contextvars.bound_contextvars(job=run.name, job_id=str(run.pk)):
        try:
            dispatch.run.call(*given)
        except Exception as error:
            log.exception("job did not work", attempt=run.attempts)
            _note_failure(run, error)
            return False
    _mine(run).update(status=Status.SUCCESSFUL, finished_at=clock.now(), exception_class_path="", traceback="")
    return True


def _mine(run: JobRun) -> Any:
    """The job's row while it is still this worker's: the reaper may have given it to another one meanwhile."""
    return DBTaskResult.objects.filter(
        pk=run.pk, status=Status.RUNNING, run__worker=run.worker, run__attempts=run.attempts
    )


def _note_failure(run: JobRun, error: BaseException) -> None:
    """Back into the queue for another attempt, or failed for good when there were enough."""
    job = JOBS.get(run.name)
    fields: dict[str, Any] = {
        "exception_class_path": f"{type(error).__module__}.{type(error).__qualname__}",
        "traceback": "".join(format_exception(error)),
    }
    if job is not None and run.attempts <= job.retries:
        fields |= {"status": Status.READY, "run_after": clock.now() + job.wait(run.attempts)}
    else:
        fields |= {"status": Status.FAILED, "finished_at": clock.now()}
    _mine(run).update(**fields)


def beat(*, worker: str, started_at: dt.datetime, run: JobRun | None) -> None:
    """The worker lives, and so does its job."""
    now = clock.now()
    WorkerBeat.objects.update_or_create(name=worker, defaults={"seen_at": now, "started_at": started_at})
    if run is not None:
        JobRun.objects.filter(pk=run.pk, worker=worker, attempts=run.attempts).update(alive_at=now)


def sign_off(*, worker: str) -> None:
    """The worker stops by itself."""
    WorkerBeat.objects.filter(name=worker).delete()


def reap() -> int:
    """Take back the jobs of workers that were killed; their number."""
    deadline = clock.now() - dt.timedelta(seconds=settings.JOBS_LEASE_SECONDS)
    lost = JobRun.objects.filter(result__status=Status.RUNNING, alive_at__lt=deadline)
    if not lost.exists():
        return 0
    with transaction.atomic():
        taken = list(lost.select_for_update(skip_locked=True, of=("self",)))
        for run in taken:
            log.warning("worker lost", job=run.name, job_id=str(run.pk), worker=run.worker)
            _note_failure(run, WorkerLost(f"{run.worker} was last heard of at {run.alive_at}."))
        return len(taken)


@transaction.atomic
def retry(*, run: JobRun, by: Any) -> None:
    """Try a failed job again, with all its attempts."""
    changed = DBTaskResult.objects.filter(pk=run.pk, status=Status.FAILED).update(
        status=Status.READY, run_after=clock.now(), finished_at=None
    )
    if changed:
        JobRun.objects.filter(pk=run.pk).update(attempts=0)
        audit.record(by=by, verb="job.retried", subject=f"job:{run.pk}", after={"name": run.name})


def tidy(*, done_days: int = 14, failed_days: int = 60) -> int:
    """Forget jobs that ended long ago, old slots, and workers that went away; the number of jobs forgotten."""
    now = clock.now()
    old = DBTaskResult.objects.filter(
        status=Status.SUCCESSFUL, finished_at__lt=now - dt.timedelta(days=done_days)
    ) | DBTaskResult.objects.filter(status=Status.FAILED, finished_at__lt=now - dt.timedelta(days=failed_days))
    count = old.count()
    old.delete()
    Slot.objects.filter(at__lt=now - dt.timedelta(days=failed_days)).delete()
    WorkerBeat.objects.filter(seen_at__lt=now - dt.timedelta(days=1)).delete()
    return count
