"""An officer opens a year, puts its dates right, and says what goes with a snapshot."""

import pytest
from django.urls import reverse

from levelground.cycles import services
from levelground.cycles.defaults import DOCUMENTS
from levelground.cycles.models import Cycle, Extension, RequiredDocument, Submission
from levelground.foundation import clock
from levelground.foundation.documents.rules import months_before
from levelground.foundation.jobs import dispatch
from levelground.foundation.jobs.models import JobRun
from levelground.foundation.notifications.models import Notification
from levelground.frameworks import services as frameworks
from tests.factories import framework_data

from .network_ways import at, join, put
from .ways import DAY, add_documents

pytestmark = pytest.mark.django_db
CODES = ["strategy", "risk", "budget", "accounts", "minutes"]


def rows(wanted=DOCUMENTS, *, spare=2, **changes):
    """What a browser sends of the rows of documents; ``changes`` by ``<row>_<field>``."""
    sent = {"documents-TOTAL_FORMS": len(wanted) + spare, "documents-INITIAL_FORMS": len(wanted)}
    for number, one in enumerate(wanted):
        fields = {
            "code": one.code, "name_en": one.name.en, "name_cy": one.name.cy, "guidance_en": one.guidance.en,
            "guidance_cy": one.guidance.cy, "stale_months": one.stale_months or "",
        }  # fmt: skip
        sent |= {f"documents-{number}-{name}": value for name, value in fields.items()}
    return sent | {f"documents-{name.replace('_', '-', 1)}": value for name, value in changes.items()}


def opening(cast):
    return reverse("network_cycle_open", args=["north", cast.version.framework.slug])


def sent(cast, **more):
    today = clock.today()
    dates = {"year": today.year, "opens_on": today, "deadline": today + 60 * DAY}
    return {**rows(), **dates, "framework_version": cast.version.public_id, **more}


@pytest.mark.requirement("MQM-22", "MQM-25", "MQM-28")
def test_opening_a_year_reaches_every_member_with_the_five_documents(client, cast):
    client.force_login(cast.nia)
    page = client.get(opening(cast)).content.decode()
    assert "2 members will get it" in page
    for one in DOCUMENTS:
        assert f'value="{one.name.en}"' in page and one.name.cy.replace("'", "&#39;") in page
    done = client.post(opening(cast), sent(cast), follow=True)
    cycle = Cycle.objects.get()
    assert done.redirect_chain[-1][0] == at(cycle) and "The year is open for 2 members." in done.content.decode()
    assert [one.code for one in cycle.documents.all()] == CODES
    assert Submission.objects.filter(cycle=cycle).count() == 2
    assert cycle.documents.get(code="budget").name.cy == "Y gyllideb bresennol"


def test_members_without_a_lead_are_named_before_anybody_is_told(client, cast):
    client.force_login(cast.nia)
    for number in range(2):
        join(cast.network, f"unled {number}")
    page = client.get(opening(cast)).content.decode()
    assert "4 members will get it" in page and "2 of them have no quality lead yet" in page


@pytest.mark.requirement("MQM-27")
@pytest.mark.parametrize(
    ("field", "change", "words"),
    [
        ("deadline", {"deadline": "2001-01-01"}, "Choose today or a later day."),
        ("deadline", {"deadline": ""}, "Fill in “Deadline”"),
        ("deadline", {"opens_on": "2199-01-01"}, "must not be before the day it opens"),
        ("deadline", {"deadline": "31 Febuary"}, "write a date such as"),
        ("year", {"year": "26"}, "Write 2000 or more."),
        ("year", {"year": "twenty"}, "Write a whole number"),
        ("framework_version", {"framework_version": "nothing"}, "Choose one of the answers"),
        ("documents-5-name_en", {"documents-5-guidance_en": "But which?"}, "Give the document a name"),
        ("documents-0-stale_months", {"documents-0-stale_months": "0"}, "Write 1 or more."),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field_and_what_was_typed_stays(client, cast, field, change, words):
    client.force_login(cast.nia)
    page = client.post(opening(cast), sent(cast, **{"documents-1-name_en": "Our own words"}) | change)
    text = page.content.decode()
    assert page.status_code == 422 and not Cycle.objects.exists()
    assert f'href="#id_{field}"' in text and words in text and "Our own words" in text


def test_a_year_is_opened_once_and_the_next_is_proposed_like_it(client, cast):
    client.force_login(cast.nia)
    client.post(opening(cast), sent(cast))
    again = client.post(opening(cast), sent(cast))
    assert again.status_code == 422 and " is open already." in again.content.decode()
    cycle = Cycle.objects.get()
    proposed = client.get(opening(cast)).content.decode()
    later = months_before(cycle.deadline, -12)
    assert f'value="{cycle.year + 1}"' in proposed and f'value="{later}"' in proposed


def test_a_document_is_added_renamed_and_left_out(client, cast):
    client.force_login(cast.nia)
    change = {
        "documents-0-name_en": "Our plan", "documents-1-remove": "on", "documents-5-name_en": "Insurance",
        "documents-5-name_cy": "Yswiriant", "documents-6-name_cy": "Yswiriant",
    }  # fmt: skip
    client.post(opening(cast), sent(cast, **change))
    asked = {one.code: one.name.en for one in RequiredDocument.objects.all()}
    assert list(asked) == ["strategy", "budget", "accounts", "minutes", "insurance", "yswiriant"]
    assert asked["strategy"] == "Our plan"


def test_a_framework_without_a_published_version_cannot_be_opened(client, cast):
    frameworks.import_version(network=cast.network, data=framework_data(slug="draft"), by=cast.nia)
    client.force_login(cast.nia)
    address = reverse("network_cycle_open", args=["north", "draft"])
    assert "No published version yet" in client.get(address).content.decode()
    assert client.post(address, sent(cast)).status_code == 422 and not Cycle.objects.exists()


def test_the_version_of_another_framework_is_refused(client, cast):
    other = frameworks.import_version(network=cast.network, data=framework_data(slug="other"), by=cast.nia)
    frameworks.publish(version=other, by=cast.nia)
    client.force_login(cast.nia)
    page = client.post(opening(cast), sent(cast, framework_version=other.public_id))
    assert page.status_code == 422 and not Cycle.objects.exists()


def changed(cycle, **more):
    found = {
        "opens_on": cycle.opens_on, "deadline": cycle.deadline, "framework_version": cycle.framework_version.public_id,
        "version": cycle.version, "reason": "",
    }  # fmt: skip
    return found | more


def test_a_new_deadline_needs_a_reason_is_told_and_stays_in_the_history(client, year):
    client.force_login(year.nia)
    address, later = at(year.cycle, "network_cycle_dates"), year.cycle.deadline + 10 * DAY
    page = client.post(address, changed(year.cycle, deadline=later))
    assert page.status_code == 422 and 'href="#id_reason"' in page.content.decode()
    Notification.objects.all().delete()
    client.post(address, changed(year.cycle, deadline=later, reason="The <b>post</b> was late"))
    year.cycle.refresh_from_db()
    assert year.cycle.deadline == year.row().deadline == later
    made = Extension.objects.get()
    assert (made.organisation, made.by, made.reason) == (None, year.nia, "The <b>post</b> was late")
    (job,) = JobRun.objects.filter(name="cycles.news", key__contains="cycle.extended")
    dispatch.run.call(*job.result.args_kwargs["args"])
    assert {one.user for one in Notification.objects.filter(kind="cycle.extended")} == {year.alice, year.bob}
    text = client.get(address).content.decode()
    assert "All members" in text and "The &lt;b&gt;post&lt;/b&gt; was late" in text


def test_dates_without_a_new_deadline_need_no_reason_and_tell_nobody(client, year):
    client.force_login(year.nia)
    Notification.objects.all().delete()
    client.post(at(year.cycle, "network_cycle_dates"), changed(year.cycle, opens_on=clock.today()))
    year.cycle.refresh_from_db()
    assert year.cycle.opens_on == clock.today()
    assert not Extension.objects.exists() and not Notification.objects.exists()


def test_the_second_of_two_officers_sees_both_deadlines_and_chooses(client, year):
    client.force_login(year.nia)
    address, first, second = (at(year.cycle, "network_cycle_dates"), *(year.cycle.deadline + n * DAY for n in (5, 9)))
    client.post(address, changed(year.cycle, deadline=first, reason="One"))
    page = client.post(address, changed(year.cycle, deadline=second, reason="Two"))
    text = page.content.decode()
    assert page.status_code == 409 and "data-conflict" in text and f'value="{second}"' in text and "Two" in text
    year.cycle.refresh_from_db()
    assert year.cycle.deadline == first
    client.post(address, changed(year.cycle, deadline=second, reason="Two"))
    year.cycle.refresh_from_db()
    assert year.cycle.deadline == second


def test_what_was_sent_fixes_the_opening_day_the_version_and_the_documents(client, year):
    put(year.cycle, year.birch, "submitted")
    client.force_login(year.nia)
    dates, papers = at(year.cycle, "network_cycle_dates"), at(year.cycle, "network_cycle_documents")
    assert "so this stays" in client.get(dates).content.decode()
    client.post(dates, changed(year.cycle, opens_on=clock.today() - 5 * DAY))
    before = year.cycle.opens_on
    year.cycle.refresh_from_db()
    assert year.cycle.opens_on == before
    assert "stays as it is" in client.get(papers).content.decode()
    page = client.post(papers, rows(**{"0_name_en": "Another"}) | {"version": year.cycle.version})
    assert page.status_code == 422 and not RequiredDocument.objects.filter(name__contains="Another").exists()


def test_documents_change_until_something_was_sent(client, year):
    client.force_login(year.nia)
    address = at(year.cycle, "network_cycle_documents")
    done = client.post(
        address, rows(**{"0_name_en": "Another", "5_name_en": "Insurance"}) | {"version": 0}, follow=True
    )
    assert "What this year asks for is saved." in done.content.decode()
    assert year.cycle.documents.get(code="strategy").name.en == "Another"
    assert year.cycle.documents.filter(code="insurance").exists()
    stale = client.post(address, rows(**{"0_name_en": "Mine"}) | {"version": 0})
    assert stale.status_code == 409 and "Mine" in stale.content.decode() and "data-conflict" in stale.content.decode()
    assert year.cycle.documents.get(code="strategy").name.en == "Another"


def test_a_document_that_members_added_already_stays(client, year):
    add_documents(year.row(), year.alice)
    client.force_login(year.nia)
    page = client.post(
        at(year.cycle, "network_cycle_documents"), rows(**{"2_remove": "on"}) | {"version": year.cycle.version}
    )
    assert page.status_code == 422 and "1 member has added “Current budget” already" in page.content.decode()
    assert year.cycle.documents.filter(code="budget").exists()


def test_nothing_at_all_cannot_be_asked_for(client, year):
    client.force_login(year.nia)
    away = {f"{number}_remove": "on" for number in range(5)}
    page = client.post(at(year.cycle, "network_cycle_documents"), rows(**away) | {"version": year.cycle.version})
    assert page.status_code == 422 and "Ask for at least one document." in page.content.decode()


def test_a_thousand_rows_and_no_rows_are_refused_without_an_error(client, year):
    client.force_login(year.nia)
    address = at(year.cycle, "network_cycle_documents")
    for broken in ({"documents-TOTAL_FORMS": 100000, "documents-INITIAL_FORMS": 0}, {}, {"documents-TOTAL_FORMS": "x"}):
        assert client.post(address, {"version": 0, **broken}).status_code == 422
    assert year.cycle.documents.count() == 5


@pytest.mark.parametrize("name", ["network_cycle_dates", "network_cycle_documents", "network_cycle_remind"])
def test_pages_of_a_year_keep_to_their_budget(client, year, query_budget, name):
    client.force_login(year.nia)
    for number in range(3):
        services.extend(
            cycle=year.cycle, organisation=year.alder, deadline=year.cycle.deadline + (number + 1) * DAY, reason="x",
            by=year.nia,
        )  # fmt: skip
    with query_budget(25) as few:
        client.get(at(year.cycle, name))
    for number in range(3, 30):
        services.extend(
            cycle=year.cycle, organisation=year.alder, deadline=year.cycle.deadline + (number + 1) * DAY, reason="x",
            by=year.nia,
        )  # fmt: skip
    with query_budget(len(few)):
        client.get(at(year.cycle, name))


def test_welsh_dates_and_words(client, year):
    client.force_login(year.nia)
    client.post(reverse("set_language"), {"language": "cy", "next": "/"})
    text = client.get(at(year.cycle)).content.decode()
    assert 'lang="cy"' in text and "dyddiad cau" in text.lower() and "Not started" not in text
