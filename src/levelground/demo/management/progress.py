"""How far a build is: a line that moves on a terminal, a few lines where there is none."""

import time
from typing import Any

WIDTH = 30


class Progress:
    """Called with how many members are done."""

    def __init__(self, total: int, stream: Any) -> None:
        self.total, self.stream = total, stream
        self.moves = bool(getattr(stream, "isatty", lambda: False)())
        self.begun, self.said = time.monotonic(), 0

    def __call__(self, done: int) -> None:
        if self.moves:
            full = WIDTH * done // self.total
            left = (time.monotonic() - self.begun) / done * (self.total - done)
            self.stream.write(
                f"\r  {'█' * full}{'·' * (WIDTH - full)} {done:,} of {self.total:,} members, {left:.0f} s left "
            )
            if done >= self.total:
                self.stream.write("\n")
        elif self.total > 1000 and done * 10 // self.total > self.said:
            self.said = done * 10 // self.total
            self.stream.write(f"  {done:,} of {self.total:,} members\n")
        self.stream.flush()
