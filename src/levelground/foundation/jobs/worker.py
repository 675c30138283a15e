"""The process that does the jobs: ``levelground worker``."""

import os
import secrets
import signal
import socket
import threading
from types import FrameType
from typing import Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from levelground.foundation import clock

from . import services, timetable
from .models import JobRun

log = structlog.get_logger(__name__)


class Worker:
    """Takes jobs one at a time, keeps the timetable, and takes back the jobs of workers that died."""

    def __init__(self, *, parent: int | None = None) -> None:
        self.name = f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(3)}"
        self.started_at = clock.now()
        self.parent = parent
        self.current: JobRun | None = None
        self._stop = threading.Event()
        self._done = threading.Event()

    def stop(self, signum: int = 0, frame: FrameType | None = None) -> None:
        """Stop after the present job; asked a second time, at once (another worker will take the job back)."""
        if self._stop.is_set():
            os._exit(1)
        self._stop.set()

    def listen(self) -> None:
        """Stop on Ctrl+C and on termination."""
        signal.signal(signal.SIGINT, self.stop)
        signal.signal(signal.SIGTERM, self.stop)

    def run(self) -> None:
        """Work until stopped."""
        log.info("worker started", worker=self.name)
        heart = threading.Thread(target=self._heart, name="heart", daemon=True)
        heart.start()
        try:
            while not self._stop.is_set() and not self._orphaned():
                if not self._careful(self.step):
                    self._stop.wait(settings.JOBS_POLL_SECONDS)
        finally:
            self._done.set()
            heart.join(5)
            self._careful(lambda: services.sign_off(worker=self.name))
            log.info("worker stopped", worker=self.name)

    def step(self) -> bool:
        """One job, if one is due; whether there was one."""
        run = services.claim(worker=self.name)
        if run is None:
            return False
        self.current = run
        try:
            services.perform(run)
        finally:
            self.current = None
        return True

    def drain(self) -> int:
        """Do every job that is due now, then stop; how many there were."""
        done = 0
        while self.step():
            done += 1
        return done

    def _orphaned(self) -> bool:
        return self.parent is not None and os.getppid() != self.parent

    def _careful(self, work: Any) -> Any:
        """Run ``work``; when the database is away, or anything else is wrong, say so and carry on later."""
        close_old_connections()
        try:
            return work()
        except (OperationalError, InterfaceError) as error:
            log.warning("database not reachable", why=str(error))
        except Exception:
            log.exception("the worker could not do its work")
        connection.close()
        return None

    def _heart(self) -> None:
        """Beats beside the job, on its own connection, so that a long job is not taken for a dead one."""
        try:
            while True:
                self._careful(self._beat)
                if self._done.wait(settings.JOBS_BEAT_SECONDS):
                    return
        finally:
            connection.close()

    def _beat(self) -> None:
        services.beat(worker=self.name, started_at=self.started_at, run=self.current)
        services.reap()
        timetable.tick()
