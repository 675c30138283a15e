"""``levelground spc FILE``: control charts of the series in a file, as words, numbers, pictures.

Exit codes: 0 all is well, 1 a series could not be charted (each is named, the others are), 2 the command, a column or
the file was not understood.
"""

import json
import re
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from levelground.charts.spc import (
    Spec,
    Subject,
    Words,
    Writing,
    make_spec,
    notices,
    poster,
    refusal,
    text_chart,
    words,
)
from levelground.config.series import FORMATS, Series, SeriesFileError, as_date, read, series_of
from levelground.config.series_report import as_json, write_csv
from levelground.engines.spc import CHARTS, PROFILES, RULE_SETS, Result, SpcError, analyse
from levelground.ui.charts import language_here

PROBLEMS, USAGE = 1, 2


def _place(text: str) -> Any:
    """A date, a number, or a word, as the x of a series may be."""
    date = as_date(text)
    if date is not None:
        return date
    try:
        return float(text)
    except ValueError:
        return text


def _target(text: str) -> tuple[Any, float]:
    """28, or 2024-04-01=28 for a target that holds from then on."""
    start, equals, number = text.rpartition("=")
    try:
        return (_place(start) if equals else None), float(number)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a number, nor DATE=NUMBER") from None


class Command(BaseCommand):
    help = "Draw control charts of the series in a CSV, Parquet or JSON Lines file, and say what they show."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--input", choices=sorted(set(FORMATS.values())), help="When the file's name does not say.")
        columns = parser.add_argument_group("columns")
        columns.add_argument("--date", metavar="COLUMN", help="Usual names are found: date, x, month, period …")
        columns.add_argument("--value", metavar="COLUMN", help="Usual names are found: value, y, count …")
        columns.add_argument("--denominator", metavar="COLUMN", help="Usual names are found: denominator, n.")
        columns.add_argument("--series", metavar="COLUMN", help="One chart for each value of this column.")
        columns.add_argument("--only", metavar="NAME", action="append", help="Only this series; may be repeated.")
        method = parser.add_argument_group("method")
        method.add_argument("--chart", choices=list(CHARTS), default="i")
        method.add_argument("--profile", choices=list(PROFILES))
        method.add_argument("--rules", choices=list(RULE_SETS))
        method.add_argument("--direction", choices=["increase", "decrease", "neutral"], help="What is good.")
        method.add_argument(
            "--target", metavar="NUMBER", type=_target, action="append",
            help="May be repeated as DATE=NUMBER when it changes.",
        )  # fmt: skip
        method.add_argument(
            "--phase", metavar="DATE", type=_place, action="append",
            help="New limits from the first point at or after it.",
        )  # fmt: skip
        method.add_argument("--freeze", metavar="POINTS", type=int, help="Limits from the first points only.")
        method.add_argument("--multiply", metavar="NUMBER", type=float, default=1.0, help="1000: rates per thousand.")
        method.add_argument("--no-screen", action="store_true", help="Keep freak moving ranges in the limits.")
        shown = parser.add_argument_group("answer")
        shown.add_argument("--title", default="")
        shown.add_argument("--unit", default="")
        shown.add_argument("--format", choices=["number", "percent", "share"], default="number")
        shown.add_argument("--lang", choices=["en", "cy"], default="en")
        shown.add_argument("--json", action="store_true", help="Everything as JSON on the standard output.")
        shown.add_argument("--svg", metavar="DIR", type=Path, help="One picture per series into this folder.")
        shown.add_argument("--csv", metavar="OUT", type=Path, help="One line per point into this file.")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("cy" if options["lang"] == "cy" else "en-gb"):
            try:
                self._run(options)
            except SeriesFileError as error:
                self._stop(str(error))
            except OSError as error:
                self._stop(_("%(file)s cannot be written: %(reason)s")
                           % {"file": error.filename, "reason": error.strerror})  # fmt: skip

    def _run(self, options: dict[str, Any]) -> None:
        done: list[tuple[Series, Result]] = []
        refused: list[dict[str, str]] = []
        for series in self._series(options):
            try:
                done.append((series, _analysed(series, options)))
            except SpcError as error:
                reason = refusal(error, language=language_here(), rows=series.rows)
                refused.append({"series": series.name, "reason": reason})
        answers = []
        names = _file_names([series.name or options["file"].stem for series, _result in done])
        for (series, result), name in zip(done, names, strict=True):
            spec, said = _drawn(series, result, options)
            picture = _write_svg(options["svg"], name, spec) if options["svg"] else None
            remarks = notices(result.notices, language=language_here())
            if options["json"]:
                answers.append(as_json(series.name, result, said, remarks))
            else:
                self._tell(spec, said, result, remarks, picture)
        if options["csv"]:
            write_csv(options["csv"], [(series.name, result) for series, result in done])
        if options["json"]:
            self.stdout.write(
                json.dumps({"ok": not refused, "series": answers, "refused": refused}, ensure_ascii=False)
            )
        else:
            for one in refused:
                self.stderr.write(": ".join(text for text in (one["series"], one["reason"]) if text))
        if refused:
            raise SystemExit(PROBLEMS)

    def _series(self, options: dict[str, Any]) -> list[Series]:
        named = {name: options[name] for name in ("date", "value", "denominator", "series")}
        found = series_of(read(options["file"], options["input"]), **named)
        if options["only"]:
            known = [series.name for series in found]
            for name in options["only"]:
                if name not in known:
                    listed = ", ".join(known[:20]) + ("…" if len(known) > 20 else "")
                    self._stop(_("There is no series “%(name)s”. There are: %(names)s.")
                               % {"name": name, "names": listed})  # fmt: skip
            found = [series for series in found if series.name in options["only"]]
        return found

    def _tell(self, spec: Spec, said: Words, result: Result, remarks: tuple[str, ...], picture: Path | None) -> None:
        lines = [spec.title, said.verdict]
        lines += [text for text in (said.change, said.target, said.sure, said.next_step) if text]
        lines += ["", text_chart(spec), ""]
        lines += [f"{end.name}: {end.number}" for end in spec.ends]
        lines += [_("Points: %(count)s") % {"count": int(result.verdict.numbers["points"])}, said.caption, *remarks]
        if picture:
            lines.append(_("Picture: %(file)s") % {"file": picture})
        self.stdout.write("\n".join(lines) + "\n")

    def _stop(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        raise SystemExit(USAGE)


def _analysed(series: Series, options: dict[str, Any]) -> Result:
    return analyse(
        series.values,
        chart=options["chart"],
        denominators=series.denominators,
        x=series.x,
        rebase=_phases(series, options["phase"]),
        freeze=options["freeze"],
        multiply=options["multiply"],
        target=_targets(options["target"]),
        profile=options["profile"],
        rules=options["rules"],
        direction=options["direction"],
        screen=False if options["no_screen"] else None,
    )


def _phases(series: Series, starts: list[Any] | None) -> list[Any] | None:
    """For each start the first x at or after it; a start after the last point stays, and the engine says so."""
    if not starts:
        return None
    if series.x is None:
        return starts
    found = []
    for start in starts:
        try:
            later = [x for x in series.x if x is not None and (x >= start if not isinstance(x, str) else x == start)]
        except TypeError:
            raise SeriesFileError(
                _("A phase starts at “%(start)s”, which is not of the kind that the dates are.") % {"start": start}
            ) from None
        found.append(min(later) if later else start)
    return found


def _targets(given: list[tuple[Any, float]] | None) -> float | list[tuple[Any, float]] | None:
    if not given:
        return None
    if len(given) == 1 and given[0][0] is None:
        return given[0][1]
    if any(start is None for start, _number in given):
        raise SeriesFileError(_("A target that changes needs a date each time: --target 2024-04-01=28."))
    return given


def _drawn(series: Series, result: Result, options: dict[str, Any]) -> tuple[Spec, Words]:
    writing = Writing(options["format"], options["unit"])
    title = " – ".join(text for text in (options["title"], series.name) if text) or options["file"].stem
    spec = make_spec(result, Subject(title, writing=writing), language=language_here())
    return spec, words(result, writing=writing, language=language_here())


def _file_names(names: list[str]) -> list[str]:
    """Names of files made of names of series: safe, short, each once."""
    found: list[str] = []
    for name in names:
        safe = re.sub(r"[^\w-]+", "-", name).strip("-")[:60] or "chart"
        number, one = 2, safe
        while one.lower() in {other.lower() for other in found}:
            one, number = f"{safe}-{number}", number + 1
        found.append(one)
    return found


def _write_svg(folder: Path, name: str, spec: Spec) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.svg"
    path.write_text(poster(spec), encoding="utf-8")
    return path
