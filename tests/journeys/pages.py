"""Which pages there are for whom: found by following the links from each person's home, one page of each kind."""

from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from .visitor import Visitor

# Addresses that give a file or no page at all.
FILES = {
    "evidence_edition", "evidence_file", "framework_download", "healthz", "measure_download", "measure_picture",
    "measure_picture_png", "measure_points", "measure_table_download", "metrics", "mfa_download_recovery_codes",
    "network_cycle_download", "network_cycle_gaps_download", "network_measure_table_download",
    "network_returns_download", "plan_download", "readyz", "receipt_pdf", "return_download", "service_worker",
    "snapshot_document", "submission_file", "workbook_sheet_download",
}  # fmt: skip
# One page of each address is enough, but a draft and a published version show different things, and so do a year that
# is on and one that is over.
TWO = {
    "framework_compare", "framework_move", "framework_theme", "framework_version", "network_submission", "submission",
}  # fmt: skip
BEGINNINGS = ["/", "/places/", "/help/", "/offline/", "/notifications/", "/account/you/"]


def address_name(path: str) -> str:
    """The name of the address in the router, or nothing."""
    try:
        return resolve(path).url_name or ""
    except Resolver404:
        return ""


def all_names(patterns: list[URLPattern | URLResolver] | None = None) -> set[str]:
    """The names of all addresses of the site."""
    found = set()
    for one in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(one, URLResolver):
            found |= all_names(one.url_patterns)
        elif one.name:
            found.add(one.name)
    return found


def links(html: str, site: str) -> list[str]:
    """Paths of this site that the page leads to."""
    addresses = [a["href"] for a in BeautifulSoup(html, "html.parser").find_all("a", href=True)]
    local = [address.removeprefix(site) for address in addresses]
    return [urlsplit(address).path for address in local if address.startswith("/") and not address.startswith("//")]


def pages_for(visitor: Visitor, *more: str) -> dict[str, list[str]]:
    """Name of address → paths, for every kind of page that the visitor gets to by links or that ``more`` names."""
    found: dict[str, list[str]] = {}
    waiting, asked = [*BEGINNINGS, *more], set()
    while waiting:
        path = waiting.pop(0)
        name = address_name(path)
        if not name or name in FILES or path in asked or len(found.get(name, [])) >= (2 if name in TWO else 1):
            continue
        asked.add(path)
        response = visitor.context.request.get(path)
        assert response.status == 200, f"a link leads to {path}, which answers {response.status}"
        if "html" not in response.headers.get("content-type", ""):
            continue
        landed = urlsplit(response.url).path
        for one in {name, address_name(landed)}:
            found.setdefault(one, []).append(landed)
        waiting += links(response.text(), visitor.site.url)
    return found
