"""``levelground workbook export|import``: one member's workbook as a spreadsheet."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from levelground.accounts.models import User
from levelground.assessments.models import Workbook
from levelground.assessments.sheets.difference import Difference, Kind
from levelground.assessments.sheets.importing import Written, apply, difference_of
from levelground.assessments.sheets.writing import workbook_file
from levelground.foundation.errors import DomainError
from levelground.organisations.access import Access
from levelground.organisations.roles import Permission

LEFT = 3


class Command(BaseCommand):
    help = (
        "Export a member's workbook as an .xlsx file, or bring such a file back. "
        f"Exit codes: 0 all done; 1 refused, nothing written; {LEFT} written, but some rows were left out or kept."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb, what in (("export", "write the workbook to FILE"), ("import", "read FILE into the workbook")):
            sub = verbs.add_parser(verb, help=what)
            sub.add_argument("file", metavar="FILE", type=Path)
            sub.add_argument("--organisation", required=True, metavar="SLUG", help="as in the page's address")
            sub.add_argument("--framework", required=True, metavar="SLUG", help="as in the page's address")
            sub.add_argument("--json", action="store_true", help="answer as JSON")
            if verb == "export":
                codes = [code for code, _name in settings.LANGUAGES]
                sub.add_argument("--language", choices=codes, default=settings.LANGUAGE_CODE)
                sub.add_argument("--force", action="store_true", help="write over FILE when it exists")
            else:
                sub.add_argument("--by", required=True, metavar="EMAIL", help="whose import it is")
                sub.add_argument("--dry-run", action="store_true", help="show the difference, write nothing")
                sub.add_argument(
                    "--take-sheet",
                    action="store_true",
                    help="where both sides changed an answer, take the spreadsheet's",
                )

    def handle(self, *args: Any, **options: Any) -> None:
        workbook = self._workbook(options["organisation"], options["framework"])
        try:
            if options["verb"] == "export":
                self._export(workbook, options)
            else:
                self._import(workbook, options)
        except DomainError as error:
            raise CommandError(str(error)) from error

    def _workbook(self, organisation: str, framework: str) -> Workbook:
        found = Workbook.objects.select_related("organisation", "framework", "version").filter(
            organisation__slug=organisation, framework__slug=framework
        )
        if len(found) != 1:
            raise CommandError(
                f"“{organisation}” has no workbook for “{framework}”. Both names are in the page's address."
            )
        return found[0]

    def _export(self, workbook: Workbook, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        if path.exists() and not options["force"]:
            raise CommandError(f"{path} exists. Choose another name, or add --force.")
        with translation.override(options["language"]):
            data, _name = workbook_file(workbook)
        try:
            path.write_bytes(data)
        except OSError as error:
            raise CommandError(f"Cannot write {path}: {error.strerror}.") from error
        self._tell(options, {"file": str(path), "bytes": len(data)}, f"{path} ({len(data)} bytes)")

    def _import(self, workbook: Workbook, options: dict[str, Any]) -> None:
        by = User.objects.filter(email=options["by"].lower(), is_active=True).first()
        if by is None or not Access.of(by).can(Permission.IMPORT_WORKBOOK, workbook.organisation):
            raise CommandError(f"{options['by']} may not import this workbook. Name one of its quality leads.")
        try:
            data = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"Cannot read {options['file']}: {error.strerror}.") from error
        found = difference_of(workbook, data)
        conflicts = {change.code for change in found.of(Kind.CONFLICT)}
        written = Written(0, 0, len(conflicts))
        if not options["dry_run"]:
            take = conflicts if options["take_sheet"] else set()
            written = apply(workbook=workbook, difference=found, by=by, take=take)
        self._tell(options, _as_data(found, written, dry=options["dry_run"]), "\n".join(_lines(found, written)))
        if found.refused or (written.kept and not options["dry_run"]):
            raise SystemExit(LEFT)

    def _tell(self, options: dict[str, Any], data: dict[str, Any], words: str) -> None:
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) if options["json"] else words)


def _as_data(found: Difference, written: Written, *, dry: bool) -> dict[str, Any]:
    return {
        "changes": [
            {"code": c.code, "kind": str(c.kind), "answer": c.value, "reason": c.reason} for c in found.changes
        ],
        "actions": [
            {
                "code": a.code,
                "title": a.title,
                "due": a.due.isoformat() if a.due else None,
                "owner": a.owner_name or None,
            }
            for a in found.actions
        ],
        "refused": [{"row": r.row, "code": r.code, "what": r.what, "write": r.write} for r in found.refused],
        "same": found.same,
        "dry_run": dry,
        "written": {"answers": written.answers, "actions": written.actions, "kept": written.kept},
    }


def _lines(found: Difference, written: Written) -> list[str]:
    lines = [f"{c.code}: {c.kind}: {c.value or 'not answered'}" for c in found.changes]
    lines += [f"{a.code}: new action: {a.title}" for a in found.actions]
    lines += [f"row {r.row} ({r.code or 'no code'}) left out: {r.what} {r.write}" for r in found.refused]
    lines.append(
        f"{written.answers} answers and {written.actions} actions written; {written.kept} conflicts kept the "
        f"workbook's answer; {found.same} rows the same; {len(found.refused)} left out."
    )
    return lines
