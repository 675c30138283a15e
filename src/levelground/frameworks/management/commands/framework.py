"""``levelground framework validate|import|export|publish``: framework files from the command line.

Exit codes: 0 all is well, 1 the file or the version has problems (each is named), 2 the command was not understood.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from levelground.foundation.errors import DomainError
from levelground.frameworks import files, services
from levelground.frameworks.files.content import count_indicators, sentence_count
from levelground.frameworks.files.problems import Problem, Reading
from levelground.frameworks.models import Framework, FrameworkVersion
from levelground.frameworks.selectors import as_data
from levelground.frameworks.states import FROZEN
from levelground.organisations.models import Network

PROBLEMS, USAGE = 1, 2
_BAR = 28


class Bar:
    """A progress bar on the error stream, where a person watches."""

    def __init__(self, stream: Any, label: str):
        self.stream, self.label, self.shown = stream, label, False
        self.live = bool(getattr(stream, "isatty", lambda: False)())

    def __call__(self, done: int, total: int) -> None:
        if self.live and total:
            full = _BAR * min(done, total) // total
            self.shown = True
            line = f"\r{self.label} [{'#' * full}{'.' * (_BAR - full)}] {100 * min(done, total) // total} %"
            self.stream.write(line, ending="")
            self.stream.flush()

    def end(self) -> None:
        if self.shown:
            self.stream.write("\r" + " " * 72 + "\r", ending="")


class Command(BaseCommand):
    help = "Check, import, export or publish a framework file (YAML or XLSX)."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="validate|import|export|publish")

        def action(name: str, words: str) -> argparse.ArgumentParser:
            return actions.add_parser(name, help=words, description=words)

        check = action("validate", "Check a file. Nothing is written.")
        check.add_argument("file", metavar="FILE", help="A .yaml or .xlsx file, or - for the standard input.")
        self._common(check)

        take = action("import", "Make a draft version from a file.")
        take.add_argument("file", metavar="FILE", help="A .yaml or .xlsx file, or - for the standard input.")
        take.add_argument("--network", required=True, metavar="SLUG")
        take.add_argument(
            "--update-framework", action="store_true",
            help="Also take the framework's name, purpose, strategy and help contact from the file.",
        )  # fmt: skip
        take.add_argument("--label", default="", metavar="NAME", help="Name the version otherwise than the file does.")
        self._common(take)

        give = action("export", "Write a version to a file: the newest published one, or --number.")
        give.add_argument("file", metavar="FILE", help="The file to write, or - for the standard output.")
        self._version(give)
        self._common(give)

        out = action("publish", "Publish a draft: from then on it never changes.")
        self._version(out)
        out.add_argument("--json", action="store_true", help="Answer in JSON.")

    def _common(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--format", choices=sorted(files.FORMATS), help="When the name of the file does not say what it is."
        )
        parser.add_argument("--json", action="store_true", help="Answer in JSON.")

    def _version(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--network", required=True, metavar="SLUG")
        parser.add_argument("--framework", metavar="SLUG", help="May be left out when the network has only one.")
        parser.add_argument("--number", type=int, metavar="N", help="Which version, by its number.")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        self.json = bool(options.get("json"))
        getattr(self, f"do_{action}")(**options)

    # -- the actions

    def do_validate(self, *, file: str, format: str | None, **options: Any) -> None:
        reading = self._read(file, format)
        self._answer(
            {"ok": True, "indicators": count_indicators(reading.data or {}), "notes": _dicts(reading.warnings)},
            _("%(file)s is right: %(count)s.")
            % {"file": file, "count": sentence_count(count_indicators(reading.data or {}))},
            reading.warnings,
        )

    def do_import(
        self, *, file: str, format: str | None, network: str, label: str, update_framework: bool, **options: Any
    ) -> None:
        place = self._network(network)
        reading = self._read(file, format)
        bar = Bar(self.stderr, _("Writing"))
        version = services.import_version(
            network=place,
            data=reading.data or {},
            by=None,
            label=label[:60],
            update_framework=update_framework,
            progress=bar,
        )
        bar.end()
        slug = version.framework.slug
        self._answer(
            {"ok": True, "network": network, "framework": slug, "number": version.number, "label": version.label,
             "status": version.status, "indicators": version.indicator_count, "notes": _dicts(reading.warnings)},
            _("Draft %(number)d of %(framework)s is made: %(count)s. Publish it on its page, or with: %(command)s")
            % {
                "number": version.number, "framework": slug, "count": sentence_count(version.indicator_count),
                "command": f"levelground framework publish --network {network} --framework {slug} "
                f"--number {version.number}",
            },
            reading.warnings,
        )  # fmt: skip

    def do_export(self, *, file: str, format: str | None, **options: Any) -> None:
        kind = format or {".xlsx": "xlsx", ".yaml": "yaml", ".yml": "yaml"}.get(Path(file).suffix.lower(), "")
        if not kind:
            self._stop(
                USAGE, _("Say what to write: --format yaml or --format xlsx, or a file name ending in one of them.")
            )
        version = self._find(drafts=False, **options)
        raw = files.write(as_data(version), kind)
        if file == "-":
            getattr(self.stdout, "buffer", sys.stdout.buffer).write(raw)
            return
        try:
            Path(file).write_bytes(raw)
        except OSError as error:
            self._stop(USAGE, _("%(file)s cannot be written: %(reason)s") % {"file": file, "reason": error.strerror})
        self._answer(
            {
                "ok": True,
                "file": file,
                "framework": version.framework.slug,
                "number": version.number,
                "bytes": len(raw),
            },
            _("%(file)s holds version %(label)s of %(framework)s.")
            % {"file": file, "label": version.label, "framework": version.framework.slug},
        )

    def do_publish(self, **options: Any) -> None:
        version = self._find(drafts=True, **options)
        try:
            version = services.publish(version=version, by=None)
        except DomainError as error:
            self._problems([Problem(version.framework.slug, str(error), "")])
        self._answer(
            {"ok": True, "framework": version.framework.slug, "number": version.number, "sha256": version.sha256},
            _("Version %(label)s of %(framework)s is published.")
            % {"label": version.label, "framework": version.framework.slug},
        )

    # -- what they share

    def _read(self, file: str, format: str | None) -> Reading:
        if file == "-" and not format:
            self._stop(USAGE, _("Say what comes in: --format yaml or --format xlsx."))
        try:
            raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        except OSError as error:
            self._stop(USAGE, _("%(file)s cannot be read: %(reason)s") % {"file": file, "reason": error.strerror})
        bar = Bar(self.stderr, _("Reading"))
        reading = files.read(raw, f"file.{format}" if format else file, progress=bar)
        bar.end()
        if not reading.ok:
            self._problems(reading.problems)
        return reading

    def _network(self, slug: str) -> Network:
        network = Network.objects.filter(slug=slug).first()
        if network is None:
            known = ", ".join(Network.objects.order_by("slug").values_list("slug", flat=True)[:20])
            self._stop(
                USAGE, _("There is no network %(slug)s. Known: %(known)s") % {"slug": slug, "known": known or "–"}
            )
        return network

    def _find(
        self, *, network: str, framework: str | None, number: int | None, drafts: bool, **options: Any
    ) -> FrameworkVersion:
        found = Framework.objects.filter(network=self._network(network)).order_by("slug")
        one = found.filter(slug=framework).first() if framework else found.first()
        if one is None or (not framework and found.count() > 1):
            known = ", ".join(found.values_list("slug", flat=True)[:20])
            self._stop(USAGE, _("Choose one with --framework. Known: %(known)s") % {"known": known or "–"})
        versions = one.versions.select_related("framework__network")
        if number is not None:
            version = versions.filter(number=number).first()
        elif drafts:
            version = versions.exclude(status__in=FROZEN).order_by("-number").first()
        else:
            version = services.published(one) or versions.order_by("-number").first()
        if version is None:
            known = ", ".join(f"{item.number} ({item.get_status_display()})" for item in versions[:20])
            self._stop(USAGE, _("There is no such version. Known: %(known)s") % {"known": known or "–"})
        return version

    def _answer(self, data: dict[str, Any], sentence: str, notes: list[Problem] | None = None) -> None:
        if self.json:
            self.stdout.write(json.dumps(data, ensure_ascii=False))
            return
        for note in notes or []:
            self.stdout.write(f"{_('note')} – {note}")
        self.stdout.write(sentence)

    def _problems(self, problems: list[Problem]) -> NoReturn:
        if self.json:
            self.stdout.write(json.dumps({"ok": False, "problems": _dicts(problems)}, ensure_ascii=False))
        else:
            for problem in problems:
                self.stderr.write(str(problem))
        sys.exit(PROBLEMS)

    def _stop(self, code: int, sentence: str) -> NoReturn:
        if self.json:
            self.stdout.write(json.dumps({"ok": False, "error": sentence}, ensure_ascii=False))
        else:
            self.stderr.write(sentence)
        sys.exit(code)


def _dicts(problems: list[Problem]) -> list[dict[str, str]]:
    return [problem.as_dict() for problem in problems]
