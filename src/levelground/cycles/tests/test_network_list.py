"""Where every member is: found, counted, sorted and paged, for networks of any size."""

import itertools
from html import unescape

import pytest
from django.db import connection
from django.db.models import Count
from django.urls import reverse

from levelground.cycles import network_selectors, services
from levelground.cycles.models import Submission
from levelground.cycles.network_selectors import SHOWS, Wanted
from levelground.cycles.states import UNSENT, WITH_NETWORK, Status
from levelground.foundation import clock
from levelground.organisations.models import Affiliation, Network
from tests.factories import MembershipFactory, NetworkFactory

from .network_ways import at, join, put
from .ways import DAY, add_documents, make_cycle, of

pytestmark = pytest.mark.django_db
WORDS = ("amber", "birch", "cwm", "dale", "elm")
STATES = ("not_started", "in_progress", "ready", "submitted", "returned", "resubmitted", "accepted", "withdrawn")


@pytest.fixture
def crowd(cast):
    """Twenty-two members in every state, on three deadlines, two of them late."""
    cycle = make_cycle(cast, days_left=1)
    for number, (state, word) in enumerate(zip(itertools.cycle(STATES), WORDS * 4, strict=False)):
        member = join(
            cast.network, f"{word} {number:02}", nation=("ENG", "WLS")[number % 2], region=("", "Powys")[number % 2]
        )
        put(cycle, member, state, deadline=clock.today() + (number % 3 - 2) * DAY, late=state == "accepted")
    return cycle


def names(page):
    """The members that a page lists, in its order."""
    rows = page.content.decode().split("<tbody")[1].split("</tbody>")[0].split('scope="row"')[1:]
    return [unescape(row.split("<a ")[1].split(">")[1].split("<")[0]) for row in rows]


def naive(cycle, wanted):
    """The same list, worked out row by row in Python."""
    today = clock.today()
    fits = {
        "all": lambda row: True,
        "waiting": lambda row: row.status in WITH_NETWORK,
        "overdue": lambda row: row.status in UNSENT and row.deadline < today,
        "late": lambda row: bool(row.late),
    }
    keys = {
        "name": lambda row: (),
        "deadline": lambda row: (row.deadline,),
        "state": lambda row: (Status.values.index(row.status),),
    }
    rows = [
        row
        for row in Submission.objects.filter(cycle=cycle, active=True).select_related("organisation")
        if fits.get(wanted.show, lambda row: row.status == wanted.show)(row)
        and wanted.q in row.organisation.search_text
        and wanted.nation in ("", row.organisation.nation)
        and wanted.region in ("", row.organisation.region)
    ]
    return [
        row.organisation.slug for row in sorted(rows, key=lambda row: (keys[wanted.sort](row), row.organisation.slug))
    ]


@pytest.mark.requirement("MQM-28")
def test_every_active_member_is_there_with_its_state(client, cast):
    cycle = make_cycle(cast)
    put(cycle, cast.birch, "in_progress", deadline=clock.today() - DAY)
    client.force_login(cast.nia)
    page = client.get(at(cycle))
    assert names(page) == [cast.alder.name.en, cast.birch.name.en]
    text = page.content.decode()
    assert "Not started" in text and "Overdue" in text and "0 of 6 answered" in text and "5 documents missing" in text


@pytest.mark.parametrize("small", [2, 1000], ids=["walked", "sorted"])
@pytest.mark.parametrize("sort", ["name", "deadline", "state"])
@pytest.mark.parametrize("show", SHOWS)
def test_every_list_is_what_one_would_get_by_hand(crowd, monkeypatch, show, sort, small):
    """Whichever way a piece of the list is read, and wherever its pages begin."""
    monkeypatch.setattr(network_selectors, "SMALL", small)
    monkeypatch.setattr(network_selectors, "PAGE", 4)
    counts = network_selectors.where(crowd)
    for more in ({}, {"q": "birch"}, {"nation": "WLS"}, {"region": "Powys", "q": "e"}, {"q": "nobody"}):
        wanted = Wanted(show=show, sort=sort, **more)
        expected, found = naive(crowd, wanted), []
        for number in range(1, 9):
            listing = network_selectors.members(crowd, counts, wanted, number)
            if listing.number == number:
                found += [row.organisation.slug for row in listing.rows]
            if not listing.has_next:
                break
        assert found == expected, more
        if not more:
            assert counts.count(show) == len(expected)


def test_a_page_lies_in_three_pieces_at_most(crowd, monkeypatch, query_budget):
    """However many deadlines there are, the number of queries stays."""
    monkeypatch.setattr(network_selectors, "SMALL", 8)
    for number, row in enumerate(Submission.objects.filter(cycle=crowd)):
        row.deadline = clock.today() + number * DAY
        row.save()
    counts = network_selectors.where(crowd)
    with query_budget(3 + 8):
        network_selectors.members(crowd, counts, Wanted(sort="deadline"), 1)


@pytest.mark.parametrize("address", ["", "?show=overdue", "?sort=deadline", "?sort=state", "?q=member", "?page=2"])
def test_the_list_asks_the_same_of_5_and_of_60_members(client, cast, query_budget, address):
    cycle = make_cycle(cast, days_left=1)
    client.force_login(cast.nia)
    for number in range(3):
        put(cycle, join(cast.network, f"member {number}"), "in_progress", deadline=clock.today() - DAY)
    # The regions are asked for once in ten minutes: the clock stands still, so that these do not end in between.
    with clock.at(clock.now()):
        client.get(at(cycle) + address)
        with query_budget(25) as few:
            client.get(at(cycle) + address)
        for number in range(3, 58):
            state = STATES[number % 8]
            put(cycle, join(cast.network, f"member {number}"), state, deadline=clock.today() - number % 4 * DAY)
        with query_budget(len(few)):
            page = client.get(at(cycle) + address)
    assert page.status_code == 200


def test_counting_walks_along_an_index(cast):
    cycle = make_cycle(cast)
    groups = network_selectors.taking_part(cycle).order_by().values("status", "deadline").annotate(n=Count("*"))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        everybody, late = "Index Only Scan using submission_where", "Index Only Scan using submission_late"
    else:
        everybody, late = "COVERING INDEX submission_where (cycle_id=? AND active=?)", "submission_late (cycle_id=? AND"
    assert everybody in groups.explain()
    assert late in groups.filter(late=True).explain()


def test_counts_are_filters_and_empty_ones_are_left_out(client, crowd, cast):
    client.force_login(cast.nia)
    text = client.get(at(crowd) + "?show=overdue").content.decode()
    overdue = Submission.objects.filter(cycle=crowd).overdue().count()
    assert overdue and f'?show=overdue" aria-current="page">Overdue <span class="lg-tabs__count">{overdue}<' in text
    Submission.objects.filter(cycle=crowd, status="withdrawn").update(status="in_progress")
    assert "?show=withdrawn" not in client.get(at(crowd)).content.decode()


def test_a_former_member_is_not_listed_and_has_no_page(client, cast):
    cycle = make_cycle(cast)
    Affiliation.objects.filter(organisation=cast.birch).update(left_on=clock.today())
    services.enrol(cycle=cycle)
    client.force_login(cast.nia)
    assert len(names(client.get(at(cycle)))) == 1
    assert client.get(at(cycle, "network_submission", "birch")).status_code == 404


def test_readiness_is_shown_without_an_answer(client, cast):
    cycle = make_cycle(cast)
    add_documents(of(cycle, cast.alder), cast.alice)
    client.force_login(cast.nia)
    text = client.get(at(cycle)).content.decode()
    assert "All documents are there" in text and "indicator" not in text.lower().split("<main")[1].split("</main")[0]


@pytest.mark.parametrize(
    "query",
    [
        "?show=zzz&sort=zzz&nation=zz&region=zz&page=zz",
        "?page=99999999999999999999999",
        "?page=-3",
        "?q=" + "x" * 5000,
        "?q=%25_%5C'\"<script>",
        "?show=overdue&show=late",
    ],
)
def test_nonsense_in_the_address_narrows_nothing_and_breaks_nothing(client, cast, query):
    cycle = make_cycle(cast)
    client.force_login(cast.nia)
    page = client.get(at(cycle) + query)
    assert page.status_code == 200 and b"<script>alert" not in page.content and b'"<script>' not in page.content


def test_a_name_with_script_in_it_is_only_a_name(client, cast):
    cycle = make_cycle(cast)
    member = join(cast.network, "evil", region="<img src=x>")
    member.name = type(member.name)("<script>alert(1)</script>", "")
    member.save()
    client.force_login(cast.nia)
    for address in (
        at(cycle),
        at(cycle, "network_submission", "evil"),
        at(cycle, "network_submission_withdraw", "evil"),
    ):
        text = client.get(address).content.decode()
        assert "<script>alert" not in text and "<img src=x" not in text and "&lt;script&gt;" in text


def test_other_networks_and_colleagues_stay_out(client, cast):
    cycle = make_cycle(cast)
    for who, status in ((cast.olga, 404), (cast.zed, 404), (cast.alice, 403), (cast.tomos, 403)):
        client.force_login(who)
        for name in ("network_cycle", "network_cycle_download", "network_cycle_gaps", "network_cycle_dates"):
            assert client.get(at(cycle, name)).status_code == status, (who, name)
    client.force_login(cast.nia)
    assert client.get(at(cycle).replace("/north/", "/south/")).status_code == 404
    assert client.get(at(cycle).replace(f"/{cycle.year}/", f"/{cycle.year + 1}/")).status_code == 404
    assert client.get(at(cycle).replace(f"/{cycle.year}/", "/99999999999999999999/")).status_code == 404


def test_an_officer_of_two_networks_sees_each_by_itself(client, cast):
    cycle = make_cycle(cast)
    MembershipFactory(user=cast.nia, role="network_officer", network=cast.other_network)
    client.force_login(cast.nia)
    assert client.get(at(cycle).replace("/north/", "/south/")).status_code == 404
    assert client.get(at(cycle, "network_submission", "alder")).status_code == 200


def test_the_regions_of_the_filter_are_those_of_the_members(client, crowd, cast):
    client.force_login(cast.nia)
    other: Network = NetworkFactory()
    join(other, "stranger", region="Elsewhere")
    text = client.get(at(crowd)).content.decode()
    assert '<option value="Powys"' in text and "Elsewhere" not in text


def test_the_years_page_shows_what_is_on(client, crowd, cast, query_budget):
    client.force_login(cast.nia)
    with query_budget(25):
        text = client.get(reverse("network_cycles", args=["north"])).content.decode()
    assert "Snapshot" in text and "?show=waiting" in text and "?show=overdue" in text


def test_all_members_of_a_page_are_ticked_at_once(client, year):
    client.force_login(year.nia)
    at = f"/n/{year.network.slug}/cycles/mark/{year.cycle.year}/"
    plain = client.get(at).content.decode()
    assert "tick=all" in plain and " checked>" not in plain.partition("<tbody")[2]
    ticked = client.get(at + "?tick=all").content.decode().partition("<tbody")[2]
    assert ticked.count(" checked>") == ticked.count('name="member"') == 2
