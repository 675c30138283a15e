"""The addresses that a year's part of a member's home leads to."""

from levelground.cycles.models import Submission
from levelground.returns.selectors import CalendarRow

from ..addresses import link
from ..selectors.member import Year


class Places:
    """Addresses of one year's pages; empty where there is no submission."""

    def __init__(self, year: Year, row: Submission | None = None) -> None:
        self.here, self.framework = year.person.organisation.slug, year.framework.slug
        self.row = row or year.submission

    def book(self, name: str, *args: str, **query: str) -> str:
        return link(name, self.here, self.framework, *args, **query)

    def year(self, name: str = "submission", *args: str) -> str:
        return link(name, self.here, self.framework, self.row.cycle.year, *args) if self.row else ""

    def part(self, name: str) -> str:
        """A part of the readiness page."""
        return f"{self.year()}#{name}"

    def mine(self, due: str = "") -> str:
        return link("organisation_actions", self.here, due=due)

    def quarter(self, row: CalendarRow) -> str:
        return link("return_form", self.here, self.framework, row.quarter.year, row.quarter.quarter)
