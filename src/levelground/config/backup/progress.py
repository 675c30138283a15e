"""A progress bar on the error stream, where a person watches."""

import time
from typing import Any

_WIDTH, _EVERY = 28, 0.1


class Progress:
    def __init__(self, stream: Any, *, wanted: bool = True) -> None:
        self.stream = stream
        self.live = wanted and bool(getattr(stream, "isatty", lambda: False)())
        self._label, self._total, self._done, self._next = "", 0, 0, 0.0

    def begin(self, label: str, total: int) -> None:
        """A new stage, of ``total`` steps."""
        self._label, self._total, self._done = label, total, 0
        self._show()

    def step(self, steps: int = 1) -> None:
        self._done += steps
        # Asking for the time at every row would cost more than writing the row.
        if self.live and self._done % 500 < steps and time.monotonic() >= self._next:
            self._show()

    def _show(self) -> None:
        if not self.live:
            return
        share = min(self._done / self._total, 1.0) if self._total else 0.0
        full = round(_WIDTH * share)
        line = f"\r{self._label:<22} [{'#' * full}{'.' * (_WIDTH - full)}] {100 * share:3.0f} %"
        self._write(line)
        self.stream.flush()
        self._next = time.monotonic() + _EVERY

    def end(self) -> None:
        if self.live:
            self._write("\r" + " " * 72 + "\r")

    def _write(self, text: str) -> None:
        self.stream.write(text, style_func=str, ending="")  # not in the red of errors
