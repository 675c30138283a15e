"""A closed loop: each user asks, waits for the answer, and asks again, over one kept connection. Only loopback."""

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

HOST = "127.0.0.1"


@dataclass
class Request:
    """One request, ready to be sent."""

    path: str
    headers: dict[str, str]
    form: dict[str, object] | None = None

    def send(self, connection: http.client.HTTPConnection) -> tuple[int, int]:
        """Gives the status and the number of bytes of the body."""
        if self.form is None:
            connection.request("GET", self.path, headers=self.headers)
        else:
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", self.path, urlencode(self.form).encode(), self.headers | kind)
        response = connection.getresponse()
        return response.status, len(response.read())


@dataclass
class Result:
    """What a loop saw: seconds of each request, and how long the whole took."""

    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    size: int = 0
    refused: list[str] = field(default_factory=list)

    def add(self, other: "Result") -> None:
        self.seconds += other.seconds
        self.elapsed += other.elapsed
        self.size = other.size or self.size
        self.refused += other.refused

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.elapsed if self.elapsed else 0.0

    def percentile(self, share: float) -> float:
        """Milliseconds below which ``share`` of the requests stayed (nearest rank)."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def loop(port: int, users: list[Callable[[], Request]], *, seconds: float, most: int) -> Result:
    """All users at once for ``seconds``, and at most ``most`` requests each."""
    result, gate = Result(), threading.Barrier(len(users) + 1)
    lock = threading.Lock()

    def one(next_request: Callable[[], Request]) -> None:
        connection = http.client.HTTPConnection(HOST, port, timeout=30)
        connection.connect()
        times: list[float] = []
        refused, size = [], 0
        gate.wait()
        end = time.perf_counter() + seconds
        while len(times) < most and time.perf_counter() < end:
            request = next_request()
            started = time.perf_counter()
            status, size = request.send(connection)
            times.append(time.perf_counter() - started)
            if status != 200:
                refused.append(f"{request.path} answers {status}")
        connection.close()
        with lock:
            result.seconds += times
            result.refused += refused
            result.size = size

    threads = [threading.Thread(target=one, args=[user], daemon=True) for user in users]
    for thread in threads:
        thread.start()
    gate.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join(seconds + 60)
    result.elapsed = time.perf_counter() - started
    return result
