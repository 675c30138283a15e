"""How a view gets the quarter, the return or the framework of its address: by scope, then by what one may do there."""

from dataclasses import dataclass

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from levelground.foundation import clock
from levelground.frameworks.models import Framework
from levelground.organisations.access import Access
from levelground.organisations.doors import open_network, open_organisation, remember, remember_framework
from levelground.organisations.models import Network, Organisation
from levelground.organisations.roles import Permission
from levelground.organisations.selectors import networks_of

from . import selectors
from .models import QuarterlyReturn, ReturnFigure, ReturnQuarter
from .selectors import CalendarRow
from .selectors.calendar import is_member_for
from .states import ReturnStatus


@dataclass(frozen=True)
class Desk:
    """A member's quarter, with the return as far as there is one, and what the person may do with it."""

    organisation: Organisation
    quarter: ReturnQuarter
    row: QuarterlyReturn | None
    may_write: bool
    may_send: bool
    expected: bool

    @property
    def calendar(self) -> CalendarRow:
        return CalendarRow(self.quarter, self.row, clock.today(), self.expected)

    @property
    def checkable(self) -> bool:
        """Something is written that can be sent today."""
        begun = self.row is not None and self.row.status in (ReturnStatus.DRAFT, ReturnStatus.CORRECTING)
        return begun and self.calendar.writable

    @property
    def address(self) -> list[str | int]:
        """The parts of the address of this quarter's pages."""
        return [self.organisation.slug, self.quarter.framework.slug, self.quarter.year, self.quarter.quarter]


def open_desk(
    request: HttpRequest, organisation: str, framework: str, year: int, quarter: int, *,
    permission: Permission = Permission.SEE_WORKBOOK,
) -> Desk:  # fmt: skip
    """404 to a stranger and for a quarter that is none of the member's; 403 to a colleague without ``permission``."""
    place = open_organisation(request, organisation, Permission.SEE_WORKBOOK)
    quarters = ReturnQuarter.objects.all().visible_to(request.user).select_related("framework__network")
    theirs = Q(framework__network__in=networks_of(place)) | Q(returns__organisation=place)
    found = quarters.filter(theirs, framework__slug=framework, year=year, quarter=quarter).first()
    if found is None:
        raise Http404
    access = Access.of(request.user)
    access.require(permission, place)
    remember_framework(request, found.framework)
    return Desk(
        place,
        found,
        selectors.row_of(place, found),
        may_write=access.can(Permission.ANSWER_WORKBOOK, place),
        may_send=access.can(Permission.SUBMIT_SNAPSHOT, place),
        expected=is_member_for(place, found),
    )


def open_sent(request: HttpRequest, number: str) -> tuple[QuarterlyReturn, bool]:
    """A return that was sent, for the member and for its network; and whether it is one's own."""
    found = get_object_or_404(
        QuarterlyReturn.objects.all()
        .visible_to(request.user)
        .filter(edition__gte=1)
        .select_related("quarter__framework__network", "organisation", "sent_by"),
        public_id=number,
    )
    own = Access.of(request.user).can(Permission.SEE_WORKBOOK, found.organisation)
    remember(request, found.organisation if own else found.quarter.framework.network)
    remember_framework(request, found.quarter.framework)
    return found, own


def open_frameworks(request: HttpRequest, network: str, permission: Permission) -> tuple[Network, list[Framework]]:
    """The network with its frameworks; 404 to a stranger, 403 without ``permission``."""
    place = open_network(request, network, permission)
    return place, list(Framework.objects.all().visible_to(request.user).filter(network=place).order_by("pk"))


def open_framework(request: HttpRequest, network: str, framework: str, permission: Permission) -> Framework:
    place, frameworks = open_frameworks(request, network, permission)
    found = next((one for one in frameworks if one.slug == framework), None)
    if found is None:
        raise Http404
    found.network = place
    remember_framework(request, found)
    return found


def open_quarter(request: HttpRequest, network: str, framework: str, year: int, quarter: int) -> ReturnQuarter:
    """A quarter whose dates the person may change."""
    place = open_framework(request, network, framework, Permission.MANAGE_CYCLES)
    quarters = ReturnQuarter.objects.all().visible_to(request.user)
    found = get_object_or_404(quarters, framework=place, year=year, quarter=quarter)
    found.framework = place
    return found


def open_figure(request: HttpRequest, network: str, framework: str, code: str) -> ReturnFigure:
    place = open_framework(request, network, framework, Permission.MANAGE_CYCLES)
    figures = ReturnFigure.objects.all().visible_to(request.user).select_related("from_quarter", "until_quarter")
    found = get_object_or_404(figures, framework=place, code=code)
    found.framework = place
    return found
