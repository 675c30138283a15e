"""How a view gets the workbook of its address: by scope, with what the person may do there."""

from django.http import Http404, HttpRequest

from levelground.frameworks.selectors import tree
from levelground.organisations.access import Access
from levelground.organisations.doors import open_organisation, remember, remember_framework
from levelground.organisations.roles import Permission

from .models import Workbook
from .selectors import Row, rows, workbook_at


def open_workbook(
    request: HttpRequest, organisation: str, framework: str, permission: Permission = Permission.SEE_WORKBOOK
) -> Workbook:
    """The workbook; 404 to a stranger, 403 to a colleague without ``permission``."""
    found = workbook_at(organisation, framework)
    # What visible_to() would let through, asked of the roles at hand.
    if found is None or not Access.of(request.user).reaches(Permission.SEE_WORKBOOK, found.organisation_id):
        # Either a stranger (404), a colleague who may not see workbooks (403), or no such workbook (404).
        open_organisation(request, organisation, Permission.SEE_WORKBOOK)
        raise Http404
    remember(request, found.organisation)
    # The footer of the scheme's pages names the scheme's own contact (MQM-10).
    remember_framework(request, found.framework)
    Access.of(request.user).require(permission, found.organisation)
    return found


def open_row(workbook: Workbook, code: str) -> Row:
    """One indicator's row by its code, or 404."""
    found = tree(workbook.version).indicator(code)
    if found is None:
        raise Http404
    return rows(workbook, only=found)[0]


def may(request: HttpRequest, workbook: Workbook, permission: Permission) -> bool:
    return Access.of(request.user).can(permission, workbook.organisation)
