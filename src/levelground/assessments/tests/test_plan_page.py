"""The plan's page: what an address asks for, how it is shown, and how few queries it takes."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup

from levelground.assessments import services
from levelground.assessments.models import Action
from levelground.assessments.plan_selectors import PER_COLUMN, PER_PAGE, Asked, month_of
from levelground.foundation import clock
from levelground.frameworks.selectors import tree

PLAN = "/o/alder/workbook/mark/plan/"
STILL_TO_DO = ["Late one", "This month", "Next month", "Some day"]
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def make(cast, title, code=None, **more):
    indicator = tree(cast.version).indicator(code)[1] if code else None
    return services.create_action(workbook=cast.workbook, indicator=indicator, title=title, by=cast.alice, **more)


def titles(client, query=""):
    page = soup(client.get(f"{PLAN}{query}"))
    return [row.select_one("th a, .lg-board__what a").get_text() for row in page.select("[data-action]")]


@pytest.fixture
def alice(cast, client):
    client.force_login(cast.alice)
    return client


@pytest.fixture
def some(cast):
    """Six actions that differ in everything the filter asks for."""
    today = clock.today()
    last = month_of(today)[1]
    long_ago = today - dt.timedelta(days=40)
    late = make(cast, "Late one", "1.1.1", owner=cast.alice, due_on=long_ago, priority="high")
    make(cast, "This month", "1.1.2", owner=cast.carys, due_on=last)
    make(cast, "Next month", "2.1.1", owner=cast.carys, due_on=last + dt.timedelta(days=1), source="review")
    make(cast, "Some day")
    services.note_on_action(action=late, text="Asked the landlord", by=cast.carys)
    done = make(cast, "Finished", "2.1.2", owner=cast.alice, due_on=last)
    services.move_action(action=done, to="done", text="It hangs on the wall", by=cast.alice)
    services.move_action(action=make(cast, "Dropped", priority="low"), to="cancelled", text="Moved", by=cast.alice)


def test_a_month_has_its_first_and_last_day():
    assert month_of(dt.date(2028, 2, 10)) == (dt.date(2028, 2, 1), dt.date(2028, 2, 29))
    assert month_of(dt.date(2027, 12, 31)) == (dt.date(2027, 12, 1), dt.date(2027, 12, 31))


@pytest.mark.requirement("MQM-12", "MQM-13")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", STILL_TO_DO),
        ("?show=mine", ["Late one"]),
        ("?show=overdue", ["Late one"]),
        ("?show=month", ["This month"]),
        ("?show=closed", ["Finished", "Dropped"]),
        ("?show=done", ["Finished"]),
        ("?show=all&due=month", ["This month", "Finished"]),
        ("?due=undated", ["Some day"]),
        ("?owner=nobody", ["Some day"]),
        ("?owner=me&show=all", ["Late one", "Finished"]),
        ("?priority=high", ["Late one"]),
        ("?source=review", ["Next month"]),
        ("?where=theme-1", ["Late one", "This month"]),
        ("?where=area-A", ["Late one", "This month", "Next month"]),
        ("?where=whole", ["Some day"]),
        ("?where=theme-99", []),
        ("?words=LANDLORD", ["Late one"]),
        ("?words=month+this", ["This month"]),
        ("?words=2.1.1", ["Next month"]),
        ("?words=4", ["Some day"]),
        ("?words=%25", []),
        ("?words=_", []),
        ("?group=standard", STILL_TO_DO),
        ("?group=owner", STILL_TO_DO),
        ("?show=what&due=ever&group=moon&view=cube&priority=x&where=sea&page=zz", STILL_TO_DO),
        ("?view=board", ["Late one", "This month", "Next month", "Some day", "Finished", "Dropped"]),
        ("?view=board&show=open", STILL_TO_DO),
    ],
)  # fmt: skip
def test_an_address_narrows_the_plan(alice, some, query, expected):
    assert titles(alice, query) == expected


def test_the_owner_in_an_address_is_a_number_that_tells_nothing(cast, alice, some):
    assert titles(alice, f"?owner={cast.carys.public_id}") == ["This month", "Next month"]
    foreign = alice.get(f"{PLAN}?owner={cast.bob.public_id}")
    assert "Bob" not in foreign.content.decode()
    assert "not known here" in foreign.content.decode()


def test_what_narrows_the_plan_is_said_and_can_be_taken_off(alice, some):
    page = soup(alice.get(f"{PLAN}?show=all&where=theme-1&words=land+lord&view=board"))
    said = page.select_one(".lg-said")
    assert "Everything · Part: 1 Theme 1 · Words: land lord" in said.get_text()
    assert said.select_one("a")["href"] == f"{PLAN}?view=board"
    assert soup(alice.get(PLAN)).select_one(".lg-said") is None


@pytest.mark.parametrize("query", ["", "?show=overdue", "?view=board", "?view=board&show=live&owner=me"])
def test_the_quick_ways_count_and_say_where_one_is(alice, some, query):
    tabs = soup(alice.get(f"{PLAN}{query}")).select(".lg-tabs__link")
    counts = [int(tab.select_one(".lg-tabs__count").get_text()) for tab in tabs]
    assert counts == [4, 1, 1, 1, 2, 6]
    current = {"": 0, "?show=overdue": 2, "?view=board": 5, "?view=board&show=live&owner=me": 1}[query]
    assert [n for n, tab in enumerate(tabs) if tab.has_attr("aria-current")] == [current]
    assert all(("view=board" in tab["href"]) == ("board" in query) for tab in tabs)


def test_overdue_is_said_in_words_on_both_views(alice, some):
    for query in ("", "?view=board"):
        rows = soup(alice.get(f"{PLAN}{query}")).select("[data-action]")
        assert [row["data-action"] for row in rows if "Overdue" in row.get_text()] == ["1"]


def test_groups_stand_under_their_headings(alice, some):
    page = soup(alice.get(f"{PLAN}?group=standard"))
    assert [h.get_text() for h in page.select(".lg-plan-head")] == [
        "A Area", "1 Theme 1", "1.1 Standard 1.1", "2 Theme 2", "2.1 Standard 2.1", "The whole organisation",
    ]  # fmt: skip
    owners = soup(alice.get(f"{PLAN}?group=owner")).select(".lg-plan-head")
    assert [h.get_text() for h in owners] == ["Alice Lead", "Carys Contributor", "Nobody yet"]


def test_the_filter_form_shows_what_was_asked(cast, alice, some):
    query = f"?words=lord&show=open&due=month&owner={cast.carys.public_id}&priority=low&where=area-A"
    query += "&source=self&group=owner"
    form = soup(alice.get(f"{PLAN}{query}")).select_one("form[role=search]")
    sent = {field["name"]: field["value"] for field in form.select("input[name]")}
    sent |= {field["name"]: field.select_one("option[selected]")["value"] for field in form.select("select")}
    assert Asked.of(sent) == Asked(
        words="lord", show="open", due="month", owner=cast.carys.public_id, priority="low", where="area-A",
        source="self", group="owner",
    )  # fmt: skip


@pytest.mark.parametrize(
    "asked",
    [
        Asked(), Asked(view="board", show="all"), Asked(show="all", owner="me", group="owner"),
        Asked(view="board", show="live", words="a&b=c #x"), Asked(due="overdue", where="theme-a b"),
    ],
)  # fmt: skip
def test_an_address_says_what_was_asked(asked):
    from django.http import QueryDict

    assert Asked.of(QueryDict(asked.query().removeprefix("?"))) == asked


def test_the_other_view_keeps_the_filter_and_not_what_goes_without_saying():
    assert Asked(owner="me").turned("board").query() == "?view=board&owner=me"
    assert Asked(view="board", show="all").turned("table") == Asked()
    assert Asked(show="closed").turned("board").show == "closed"


@pytest.mark.parametrize(
    "query", ["", "?group=standard", "?group=owner", "?view=board", "?words=x&where=theme-1&due=month"]
)
def test_the_same_queries_for_five_actions_and_for_five_hundred(cast, alice, query, query_budget):
    def fill(first, last):
        now = clock.now()
        Action.objects.bulk_create(
            Action(
                workbook=cast.workbook, number=n, title=f"x {n}", created_by=cast.alice, created_at=now, changed_at=now,
                indicator=tree(cast.version).indicators[n % 6], owner=(cast.alice, cast.carys, None)[n % 3],
                due_on=clock.today(), status=("open", "in_progress", "done", "cancelled")[n % 4],
            )
            for n in range(first, last)
        )  # fmt: skip

    fill(1, 6)
    alice.get(f"{PLAN}{query}")
    with query_budget(25) as few:
        alice.get(f"{PLAN}{query}")
    fill(6, 501)
    with query_budget(len(few)):
        page = soup(alice.get(f"{PLAN}{query}"))
    assert len(page.select("[data-action]")) <= (4 * PER_COLUMN if "board" in query else PER_PAGE)


def test_long_lists_come_in_pages_that_keep_the_filter(cast, alice):
    for n in range(PER_PAGE + 1):
        make(cast, f"Number {n}", owner=cast.alice)
    page = soup(alice.get(f"{PLAN}?owner=me"))
    assert len(page.select("[data-action]")) == PER_PAGE
    assert page.select_one("[data-count]").get_text() == f"{PER_PAGE + 1} actions"
    assert page.select_one(".lg-pages a[rel=next]")["href"] == "?owner=me&page=2"
    assert titles(alice, "?owner=me&page=2") == [f"Number {PER_PAGE}"]
    board = soup(alice.get(f"{PLAN}?view=board"))
    assert len(board.select("[data-column=open] [data-action]")) == PER_COLUMN
    more = board.select_one("[data-column=open] > p a")
    assert (more.get_text(), more["href"]) == (f"{PER_PAGE + 1 - PER_COLUMN} more, in the table", f"{PLAN}?show=open")


def test_script_in_an_action_shows_as_text_everywhere(cast, alice):
    action = make(cast, EVIL, owner=cast.alice)
    services.note_on_action(action=action, text=EVIL, by=cast.alice)
    paths = [
        "",
        "?view=board",
        "?group=owner",
        f"dates/?words={EVIL}",
        f"?words={EVIL}",
        f"?owner={EVIL}",
        f"?where={EVIL}",
    ]
    for path in [PLAN + path for path in paths] + ["/o/alder/actions/"]:
        page = soup(alice.get(path))
        assert not [s for s in page.select("script") if "alert(1)" in s.get_text()], path
        assert not page.select("img[onerror]"), path


def test_who_may_only_look_sees_no_way_to_change(cast, client):
    make(cast, "Something")
    client.force_login(cast.tomos)
    for query in ("", "?view=board"):
        page = soup(client.get(f"{PLAN}{query}"))
        assert len(page.select("[data-action]")) == 1
        assert page.select("main form[method=post]") == []
        assert not [a for a in page.select("main a") if "dates/" in a["href"] or "new/" in a["href"]]


def test_an_action_that_an_older_version_left_behind_has_its_place(cast, alice):
    """Its indicator has no successor: it stands after the framework and before the organisation as a whole."""
    from levelground.frameworks import services as frameworks
    from tests.factories import framework_data

    make(cast, "Kept", "1.1.1")
    make(cast, "Left behind", "2.1.1")
    make(cast, "For all")
    data = framework_data(label="2", themes=1)
    newer = frameworks.publish(
        version=frameworks.import_version(network=cast.network, data=data, by=cast.nia), by=cast.nia
    )
    services.carry_over(workbook=cast.workbook, version=newer, by=cast.alice)
    page = soup(alice.get(f"{PLAN}?group=standard"))
    assert titles(alice, "?group=standard") == ["Kept", "Left behind", "For all"]
    assert [h.get_text() for h in page.select(".lg-plan-head")][-2:] == [
        "An earlier version of the framework", "The whole organisation",
    ]  # fmt: skip
    left = page.select("[data-action]")[1]
    assert "2.1.1" in left.get_text()
    assert not [a for a in left.select("a") if "indicator/" in a["href"]]
