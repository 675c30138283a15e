"""What is wrong in a file: where, what, and what to write there instead."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

MAX_PROBLEMS = 200

Text = str | Promise
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """``where`` is a line ("line 12") or a cell ("cell D7 on sheet Indicators"), or the name of the file."""

    where: str
    what: str
    write_instead: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.write_instead}".rstrip()

    def as_dict(self) -> dict[str, str]:
        return {"where": self.where, "what": self.what, "write": self.write_instead}


@dataclass(frozen=True)
class Reading:
    """What a file gave: checked ``data``, or ``None`` with ``problems``. ``warnings`` do not stand in the way."""

    data: dict[str, Any] | None = None
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return self.data is not None and not self.problems


class Refused(Exception):
    """The file cannot be read any further."""

    def __init__(self, where: str, what: Text, write_instead: Text):
        super().__init__(where)
        self.problem = Problem(where, str(what), str(write_instead))


class Enough(Exception):
    """So many problems that the rest would not help."""


class Notebook:
    """Collects problems and warnings; raises ``Enough`` when there are too many to be of use."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.more_warnings = 0

    def problem(self, where: str, what: Text, write_instead: Text) -> None:
        self.problems.append(Problem(where, str(what), str(write_instead)))
        if len(self.problems) >= MAX_PROBLEMS:
            self.problems.append(
                Problem(
                    _("after that"), _("There may be more; reading stopped here."), _("Mend these, then send it again.")
                )
            )
            raise Enough

    def warn(self, where: str, what: Text, write_instead: Text) -> None:
        if len(self.warnings) < MAX_PROBLEMS:
            self.warnings.append(Problem(where, str(what), str(write_instead)))
        else:
            self.more_warnings += 1

    def all_warnings(self) -> list[Problem]:
        """The warnings, with a last one for those that found no room."""
        if not self.more_warnings:
            return self.warnings
        more = _("There are %(num)s more notes like these.") % {"num": self.more_warnings}
        return [*self.warnings, Problem(_("after that"), more, _("Mend these, then look again."))]

    def refuse(self, problem: Problem) -> Reading:
        """The reading of a file that had to be put down."""
        known = [*self.problems] if problem in self.problems else [*self.problems, problem]
        return Reading(None, known, self.all_warnings())


def one_problem(where: str, what: Text, write_instead: Text) -> Reading:
    return Reading(None, [Problem(where, str(what), str(write_instead))])
