"""The network's list of returns, and its totals."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from levelground.foundation.exports.files import attachment
from levelground.frameworks.models import Framework
from levelground.organisations.access import Access
from levelground.organisations.models import Network
from levelground.organisations.roles import Permission

from .. import return_files
from ..doors import open_framework, open_frameworks
from ..forms import ReturnsFilterForm
from ..models import ReturnQuarter
from ..names import quarter_name, year_name
from ..selectors import network as selectors
from .page import show

PAGE = 50


class Asked:
    """What the address of the list asks for: framework, year, quarter and the members that fit."""

    def __init__(self, request: HttpRequest, network: str):
        self.network: Network
        self.network, self.frameworks = open_frameworks(request, network, Permission.SEE_PROGRESS)
        self.framework: Framework | None = self._framework(request.GET.get("framework", ""))
        everything = selectors.quarters_of(self.framework) if self.framework else []
        self.years = {str(quarter.year): year_name(quarter) for quarter in reversed(everything)}
        newest = selectors.current_quarter(everything) or (everything[0] if everything else None)
        year = request.GET.get("year", "")
        if year not in self.years:
            year = str(newest.year) if newest else ""
        self.quarters = [quarter for quarter in everything if str(quarter.year) == year]
        self.quarter: ReturnQuarter | None = self._quarter(request.GET.get("quarter", ""), newest)
        given = request.GET.copy()
        given["year"], given["quarter"] = year, str(self.quarter.quarter) if self.quarter else ""
        given["framework"] = self.framework.slug if self.framework else ""
        self.form = ReturnsFilterForm(
            given,
            frameworks=[(one.slug, one.name.here()) for one in self.frameworks],
            years=list(self.years.items()),
        )
        self.form.is_valid()
        data: dict[str, Any] = self.form.cleaned_data
        self.search = selectors.Search(data.get("q", ""), data.get("state", ""), self.quarter)

    def _framework(self, slug: str) -> Framework | None:
        wanted = next((one for one in self.frameworks if one.slug == slug), None)
        return wanted or next((one for one in self.frameworks if one.return_quarters.exists()), None) or next(
            iter(self.frameworks), None
        )  # fmt: skip

    def _quarter(self, number: str, newest: ReturnQuarter | None) -> ReturnQuarter | None:
        wanted = next((one for one in self.quarters if str(one.quarter) == number), None)
        if wanted is None and newest in self.quarters:
            return newest
        return wanted or (self.quarters[-1] if self.quarters else None)


@login_required
@require_safe
def members(request: HttpRequest, network: str) -> HttpResponse:
    """Every present member with its four quarters: who has sent, who is late, who has something to tell."""
    asked = Asked(request, network)
    access = Access.of(request.user)
    context: dict[str, Any] = {
        "network": asked.network,
        "asked": asked,
        "filter": asked.form,
        "may_manage": access.can(Permission.MANAGE_CYCLES, asked.network),
        "may_open": access.can(Permission.SEE_SUBMITTED, asked.network),
        "here": "members",
    }
    if asked.framework is not None and asked.quarters:
        page = selectors.Members(asked.framework, asked.search, PAGE).get_page(request.GET.get("page"))
        context |= {
            "page": page,
            "rows": selectors.member_rows(asked.framework, asked.quarters, page),
            "titles": {quarter.pk: quarter_name(quarter) for quarter in asked.quarters},
            "summary": selectors.summary_of(asked.quarter) if asked.quarter else None,
        }
    return show(request, "network", context)


@login_required
@require_safe
def download(request: HttpRequest, network: str) -> HttpResponse:
    """The list as a spreadsheet, with the figures that were sent; narrowed as the page is."""
    asked = Asked(request, network)
    rows = (
        selectors.export_rows(
            asked.framework, asked.quarters, selectors.members_with_returns(asked.framework, asked.search)
        )
        if asked.framework and asked.quarters
        else iter(())
    )
    return attachment(*return_files.list_file(asked.network, asked.framework, asked.quarters, rows))


@login_required
@require_safe
def totals(request: HttpRequest, network: str, framework: str) -> HttpResponse:
    """What the whole network tells, quarter by quarter, from the kept totals."""
    place = open_framework(request, network, framework, Permission.SEE_PROGRESS)
    everything = selectors.quarters_of(place)
    years = {str(quarter.year): year_name(quarter) for quarter in reversed(everything)}
    newest = selectors.current_quarter(everything) or (everything[0] if everything else None)
    year = request.GET.get("year", "")
    if year not in years:
        year = str(newest.year) if newest else ""
    quarters = [quarter for quarter in everything if str(quarter.year) == year]
    context = {
        "network": place.network,
        "framework": place,
        "quarters": quarters,
        "years": years,
        "year": year,
        "totals": selectors.totals_by_quarter(place, quarters),
        "may_manage": Access.of(request.user).can(Permission.MANAGE_CYCLES, place.network),
        "here": "totals",
    }
    return show(request, "totals", context)
