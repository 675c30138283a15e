"""Sets up Levelground on a machine that has Python 3.11, git and make, and then runs it. The Makefile calls it:

    python3 tools/setup.py                        set up only
    python3 tools/setup.py demo --port 8000       set up, then serve the demonstration
    python3 tools/setup.py run PROGRAM [ARG…]     set up, then run a program of the environment
    python3 tools/setup.py lock [--upgrade]       write the lock files anew

Standard library only. Each step leaves a stamp made from its inputs, so that the next run skips what is still right.
What goes wrong ends in one sentence that says what to do.
"""

import contextlib
import errno
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
TOOLS = ROOT / "var" / "tools"
LOCK = ROOT / "requirements.lock"
UV_LOCK = ROOT / "tools" / "uv.txt"
OLDEST = (3, 11)

NO_NETWORK = (
    "No package index answers. The first set-up needs the internet (or a mirror: set PIP_INDEX_URL); later starts do "
    "not. Connect this machine and run the same command again: it goes on where it stopped."
)
NETWORK_SIGNS = (
    "dns error", "name resolution", "error sending request", "failed to fetch", "network is unreachable", "timed out",
    "connection refused", "connection reset", "newconnectionerror", "getaddrinfo", "no matching distribution found",
)  # fmt: skip


class Stop(Exception):
    """Ends the set-up with a sentence for the person at the keyboard."""


def say(text):
    print(text, flush=True)


# Python ---------------------------------------------------------------------------------------------------------------


def use_a_new_enough_python():
    """Start again under Python 3.11 or newer when this one is older."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(15, OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        # A name on the path may be a version manager's stand-in for a Python that it does not have.
        if found and not subprocess.call([found, "-c", ""], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
            os.execv(found, [found, *sys.argv])
    raise Stop(
        f"Levelground needs Python 3.11 or newer; this is {sys.version.split()[0]}. Install it (Debian 12 and Ubuntu "
        "24.04: sudo apt install python3 python3-venv), or name it: make demo PYTHON=/path/to/python3.11"
    )


def environment():
    """The variables for the programs that we start: nothing of another active environment leaks in."""
    kept = {k: v for k, v in os.environ.items() if k not in {"VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONHOME", "PYTHONPATH"}}
    kept["PATH"] = f"{VENV / 'bin'}{os.pathsep}{kept.get('PATH', os.defpath)}"
    kept["UV_PYTHON_DOWNLOADS"] = "never"
    return kept


# Running and remembering ----------------------------------------------------------------------------------------------


def run(command, otherwise, **extra):
    """Run quietly; on failure show the end of what it said, and a sentence."""
    env = {**environment(), **extra}
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, env=env, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    said = done.stdout.decode("utf-8", "replace").strip()
    if not done.returncode:
        return said
    if "ensurepip" in said:
        raise Stop(
            "Python here cannot make virtual environments. On Debian or Ubuntu: sudo apt install "
            "python3-venv, then run the same command again."
        )
    if "No space left" in said:
        raise Stop("The disk is full. The set-up needs about 1 GB: make room and run the same command again.")
    if any(sign in said.lower() for sign in NETWORK_SIGNS):
        raise Stop(NO_NETWORK)
    print("\n".join(said.splitlines()[-15:]), file=sys.stderr)
    raise Stop(otherwise)


def digest(*parts):
    """One text for a set of files and words: it changes when one of them does."""
    total = hashlib.sha256()
    for part in parts:
        total.update((part.read_bytes() if isinstance(part, Path) else str(part).encode()) + b"\0")
    return total.hexdigest()


@contextlib.contextmanager
def step(title, stamp, wanted):
    """Announce a step and time it; the stamp is written only when it came to its end."""
    say(f"  {title}…")
    started = time.monotonic()
    stamp.unlink(missing_ok=True)
    yield
    stamp.write_text(wanted)
    say(f"    done in {time.monotonic() - started:.0f} s")


def fresh(stamp, wanted):
    return stamp.exists() and stamp.read_text() == wanted


@contextlib.contextmanager
def alone():
    """Two set-ups in one folder take turns."""
    import fcntl

    with (ROOT / "var" / ".setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("Another set-up is at work in this folder; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# The steps ------------------------------------------------------------------------------------------------------------


def must_be_writable(folder):
    """The database, the packages and the styles are written below this folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Stop(
            f"The folder {folder} cannot be written to ({error.strerror}). Make it writable, or copy Levelground to a "
            "folder that is yours; LEVELGROUND_VAR=/some/folder moves the data alone."
        ) from None


def pip_settings():
    """Where pip was told to look is where uv looks too, unless uv has settings of its own."""
    said = run([TOOLS / "bin" / "python", "-m", "pip", "config", "list"], "pip does not answer.")
    known = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
    known = {name.rpartition(".")[2]: value.strip("'") for name, value in known.items()}
    wanted = {"UV_DEFAULT_INDEX": known.get("index-url"), "SSL_CERT_FILE": known.get("cert")}
    if "UV_INDEX_URL" in os.environ:
        del wanted["UV_DEFAULT_INDEX"]
    return {name: value for name, value in wanted.items() if value and name not in os.environ}


def uv():
    """The pinned uv in ``var/tools``, fetched by pip with its hash checked."""
    program, stamp = TOOLS / "bin" / "uv", TOOLS / ".stamp"
    wanted = digest(UV_LOCK, sys.version, str(ROOT))
    if not (fresh(stamp, wanted) and program.exists()):
        TOOLS.mkdir(parents=True, exist_ok=True)
        with step("the installer (uv)", stamp, wanted):
            run([sys.executable, "-m", "venv", "--clear", TOOLS], "Python could not make a virtual environment.")
            pip = [TOOLS / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            patience = ["--retries", "1", "--timeout", "20"]
            run([*pip, *patience, "--require-hashes", "-r", UV_LOCK], "pip could not install uv.")
    return program


def install():
    """The packages of ``requirements.lock``, hashes checked, and the project itself as an editable install."""
    python = VENV / "bin" / "python"
    here = digest(str(ROOT), sys.version_info[:2])
    place, packages, project = VENV / ".stamp-place", VENV / ".stamp-packages", VENV / ".stamp-project"
    wanted_packages = digest(LOCK, here)
    wanted_project = digest(ROOT / "pyproject.toml", ROOT / "hatch_build.py", wanted_packages)
    if python.exists() and fresh(packages, wanted_packages) and fresh(project, wanted_project):
        return
    must_be_writable(ROOT)
    say("Setting up Levelground (the first time takes about a minute).")
    program = uv()
    settings = pip_settings()
    if not python.exists() or (place.exists() and place.read_text() != here):
        run([program, "venv", "--quiet", "--clear", "--python", sys.executable, VENV], "uv could not make .venv.")
    place.write_text(here)
    if not fresh(packages, wanted_packages):
        project.unlink(missing_ok=True)
        with step("the packages of requirements.lock", packages, wanted_packages):
            command = [program, "pip", "sync", "--python", python, "--require-hashes", LOCK]
            run(command, "The packages could not be installed.", **settings)
    with step("Levelground, its styles and its translations", project, wanted_project):
        command = [program, "pip", "install", "--python", python, "--no-deps", "--no-build-isolation", "-e", ROOT]
        run(command, "Levelground itself could not be installed.", **settings)


def build():
    """Styles, scripts and translations that are missing or older than their sources."""
    run([VENV / "bin" / "python", ROOT / "hatch_build.py"], "The styles or the translations could not be built.")


def lock(options):
    """Write the lock files anew; they name versions and hashes, never a host."""
    must_be_writable(ROOT / "var")
    program = uv()
    compile_ = [program, "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes"]
    compile_ += ["--no-header", "--no-annotate", "--quiet", *options]
    everything = ["pyproject.toml", "--group", "dev", "--extra", "s3", "-o", LOCK]
    for what in (everything, ["--group", "installer", "-o", UV_LOCK]):
        run([*compile_, *what], "The versions could not be settled.", **pip_settings())
    say("requirements.lock and tools/uv.txt are up to date.")


def set_up():
    must_be_writable(ROOT / "var")
    if os.environ.get("LEVELGROUND_VAR"):
        must_be_writable(Path(os.environ["LEVELGROUND_VAR"]).expanduser())
    with alone():
        install()
        build()


# What may be asked for ------------------------------------------------------------------------------------------------


def free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EACCES:
                raise Stop(f"Port {port} is kept for the system. Take one above 1023: make demo PORT=8001") from None
            return False
    return True


def the_port(text):
    """The number, when nothing else on this machine listens there."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise Stop(f"PORT={text} is not a port. Write a number from 1024 to 65535: make demo PORT=8001")
    port = int(text)
    if not free(port):
        other = next((p for p in [*range(8001, 8100), *range(port + 1, 65536)] if p != port and free(p)), 8001)
        raise Stop(f"Port {port} is in use by another program. Take another one: make demo PORT={other}")
    return port


def become(program, *arguments):
    path = VENV / "bin" / program
    if not path.exists():
        raise Stop(f"The environment has no program called {program}.")
    os.chdir(ROOT)
    os.execve(str(path), [str(path), *arguments], environment())


def main(arguments):
    use_a_new_enough_python()
    if arguments[:2] == ["demo", "--port"] and len(arguments) > 2:
        port = the_port(arguments[2])
        set_up()
        become("levelground", "demo", "--port", str(port), *arguments[3:])
    elif arguments[:1] == ["run"] and len(arguments) > 1:
        set_up()
        become(*arguments[1:])
    elif arguments[:1] == ["lock"]:
        lock(arguments[1:])
    elif not arguments:
        set_up()
    else:
        raise Stop(__doc__.strip())


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Stop as stop:
        sys.exit(f"\n{stop}" if sys.stderr.isatty() else str(stop))
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        sys.exit(f"{error.strerror}: {error.filename or ''}. Mend that and run the same command again.")
