"""Every address × every role × own place, sister place, another network's place; and nobody signed in."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from .table import LEAD, NAMELESS, OFFICER, PREFIXES, ROWS, Row
from .world import ANONYMOUS, OTHER, OWN, SISTER, WITHOUT_ROLE, World, alike, outcome

pytestmark = pytest.mark.django_db  # pytest-django makes only the databases that marked tests ask for
PLACES = {"organisation": (OWN, SISTER, OTHER), "elsewhere": (OWN, SISTER, OTHER), "network": (OWN, OTHER)}
SCOPED = [row for row in ROWS if row.kind in PLACES]
NUMBERED = [row for row in SCOPED if row.has_numbers and row.kind != "elsewhere"]
BY_NAME = {row.name: row for row in ROWS}


def every_url(resolver: Any = None, prefix: str = "", namespace: str = "") -> Iterator[tuple[str, str]]:
    """(name, route) of every pattern that the router knows."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from every_url(pattern, route, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or ''}", route


def prefix_of(name: str) -> str | None:
    return max((prefix for prefix in PREFIXES if name.startswith(prefix)), key=len, default=None)


def belongs(who: str, row: Row, place: str) -> bool:
    """Whether a role counts in a place at all. People without a role here belong nowhere."""
    if who in WITHOUT_ROLE:
        return False
    if row.kind == "network":
        return place == OWN
    return place == OWN or (place == SISTER and who.endswith("@network"))


def expected(who: str, row: Row, method: str, place: str) -> str:
    if who == ANONYMOUS:
        return "sign in"
    if not belongs(who, row, place):
        return "hidden"
    if who in row.allowed(method):
        return "through"
    return "forbidden" if who in row.visitors else "hidden"


def fits(found: str, wanted: str, row: Row, method: str) -> bool:
    """A method that an address does not take may be refused before anything else."""
    return found == wanted or (found == "no such method" and (wanted != "through" or not row.takes(method)))


def who_asks(row: Row, method: str, place: str) -> list[str]:
    """At home, one of each group of roles that carry the same permissions, in turn from row to row; strangers; nobody.

    Roles differ by their permissions only: ``tests/architecture`` sees to it that no page asks for a role by its name.
    Where all are strangers, or a method is not there at all, some of them will do: again others from row to row.
    """
    turn = ROWS.index(row)
    holders = [group[turn % len(group)] for group in alike()]
    stranger = WITHOUT_ROLE[turn % len(WITHOUT_ROLE)]
    if place == SISTER:  # only the roles of a network count here
        return [LEAD, *(who for who in holders if who.endswith("@network"))]
    if place == OTHER or (row.kind in PLACES and not row.takes(method)):
        return [ANONYMOUS, LEAD, OFFICER, holders[turn % len(holders)], stranger]
    return [ANONYMOUS, *holders, *WITHOUT_ROLE]


def wrong(world: World, row: Row, method: str, place: str) -> list[str]:
    home = world.homes[place]
    url, data = reverse(row.name, kwargs=row.kwargs(home)), row.sent(home)
    mistakes = []
    for who in who_asks(row, method, place):
        wanted, found = expected(who, row, method, place), outcome(world.ask(who, method, url, data))
        if not fits(found, wanted, row, method):
            mistakes.append(f"{who}: {method.upper()} {url} should be “{wanted}”, and is “{found}”")
    return mistakes


def test_every_url_has_a_row() -> None:
    for name, route in every_url():
        if not name:
            assert route in NAMELESS, f"Give the pattern {route} a name, and a row in tests/access/table.py."
            continue
        assert name in BY_NAME or prefix_of(name), (
            f"The URL “{name}” ({route}) has no row in the access table. Add one to tests/access/table.py: "
            "the head of that file says how."
        )


def test_every_row_is_a_url_and_stands_once() -> None:
    there = {name for name, _route in every_url()}
    assert [row.name for row in ROWS if row.name not in there] == [], "These rows have no URL any more: take them out."
    assert [name for name, count in Counter(row.name for row in ROWS).items() if count > 1] == []


def cases() -> Iterator[Any]:
    """At home both methods are tried, also one that the row does not name; away from home those that it names."""
    for row in SCOPED:
        for place in PLACES[row.kind]:
            for method in ("get", "post"):
                if place == OWN or row.takes(method):
                    yield pytest.param(row, method, place, id=f"{row.name}-{method}-{place}")


@pytest.mark.parametrize(("row", "method", "place"), list(cases()))
def test_role_by_role(knock: World, row: Row, method: str, place: str) -> None:
    """Each of these asks as many people: see ``who_asks``."""
    mistakes = wrong(knock, row, method, place)
    assert not mistakes, "\n".join(mistakes)


@pytest.mark.parametrize("strange", [SISTER, OTHER])
@pytest.mark.parametrize("row", NUMBERED, ids=lambda row: row.name)
def test_a_number_from_elsewhere_opens_nothing_here(knock: World, row: Row, strange: str) -> None:
    """One's own place in the address, with the number of another member's row in it."""
    if row.kind == "network" and strange == SISTER:
        return  # the same network
    here, there = knock.homes[OWN], knock.homes[strange]
    kwargs = row.kwargs(here, numbers_of=there)
    if kwargs == row.kwargs(here):
        return  # what differs between networks only, such as a framework, is the same at a sister's
    url = reverse(row.name, kwargs=kwargs)
    for method in ("get", "post"):
        for who in sorted(row.allowed(method)):
            found = outcome(knock.ask(who, method, url))
            assert fits(found, "hidden", row, method), f"{who}: {method.upper()} {url} is “{found}”"


def _good_without_a_place(row: Row, who: str, found: str) -> bool:
    if row.kind == "public":
        return found not in {"sign in", "forbidden"} and not found.startswith("5")
    if who == ANONYMOUS:
        return found in {"sign in", "no such method"}
    if row.kind == "own_thing":
        return found in {"hidden", "no such method"}  # it belongs to somebody else
    if row.kind == "staff":
        return found != "through" if who != "administrator" else found in {"through", "hidden", "no such method"}
    return found in {"through", "no such method"}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("row", [row for row in ROWS if row.kind not in PLACES], ids=lambda row: row.name)
def test_addresses_without_a_place(knock: World, row: Row, method: str) -> None:
    url = reverse(row.name, kwargs=row.kwargs(knock.homes[OWN]))
    for who in who_asks(row, method, OWN):
        found = outcome(knock.ask(who, method, url))
        good = _good_without_a_place(row, who, found)
        assert good, f"{who}: {method.upper()} {url} is “{found}”"


@pytest.mark.parametrize("name", sorted({name for name, _route in every_url() if name not in BY_NAME and name}))
def test_addresses_of_packages(knock: World, name: str) -> None:
    """Nobody signed in reaches a page that is for one's own account."""
    try:
        url = reverse(name)
    except NoReverseMatch:
        return  # it needs a part that only the package can give, such as the key of a link
    found = outcome(knock.ask(ANONYMOUS, "get", url))
    if PREFIXES[str(prefix_of(name))] == "signed_in":
        assert found in {"sign in", "no such method"}, f"Nobody signed in: GET {url} is “{found}”"
    else:
        assert not found.startswith("5"), f"Nobody signed in: GET {url} is “{found}”"
