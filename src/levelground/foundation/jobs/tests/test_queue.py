"""Asking for jobs, doing them, and what happens when they do not work."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, transaction
from django_tasks.base import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult

from levelground.foundation import clock
from levelground.foundation.audit.models import AuditEvent
from levelground.foundation.jobs import registry, selectors, services
from levelground.foundation.jobs.models import JobRun, Slot, WorkerBeat
from levelground.foundation.jobs.worker import Worker
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 5, 14, 12, 0, tzinfo=dt.UTC)


def status(run: JobRun) -> str:
    return DBTaskResult.objects.get(pk=run.pk).status


def test_a_job_is_done_once_by_a_worker_and_not_before(remembering: Any, calls: list[Any]) -> None:
    run = remembering.enqueue_on_commit("hello", 3)
    assert calls == []
    assert Worker().drain() == 1
    assert Worker().drain() == 0
    assert calls == [("hello", 3)]
    assert status(run) == Status.SUCCESSFUL


def test_a_job_can_be_called_like_a_function(remembering: Any, calls: list[Any]) -> None:
    remembering("now")
    assert calls == [("now",)]


def test_a_transaction_that_is_rolled_back_asks_for_nothing(remembering: Any, calls: list[Any]) -> None:
    with pytest.raises(LookupError), transaction.atomic():
        remembering.enqueue_on_commit("hello")
        raise LookupError
    assert Worker().drain() == 0
    assert not DBTaskResult.objects.exists()


def test_asked_for_twice_with_one_key_it_is_done_once(remembering: Any, calls: list[Any]) -> None:
    one = remembering.enqueue_on_commit("a", key="k")
    assert remembering.enqueue_on_commit("b", key="k").pk == one.pk
    remembering.enqueue_on_commit("c", key="other")
    remembering.enqueue_on_commit("d")
    remembering.enqueue_on_commit("e")
    assert Worker().drain() == 4
    assert remembering.enqueue_on_commit("f", key="k").pk == one.pk
    assert Worker().drain() == 0
    assert sorted(calls) == [("a",), ("c",), ("d",), ("e",)]


def test_two_processes_asking_at_once_with_one_key(remembering: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    one = remembering.enqueue_on_commit("a", key="k")
    # This process looked before the other one wrote.
    monkeypatch.setattr("django.db.models.query.QuerySet.first", lambda self: None)
    assert remembering.enqueue_on_commit("a", key="k").pk == one.pk
    monkeypatch.undo()
    assert DBTaskResult.objects.count() == 1


def test_a_later_job_waits_for_its_time(remembering: Any, calls: list[Any]) -> None:
    with time_machine.travel(NOON, tick=False) as time:
        remembering.enqueue_on_commit("later", run_after=NOON + dt.timedelta(hours=1))
        assert Worker().drain() == 0
        time.shift(3600)
        assert Worker().drain() == 1
    assert calls == [("later",)]


def test_what_does_not_work_is_tried_again_after_growing_waits(refusing: Callable[..., Any], calls: list[Any]) -> None:
    job = refusing(retries=2, backoff=60)
    with time_machine.travel(NOON, tick=False) as time:
        run = job.enqueue_on_commit("broken pipe")
        assert Worker().drain() == 1
        assert status(run) == Status.READY
        for wait in (60, 120):
            time.shift(wait - 1)
            assert Worker().drain() == 0
            time.shift(1)
            assert Worker().drain() == 1
    assert len(calls) == 3
    result = DBTaskResult.objects.get(pk=run.pk)
    assert result.status == Status.FAILED
    assert "RuntimeError: broken pipe" in result.traceback
    assert result.exception_class_path == "builtins.RuntimeError"


def test_a_second_attempt_that_works_leaves_no_error(
    refusing: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, calls: list[Any]
) -> None:
    job = refusing(retries=1, backoff=0)
    run = job.enqueue_on_commit()
    services.perform(services.claim(worker="w"))
    monkeypatch.setitem(registry.JOBS, job.name, registry.Job(job.name, lambda: None, 1, 0))
    assert Worker().drain() == 1
    result = DBTaskResult.objects.get(pk=run.pk)
    assert (result.status, result.traceback) == (Status.SUCCESSFUL, "")


def test_waits_grow_to_six_hours_at_most(refusing: Callable[..., Any]) -> None:
    job = refusing(backoff=30)
    assert [job.wait(n).total_seconds() for n in (1, 2, 3, 50)] == [30, 60, 120, 6 * 3600]


def test_a_job_this_version_does_not_know_fails_and_the_next_is_done(remembering: Any, calls: list[Any]) -> None:
    unknown = services.enqueue(job=registry.Job("gone", lambda: None, 3, 0))
    remembering.enqueue_on_commit("still done")
    assert Worker().drain() == 2
    assert status(unknown) == Status.FAILED
    assert "UnknownJob" in DBTaskResult.objects.get(pk=unknown.pk).traceback
    assert calls == [("still done",)]


def test_two_jobs_may_not_share_a_name(remembering: Any) -> None:
    def other() -> None: ...

    with pytest.raises(ValueError, match="two jobs"):
        registry.job(name=remembering.name)(other)


def test_the_job_of_a_worker_that_is_silent_is_given_to_another(remembering: Any, calls: list[Any]) -> None:
    with time_machine.travel(NOON, tick=False) as time:
        run = remembering.enqueue_on_commit("again")
        dead = services.claim(worker="dead")
        assert dead is not None
        time.shift(59)
        assert services.reap() == 0
        services.beat(worker="dead", started_at=NOON, run=dead)
        time.shift(59)
        assert services.reap() == 0
        time.shift(2)
        assert services.reap() == 1
        assert status(run) == Status.READY
        time.shift(30)
        assert Worker().drain() == 1
        # The worker was only slow: its late word must not change what the other one noted.
        DBTaskResult.objects.filter(pk=run.pk).update(status=Status.RUNNING)
        services.perform(dead)
        assert status(run) == Status.RUNNING
    assert calls == [("again",), ("again",)]


def test_a_job_that_kills_its_workers_is_given_up(remembering: Any) -> None:
    with time_machine.travel(NOON, tick=False) as time:
        run = remembering.enqueue_on_commit("poison")
        for _ in range(4):
            assert services.claim(worker="w")
            time.shift(61)
            assert services.reap() == 1
            time.shift(3600)
    result = DBTaskResult.objects.get(pk=run.pk)
    assert result.status == Status.FAILED
    assert "WorkerLost" in result.traceback


def test_trying_again_is_for_failed_jobs_and_is_audited(refusing: Callable[..., Any], calls: list[Any]) -> None:
    staff = UserFactory(is_staff=True)
    run = refusing(retries=0).enqueue_on_commit()
    services.retry(run=run, by=staff)
    assert not AuditEvent.objects.filter(verb="job.retried").exists()
    Worker().drain()
    assert status(run) == Status.FAILED
    services.retry(run=run, by=staff)
    assert AuditEvent.objects.get(verb="job.retried").actor == staff.public_id
    assert Worker().drain() == 1
    assert len(calls) == 2


def test_tidying_keeps_what_is_recent_waiting_or_running(remembering: Any, refusing: Callable[..., Any]) -> None:
    failing = refusing(retries=0)
    with time_machine.travel(NOON, tick=False) as time:
        old = remembering.enqueue_on_commit("old")
        failed = failing.enqueue_on_commit()
        Worker().drain()
        Slot.objects.create(name="x", at=NOON)
        WorkerBeat.objects.create(name="w", started_at=NOON, seen_at=NOON)
        time.shift(dt.timedelta(days=15))
        waiting = remembering.enqueue_on_commit("new", run_after=NOON + dt.timedelta(days=400))
        assert services.tidy() == 1
        assert set(JobRun.objects.values_list("pk", flat=True)) == {failed.pk, waiting.pk}
        assert old.pk not in DBTaskResult.objects.values_list("pk", flat=True)
        assert not WorkerBeat.objects.exists()
        assert Slot.objects.exists()
        time.shift(dt.timedelta(days=60))
        assert services.tidy() == 1
        assert not Slot.objects.exists()
        assert JobRun.objects.get().pk == waiting.pk


def test_counts_and_the_age_of_the_queue(remembering: Any, refusing: Callable[..., Any]) -> None:
    assert selectors.counts() == {"waiting": 0, "running": 0, "failed": 0, "done": 0}
    assert selectors.waiting_since() is None
    refusing(retries=0).enqueue_on_commit()
    Worker().drain()
    remembering.enqueue_on_commit("a")
    remembering.enqueue_on_commit("b")
    services.claim(worker="w")
    assert selectors.counts() == {"waiting": 1, "running": 1, "failed": 1, "done": 0}
    since = selectors.waiting_since()
    assert since is not None
    assert since <= clock.now()


@pytest.mark.parametrize("error", [OperationalError("server closed the connection"), LookupError("a bug")])
def test_neither_an_unreachable_database_nor_a_bug_ends_the_worker(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise error

    monkeypatch.setattr("levelground.foundation.jobs.worker.connection", SimpleNamespace(close=lambda: None))
    monkeypatch.setattr("levelground.foundation.jobs.worker.close_old_connections", lambda: None)

    worker = Worker()
    assert worker._careful(lambda: 7) == 7
    assert worker._careful(away) is None
