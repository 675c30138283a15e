"""Every check that is not a test, one after another: style, types, layers, Welsh, migrations. Tells each that fails."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
BIN = Path(PYTHON).parent
CHECKS = {
    "style (make format mends most of it)": [BIN / "ruff", "check", "."],
    "layout (make format mends it)": [BIN / "ruff", "format", "--check", "."],
    "types": [BIN / "mypy"],
    "layers": [BIN / "lint-imports"],
    "Welsh (make messages, then fill the empty texts)": [PYTHON, "tools/messages.py", "--check"],
    "migrations (levelground makemigrations)": [
        PYTHON,
        "-m",
        "levelground.config.command",
        "makemigrations",
        "--check",
        "--dry-run",
    ],
}


def main() -> int:
    wrong = []
    for name, command in CHECKS.items():
        started = time.monotonic()
        done = subprocess.run(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            env={**os.environ, "FORCE_COLOR": "", "NO_COLOR": "1"},
        )  # fmt: skip
        print(
            f"{'not right' if done.returncode else 'right':9}  {name}  {time.monotonic() - started:.1f} s", flush=True
        )
        if done.returncode:
            print(done.stdout, flush=True)
            wrong.append(name)
    if wrong:
        print(f"To mend: {', '.join(wrong)}.", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
