"""Every state of a member's year has its own first line, and one thing to do next."""

import datetime as dt

import pytest

from levelground.assessments import services as assessments
from levelground.cycles import services
from levelground.cycles.tests.ways import add_documents, answer_all, complete, make_cycle, of, send, sign
from levelground.foundation import clock
from levelground.frameworks import services as frameworks
from levelground.frameworks.selectors import tree
from levelground.organisations.models import Affiliation
from levelground.organisations.roles import Role
from tests.factories import OrganisationFactory, framework_data

from .looking import first_line, lede, look, someone, step, tasks

YEAR = f"/o/alder/year/mark/{clock.today().year}/"
BOOK = "/o/alder/workbook/mark/"


@pytest.fixture
def cycle(cast):
    return make_cycle(cast)


@pytest.fixture
def row(cast, cycle):
    return of(cycle, cast.alder)


@pytest.fixture
def home(cast, client):
    """The home of Alder as somebody sees it; Alice leads it."""
    return lambda user=None: look(client, user or cast.alice, "/o/alder/")


def answer(cast, number, value="met"):
    indicator = tree(cast.version).indicators[number]
    assessments.save_answer(
        workbook=cast.workbook, indicator=indicator, value=value, by=cast.alice, reason="" if value == "met" else "Why"
    )


def new_member(cast):
    """Hafan has just joined: it has a lead, and nothing else."""
    hafan = OrganisationFactory(slug="hafan")
    Affiliation.objects.create(network=cast.network, organisation=hafan, joined_on=dt.date(2020, 1, 1))
    return hafan, someone(Role.MEMBER_LEAD, organisation=hafan)


@pytest.mark.requirement("MQM-16")
def test_a_new_member_is_led_to_its_workbook(cast, client):
    hafan, lead = new_member(cast)
    make_cycle(cast)
    page = look(client, lead, "/o/hafan/")
    assert first_line(page) == "Your workbook is not open yet"
    assert step(page) == ("Open the workbook", "/o/hafan/workbook/")
    assert "answer one theme at a time" in lede(page)
    colleague = look(client, someone(Role.MEMBER_CONTRIBUTOR, organisation=hafan), "/o/hafan/")
    assert "Your quality lead opens it." in lede(colleague)


def test_a_first_year_begins_with_a_welcome(home, row):
    page = home()
    assert first_line(page) == "Welcome to your first year"
    assert "0 of 6 indicators are answered. 0 of 5 documents are here." in lede(page)
    assert "30 days to go" in lede(page)
    assert step(page) == ("Carry on: Theme 1", f"{BOOK}theme/1/")


@pytest.mark.requirement("MQM-16")
def test_a_begun_year_names_days_and_things_as_the_readiness_page_does(cast, client, home, row):
    answer(cast, 0)
    assert first_line(home()) == "You have 30 days left: 5 answers, 5 documents, then the sign-off"
    answer(cast, 1, "not_yet")
    for number in (2, 3, 4, 5):
        answer(cast, number)
    indicator = tree(cast.version).indicators[5]
    assessments.save_answer(workbook=cast.workbook, indicator=indicator, value="not_yet", by=cast.alice)
    left = first_line(look(client, cast.alice, YEAR)).partition(": ")[2]
    assert left == "1 action, 5 documents, then the sign-off"
    assert first_line(home()) == f"You have 30 days left: {left}"
    # Who may not answer is told how it stands, not to do it.
    assert first_line(home(cast.tomos)) == f"30 days left: {left}"
    assert step(home(cast.tomos)) == ("See where it stands", YEAR)


def test_the_next_step_follows_the_work(cast, home, row):
    for number in range(5):
        answer(cast, number)
    assert step(home()) == ("Carry on: Theme 2", f"{BOOK}theme/2/")
    indicators = tree(cast.version).indicators
    assessments.save_answer(workbook=cast.workbook, indicator=indicators[5], value="not_yet", by=cast.alice)
    assert step(home()) == ("Plan an action for 2.1.3", f"{BOOK}indicator/2.1.3/")
    assessments.save_answer(workbook=cast.workbook, indicator=indicators[4], value="not_yet", by=cast.alice)
    assert step(home()) == ("Plan 2 actions", f"{BOOK}all/?show=bare")
    answer_all(cast.workbook, cast.alice)
    assert step(home()) == ("Add 5 documents", f"{YEAR}#documents")


def test_one_missing_document_is_named(cast, home, row):
    answer_all(cast.workbook, cast.alice)
    add_documents(row, cast.alice)
    services.remove_document(submission=row, required=row.cycle.documents.get(code="risk"), by=cast.alice)
    assert step(home()) == ("Add: Organisational risk assessment", f"{YEAR}documents/risk/")
    assert "1 document is missing" in tasks(home())


@pytest.mark.requirement("MQM-22")
def test_what_is_complete_waits_for_sign_off(cast, home, row):
    complete(row, cast.alice)
    assert first_line(home()) == "Everything is there for sign-off"
    assert step(home()) == ("Ask for sign-off", f"{YEAR}ask/")
    assert step(home(cast.carys)) == ("See where it stands", YEAR)
    services.ask_for_sign_off(submission=row, by=cast.alice)
    assert first_line(home()) == "Waiting for sign-off"
    assert step(home()) == ("See where it stands", YEAR)


@pytest.mark.requirement("MQM-22")
def test_a_trustee_sees_who_asks_first(cast, home, row):
    complete(row, cast.alice)
    services.ask_for_sign_off(submission=row, by=cast.alice)
    page = home(cast.tomos)
    assert first_line(page) == "Alice Lead asks you to sign off"
    assert step(page) == ("Read and sign off", f"{YEAR}sign/")
    assert tasks(page)[0].startswith("Sign off Test mark")
    services.say_not_yet(submission=row, by=cast.tomos, text="Please <b>look</b> at 1.1.1 again.")
    assert first_line(home(cast.tomos)) == "Tomos Trustee asks for a change before signing"
    page = home()
    assert first_line(page) == "Tomos Trustee asks for a change before signing"
    assert "Please <b>look</b> at 1.1.1 again." in page.get_text()


def test_who_asked_is_not_asked(cast, home, row):
    both = someone(Role.MEMBER_LEAD, organisation=cast.alder)
    both.memberships.create(role=Role.SIGN_OFF, organisation=cast.alder, from_date=dt.date(2020, 1, 1))
    complete(row, cast.alice)
    services.ask_for_sign_off(submission=row, by=both)
    assert first_line(home(both)) == "Waiting for sign-off"


@pytest.mark.requirement("MQM-22")
def test_what_is_signed_can_be_sent(cast, home, row):
    sign(complete(row, cast.alice), cast.tomos)
    page = home()
    assert (first_line(page), step(page)) == ("Your snapshot is ready to send", ("Send the snapshot", f"{YEAR}send/"))
    assert step(home(cast.carys)) == ("See where it stands", YEAR)
    # As soon as something is written, it is not any more.
    answer(cast, 0, "not_yet")
    assert first_line(home()) == "Everything is there for sign-off"


@pytest.mark.requirement("MQM-31")
def test_what_was_sent_is_with_the_network_until_it_is_accepted(cast, home, row):
    receipt = send(row, cast.alice, cast.tomos)
    page = home()
    assert first_line(page) == "Your snapshot is with the network"
    assert step(page) == ("See your receipt", f"{YEAR}receipts/{receipt.number}/")
    assert lede(page).startswith("It was sent on ")
    services.accept(submission=row, by=cast.nia)
    assert first_line(home()) == "The network has accepted your snapshot"


def test_what_was_sent_back_says_why(cast, home, row):
    send(row, cast.alice, cast.tomos)
    services.return_(submission=row, by=cast.nia, reason="- Newer minutes, please\n- Look at <script>1.1.1</script>")
    page = home()
    assert first_line(page) == "The network asks you to change something"
    reasons = [item.get_text() for item in page.select(".lg-banner li")]
    assert reasons == ["Newer minutes, please", "Look at <script>1.1.1</script>"]
    assert step(page) == ("See what to change", YEAR)
    assert tasks(page)[0] == "See to the 2 points that the network wrote"
    signed = sign(of(row.cycle, cast.alder), cast.tomos)
    assert tasks(home())[0] == "Send the snapshot"
    assert first_line(home()) == "Your snapshot is ready to send again"
    assert step(home()) == ("Send the snapshot again", f"{YEAR}send/")
    services.submit(submission=signed, by=cast.alice)
    assert first_line(home()) == "Your snapshot is with the network again"


def test_a_withdrawn_one_leads_to_its_history(cast, home, row):
    services.withdraw(submission=row, by=cast.nia, reason="Merged with another member")
    page = home()
    assert first_line(page) == "The network has withdrawn your snapshot"
    assert step(page) == ("See what happened", f"{YEAR}history/")


def past_cycle(cast, ago):
    """A cycle of 30 days that was opened so many days ago, with one answer in the workbook."""
    with clock.at(clock.now() - dt.timedelta(days=ago)):
        cycle = make_cycle(cast)
    answer(cast, 0)
    return of(cycle, cast.alder)


def test_after_the_deadline_it_can_still_be_sent(cast, home):
    past_cycle(cast, 42)
    page = home()
    assert first_line(page) == "The deadline was 12 days ago"
    assert lede(page).endswith("Still to do: 5 answers, 5 documents, then the sign-off.")
    assert step(page)[0] == "Carry on: Theme 1"
    assert page.select_one(".lg-caption .lg-tag").text == "Overdue"


def test_what_came_late_says_so_without_blame(cast, home):
    send(past_cycle(cast, 42), cast.alice, cast.tomos)
    page = home()
    assert first_line(page) == "Your snapshot is with the network"
    assert lede(page).endswith(", after the deadline.")


def test_the_last_day_says_so(cast, home):
    past_cycle(cast, 30)
    assert first_line(home()) == "The deadline is today: 5 answers, 5 documents, then the sign-off"


def test_without_a_year_the_workbook_speaks(cast, home, client):
    assert first_line(home()) == "You have 6 indicators left to answer"
    assert first_line(home(cast.tomos)) == "6 indicators are left to answer"
    answer_all(cast.workbook, cast.alice)
    assert first_line(home()) == "Everything is up to date"
    assert step(home()) == ("Open the workbook", BOOK)


def test_a_year_that_comes_is_announced_and_does_not_count_yet(cast, home):
    opens = clock.today() + dt.timedelta(days=10)
    make_cycle(cast, opens_on=opens, days_left=60)
    page = home()
    assert first_line(page) == "You have 6 indicators left to answer"
    assert "can be sent from" in lede(page)


def test_an_older_year_that_waits_is_named(cast, home):
    with clock.at(clock.now() - dt.timedelta(days=365)):
        make_cycle(cast)
    make_cycle(cast)
    answer_all(cast.workbook, cast.alice)
    assert f"The snapshot of {clock.today().year - 1} is still with you" in tasks(home())


def test_an_older_workbook_is_moved_first(cast, home):
    data = framework_data(indicators=4, label="2")
    draft = frameworks.import_version(network=cast.network, data=data, by=cast.nia)
    cast.version = frameworks.publish(version=draft, by=cast.nia)
    make_cycle(cast)
    assert step(home()) == ("Move to version 2", f"{BOOK}version/")
    assert tasks(home())[0] == "Move your workbook to version 2"
    # A contributor cannot move it, and goes on where it is.
    assert step(home(cast.carys))[0] == "Carry on: Theme 1"
