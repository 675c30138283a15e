"""``levelground analyse IN OUT``: control charts of many series at once, from files to files.

Exit codes: 0 every series has an answer, 1 nothing was written, 2 the command was not understood, 3 some series could
not be charted and stand in the errors file.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

FAILED, INCOMPLETE = 1, 3
WIDTH = 30
WRONG = {
    "chart": "This chart is not offered for many series at once.",
    "rules": "These rules are not offered for many series at once.",
    "profile": "This profile is not offered for many series at once.",
    "multiply": "--multiply needs a number above 0.",
    "denominators_needed": "This chart needs denominators: name their column with --denominator.",
}


class Progress:
    """A bar that moves on a terminal; nothing where there is none."""

    def __init__(self, stream: Any) -> None:
        self.stream, self.begun, self.said = stream, time.monotonic(), 0.0
        self.moves = bool(getattr(stream, "isatty", lambda: False)())

    def __call__(self, share: float, series: int) -> None:
        now = time.monotonic()
        if not self.moves or (now - self.said < 0.1 and share < 1):
            return
        self.said, full = now, int(WIDTH * share)
        left = (now - self.begun) * (1 - share) / share if share else 0
        bar = "█" * full + "·" * (WIDTH - full)
        self.stream.write(f"\r  {bar} {series:,} series, {left:.0f} s left ", style_func=str, ending="")
        self.stream.flush()

    def end(self) -> None:
        if self.moves and self.said:
            self.stream.write("")


class Command(BaseCommand):
    help = "Analyse many series at once: Parquet, CSV or Arrow files in, Parquet files out."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "source", type=Path, metavar="IN", help="A Parquet, CSV or Arrow file, or a folder of them."
        )
        parser.add_argument("out", type=Path, metavar="OUT", help="The Parquet file to write: one row per series.")
        parser.add_argument("--key", required=True, help="The columns that name a series, with commas between.")
        parser.add_argument("--value", default="value", help="The column of values (value).")
        parser.add_argument("--date", help="The column of dates.")
        parser.add_argument("--denominator", help="The column of denominators.")
        parser.add_argument("--phase", help="The column of phase labels: a phase starts where a label is new.")
        parser.add_argument("--target-column", metavar="TARGET", help="A column of targets, one per series.")
        parser.add_argument("--direction-column", metavar="DIRECTION", help="A column of what is good, one per series.")
        parser.add_argument("--pack", action="store_true", help="Only convert: one row per series, to analyse faster.")
        parser.add_argument("--chart", help="run, i, p, u or c.")
        parser.add_argument("--rules", help="making_data_count (_6, _2019, _2019_6), anhoej, shewhart or none.")
        parser.add_argument("--profile", help="making_data_count: as NHS England's Excel tool.")
        parser.add_argument("--direction", choices=["increase", "decrease", "neutral"], help="What is good.")
        parser.add_argument("--target", type=float, help="The target of series without one of their own.")
        parser.add_argument("--multiply", type=float, default=1.0, help="Scale of values and limits, like 1000.")
        parser.add_argument("--no-screening", action="store_true", help="Keep freak moving ranges (I charts).")
        parser.add_argument("--points", type=Path, metavar="FILE", help="Also write one row per point.")
        parser.add_argument("--errors", type=Path, metavar="FILE", help="The errors file (OUT.errors.parquet).")
        parser.add_argument("--threads", type=int, help="How many (one per processor).")
        parser.add_argument("--overwrite", action="store_true", help="Take the place of files of those names.")
        parser.add_argument("--json", action="store_true", help="Answer in JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        # Loaded here: pyarrow is large, and nothing else of the program needs it.
        from levelground.config.batch.errors import BatchError
        from levelground.engines.spc import OptionError

        progress = Progress(self.stderr)
        begun = time.monotonic()
        try:
            summary = self._run(options, progress)
        except OptionError as error:
            raise CommandError(WRONG.get(error.code, f"The argument {error.code} does not fit.")) from error
        except BatchError as error:
            progress.end()
            if options["json"]:
                self.stdout.write(json.dumps({"ok": False, "error": str(error)}))
            else:
                self.stderr.write(str(error))
            sys.exit(FAILED)
        progress.end()
        self._tell(options, summary, time.monotonic() - begun)
        if summary.errors:
            sys.exit(INCOMPLETE)

    def _run(self, options: dict[str, Any], progress: Progress) -> Any:
        from levelground.config.batch.work import Outputs, analyse_files, pack_files
        from levelground.engines.networks.batch import make_plan
        from levelground.engines.networks.block import Columns

        columns = Columns(
            tuple(options["key"].split(",")), options["value"], options["date"], options["denominator"],
            options["phase"], options["target_column"], options["direction_column"],
        )  # fmt: skip
        source, out = options["source"], options["out"]
        if options["pack"]:
            return pack_files(source, out, columns, overwrite=options["overwrite"], report=progress)
        if not options["chart"]:
            raise CommandError("Say which chart: --chart run, i, p, u or c (or --pack only to convert).")
        plan = make_plan(
            options["chart"], profile=options["profile"], rules=options["rules"], direction=options["direction"],
            screen=False if options["no_screening"] else None, multiply=options["multiply"], target=options["target"],
            points=options["points"] is not None,
        )  # fmt: skip
        errors = options["errors"] or out.with_suffix(".errors.parquet")
        outputs = Outputs(out, errors, options["points"], options["overwrite"])
        return analyse_files(source, outputs, columns, plan, workers=options["threads"], report=progress)

    def _tell(self, options: dict[str, Any], summary: Any, seconds: float) -> None:
        left_out = sum(summary.errors.values())
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {"ok": not left_out, "series": summary.series, "points": summary.points, "errors": summary.errors}
                )
            )
            return
        self.stdout.write(f"{options['out']}: {summary.series:,} series in {seconds:.1f} s.")
        if options["points"]:
            self.stdout.write(f"{options['points']}: {summary.points:,} points.")
        for reason, number in sorted(summary.errors.items()):
            self.stdout.write(f"left out: {number:,} series, {reason}")
        if left_out:
            self.stdout.write(f"Their keys: {options['errors'] or options['out'].with_suffix('.errors.parquet')}")
