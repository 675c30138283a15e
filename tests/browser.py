"""Where Chromium is. Without one, the browser journeys are left out, and the run says so."""

import os
import shutil
from pathlib import Path

import pytest

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if CHROMIUM:
        return
    journeys = [item for item in items if item.get_closest_marker("browser")]
    if journeys:
        config.hook.pytest_deselected(items=journeys)
        items[:] = [item for item in items if item not in journeys]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    # For .ci/run, which gives what failed a second run: one name a line, as pytest reads them from an @file.
    if kept := os.environ.get("FAILED_JOURNEYS"):
        reports = [report for kind in ("failed", "error") for report in terminalreporter.stats.get(kind, [])]
        Path(kept).write_text("".join(f"{name}\n" for name in sorted({report.nodeid for report in reports})))
    if not CHROMIUM:
        terminalreporter.write_line(
            "The browser journeys were left out: there is no Chromium (sudo apt install chromium)."
        )
