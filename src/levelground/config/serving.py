"""Running the web server and, beside it, the worker of the background jobs."""

import copy
import socket
import subprocess
import sys
import threading
import time
from typing import Any

import structlog

log = structlog.get_logger(__name__)
_SHORTEST_WAIT, _LONGEST_WAIT, _WELL_AFTER = 1.0, 30.0, 60.0


class Companion:
    """Keeps a child process running until told to stop; when it dies it is started again, after a growing wait.

    It begins ``after`` so many seconds: on a small machine the pages come first."""

    def __init__(self, command: list[str], *, after: float = 0.0, patience: float = 20.0) -> None:
        self.command = command
        self.after = after
        self.patience = patience
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._watch, name="companion", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def _spawn(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._stopping.is_set():
                return None
            # A session of its own: Ctrl+C in the terminal reaches the server, which then stops this one in good order.
            self._process = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603  # our own command, no shell
            return self._process

    def _watch(self) -> None:
        self._stopping.wait(self.after)
        wait = _SHORTEST_WAIT
        while (process := self._spawn()) is not None:
            started = time.monotonic()
            code = process.wait()
            if self._stopping.is_set():
                return
            wait = _SHORTEST_WAIT if time.monotonic() - started > _WELL_AFTER else min(wait * 2, _LONGEST_WAIT)
            log.error("the job worker ended by itself", code=code, again_in=wait)
            self._stopping.wait(wait)

    def stop(self) -> None:
        """Ask it to stop, wait for its present job, and end it when that takes too long."""
        with self._lock:
            self._stopping.set()
            process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(self.patience)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._thread.join(5)


def job_worker(parent: int) -> Companion:
    return Companion([sys.executable, "-m", "levelground.config.command", "worker", "--parent", str(parent)], after=3.0)


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def run_granian(*, host: str, port: int, workers: int, threads: int) -> None:
    """Serve until stopped. Each worker is a new process, so that no connection or thread of this one is copied."""
    import multiprocessing

    from granian.constants import Interfaces
    from granian.log import LOGGING_CONFIG
    from granian.server import Server

    multiprocessing.set_start_method("spawn", force=True)
    logging: dict[str, Any] = copy.deepcopy(LOGGING_CONFIG)
    logging["formatters"]["generic"] = {"()": "levelground.config.logs.formatter"}
    Server(
        "levelground.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=20,
        log_dictconfig=logging,
    ).serve()
