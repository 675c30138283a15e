"""The real site under test: its own folder, its own database, its own process, on a free port of this machine."""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import levelground

STAGE = Path(__file__).with_name("stage.py")
COMMAND = [sys.executable, "-m", "levelground.config.command"]
PATIENCE = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(var: Path, **extra: str) -> dict[str, str]:
    """The environment of the server's processes: ours, without what is only for pytest."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "LEVELGROUND_"))}
    return ours | {
        "DJANGO_SETTINGS_MODULE": "levelground.config.settings",
        "LEVELGROUND_DEMO": "yes",
        "LEVELGROUND_VAR": str(var),
        **extra,
    }


def run(command: list[str], env: dict[str, str]) -> None:
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")


def build(var: Path, env: dict[str, str]) -> None:
    """The demonstration and the journeys' own members, in ``var`` and in the database of ``env``."""
    var.mkdir(parents=True, exist_ok=True)
    run([sys.executable, str(STAGE)], env)


def digest_of_code() -> str:
    """Changes whenever a file of the program or the stage does."""
    total = hashlib.sha256(sys.version.encode() + STAGE.read_bytes())
    for path in sorted(Path(levelground.__file__).parent.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            found = path.stat()
            total.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\0".encode())
    return total.hexdigest()[:24]


def copy_built(kept: Path, folder: Path) -> None:
    """The built site on SQLite, copied to ``folder``. The first worker that asks builds it, into ``kept`` for the next
    runs of the same code; the others wait and copy."""
    kept.mkdir(parents=True, exist_ok=True)
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        built = kept / digest_of_code()
        if not built.exists():
            for old in kept.iterdir():
                if old.is_dir():
                    shutil.rmtree(old)
            beside = kept / "building"
            build(beside, environment(beside, DATABASE_URL=f"sqlite:///{beside / 'levelground.sqlite3'}"))
            beside.rename(built)
        shutil.copytree(built, folder, dirs_exist_ok=True)


@contextlib.contextmanager
def own_postgres(url: str) -> Iterator[str]:
    """The address of a new empty database beside the one of ``url``; it is dropped in the end."""
    import psycopg

    parts = urllib.parse.urlsplit(url)
    name = f"levelground_journeys_{os.getpid()}"
    admin = urllib.parse.urlunsplit(parts._replace(path="/postgres"))

    def say(sql: str) -> None:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(sql)

    say(f'CREATE DATABASE "{name}"')
    try:
        yield urllib.parse.urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        say(f'DROP DATABASE "{name}" WITH (FORCE)')


class Site:
    """A server that can be stopped and started again on its port."""

    def __init__(self, var: Path, database: str):
        self.var, self.port = var, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = environment(var, DATABASE_URL=database, LEVELGROUND_BASE_URL=self.url)
        self.log = var / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    def _command(self) -> list[str]:
        if importlib.util.find_spec("levelground.config.management.commands.serve"):
            return [*COMMAND, "serve", "--port", str(self.port), "--workers", "1"]
        return [*COMMAND, "runserver", f"127.0.0.1:{self.port}", "--noreload"]

    def start(self) -> None:
        with self.log.open("ab") as log:
            # A session of its own, so that the end of it reaches the server's workers too.
            self.process = subprocess.Popen(
                self._command(), env=self.env, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
            )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise RuntimeError(f"The server ended by itself:\n{self.last_words()}")
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"The server was not ready after {PATIENCE} s:\n{self.last_words()}")

    def stop(self) -> None:
        if self.process is None:
            return
        for sign, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, sign)
            try:
                self.process.wait(patience)
                break
            except subprocess.TimeoutExpired:
                continue
        self.process = None

    def last_words(self) -> str:
        """The end of the server's log."""
        return self.log.read_text(errors="replace")[-4000:]

    def mails(self) -> list[str]:
        """What was sent, oldest first."""
        return [path.read_text() for path in sorted((self.var / "mail").glob("*"), key=lambda p: p.stat().st_mtime_ns)]


@contextlib.contextmanager
def running_site(folder: Path, kept: Path) -> Iterator[Site]:
    """The site in ``folder``, built and answering."""
    url = os.environ.get("DATABASE_URL", "")
    with contextlib.ExitStack() as stack:
        if url.startswith("postgres"):
            database = stack.enter_context(own_postgres(url))
            build(folder, environment(folder, DATABASE_URL=database))
        else:
            copy_built(kept, folder)
            database = f"sqlite:///{folder / 'levelground.sqlite3'}"
        site = Site(folder, database)
        stack.callback(site.stop)
        site.start()
        yield site
