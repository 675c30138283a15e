"""How long a large framework takes: ``python benchmarks/frameworks.py [--indicators 5000]``.

The yardstick is PyYAML's own ``yaml.load`` (with the C parser, and without it) of the same file in the same run, so
that the ratios mean the same on a slow machine and on a fast one. Processor time is shown beside the clock's. Needs no
set-up: the database is in memory.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))


class Seconds(float):
    """By the clock; ``cpu`` by the processor."""

    cpu: float

    def __add__(self, other: float) -> "Seconds":
        total = Seconds(float(self) + float(other))
        total.cpu = self.cpu + getattr(other, "cpu", 0.0)
        return total


def timed(act: Callable[[], Any]) -> tuple[Seconds, Any]:
    began, worked = time.perf_counter(), time.process_time()
    result = act()
    seconds = Seconds(time.perf_counter() - began)
    seconds.cpu = time.process_time() - worked
    return seconds, result


def large(indicators: int) -> dict[str, Any]:
    """The demonstration mark over and over, each time with other codes."""
    from levelground.frameworks.files import read_yaml
    from levelground.frameworks.files.content import nodes

    seed = Path(__file__).resolve().parents[1] / "src/levelground/demo/seed/quality-mark.yaml"
    raw = seed.read_bytes()
    whole = dict(read_yaml(raw, seed.name).data or {})
    areas: list[Any] = []
    count, turn = 0, 0
    while count < indicators:
        copy = read_yaml(raw, seed.name).data or {}
        for level, _path, node in nodes(copy):
            node["code"] = f"{node['code']}-{turn}"
            if level == "indicators":
                node["text"]["en"] += f" ({turn})"
                count += 1
        areas += copy["areas"]
        turn += 1
    return {**whole, "areas": areas}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--indicators", type=int, default=5000)
    wanted = parser.parse_args().indicators
    os.environ.update(
        DJANGO_SETTINGS_MODULE="levelground.config.settings", LEVELGROUND_VAR=tempfile.mkdtemp(),
        LEVELGROUND_DEMO="yes", DATABASE_URL="sqlite://:memory:",
    )  # fmt: skip
    import django

    django.setup()
    import yaml
    from django.core.management import call_command

    from levelground.foundation.bilingual import Bilingual
    from levelground.frameworks import services
    from levelground.frameworks.files import read_xlsx, read_yaml, write_xlsx, write_yaml
    from levelground.frameworks.files.content import count_indicators
    from levelground.frameworks.selectors import as_data
    from levelground.organisations.models import Network

    call_command("migrate", verbosity=0)
    network = Network.objects.create(slug="large", name=Bilingual("Large", "Mawr"))
    data = large(wanted)
    raw, book = write_yaml(data), write_xlsx(data)
    yardstick, _data = timed(lambda: yaml.load(raw, Loader=yaml.CSafeLoader))
    rows = [
        ("yaml.load, C parser (the yardstick)", yardstick),
        ("yaml.load, Python parser", timed(lambda: yaml.safe_load(raw))[0]),
    ]
    seconds, reading = timed(lambda: read_yaml(raw, "large.yaml"))
    rows.append(("read and check YAML", seconds))
    seconds, sheet = timed(lambda: read_xlsx(book, "large.xlsx"))
    rows.append(("read and check XLSX", seconds))
    assert reading.data == sheet.data == data, "a file did not come back as it was"
    seconds, version = timed(lambda: services.import_version(network=network, data=reading.data, by=None))
    rows.append(("write the draft", seconds))
    rows.append(("whole import of YAML", rows[2][1] + seconds))
    rows.append(("whole import of XLSX", rows[3][1] + seconds))
    rows.append(("publish", timed(lambda: services.publish(version=version, by=None))[0]))
    rows.append(("export YAML", timed(lambda: write_yaml(as_data(version)))[0]))
    rows.append(("export XLSX", timed(lambda: write_xlsx(as_data(version)))[0]))
    print(f"{count_indicators(data)} indicators; YAML {len(raw) / 1e6:.1f} MB, XLSX {len(book) / 1e6:.1f} MB")
    print(f"{'':38} {'clock':>9} {'processor':>11} {'x yardstick (processor)':>26}")
    for name, seconds in rows:
        print(f"{name:38} {seconds:7.2f} s {seconds.cpu:9.2f} s {seconds.cpu / yardstick.cpu:24.2f} x")


if __name__ == "__main__":
    main()
