"""The measurement plan is agreed by staff and by people with lived experience together (AMHE-09)."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from levelground.accounts.models import User
from levelground.foundation import clock
from levelground.foundation.audit.models import AuditEvent
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import Conflict, IllegalMove, NotAllowed
from levelground.measures import services
from levelground.measures.models import PlanAgreement
from levelground.measures.selectors import plan_of
from levelground.organisations.roles import Role
from tests.factories import MembershipFactory, TeamFactory, UserFactory

from .conftest import Ward
from .test_pages import page, text
from .ways import make, percentage, wait

pytestmark = pytest.mark.django_db


@pytest.fixture
def pia(ward: Ward) -> User:
    """A lived experience partner of the ward."""
    pia = UserFactory(name="Pia Partner")
    MembershipFactory(user=pia, role=Role.LIVED_EXPERIENCE_PARTNER, team=ward.team)
    return pia


def url(ward: Ward, name: str = "measure_plan") -> str:
    return reverse(name, args=["alder", ward.team.public_id])


def agree(ward: Ward, user: User, side: str) -> PlanAgreement:
    plan = plan_of(ward.team)
    return services.agree(owner=ward.team, side=side, seen=plan.fingerprint, by=user)


def press(client: Any, ward: Ward, name: str) -> Any:
    """Read the page and press the button with these words."""
    seen = page(client.get(url(ward)))
    button = seen.find("button", string=re.compile(name))
    form = button.find_parent("form")
    data = {one["name"]: one["value"] for one in form.find_all("input")} | {
        button.get("name", "x"): button.get("value")
    }
    return client.post(form["action"], {key: value or "" for key, value in data.items()}, follow=True)


@pytest.mark.requirement("AMHE-09")
def test_both_sides_together_and_not_one_alone(as_: Any, ward: Ward, pia: User) -> None:
    services.set_target(measure=ward.falls, from_date=clock.today(), value=Decimal(5), by=ward.tess)
    assert "Not agreed yet" in text(as_(ward.tess).get(url(ward)))
    response = press(as_(ward.tess), ward, "Agree as one of the staff")
    assert "One side has agreed" in text(response) and "Agreed together" not in text(response)
    agree(ward, ward.cast.alice, "staff")  # however many of the staff agree
    assert "One side has agreed" in text(as_(ward.tess).get(url(ward)))
    response = press(as_(pia), ward, "Agree as somebody with lived experience")
    found = text(response)
    assert "Agreed together" in found and "Tess Team" in found and "Pia Partner" in found
    for words in ("Falls", "I want to feel safe on the ward", "5", "Lower is better", "Every month"):
        assert words in found
    assert AuditEvent.objects.filter(verb="measure_plan.agreed").count() == 3
    event = AuditEvent.objects.filter(verb="measure_plan.agreed").last()
    assert (event.actor, event.after["side"]) == (pia.public_id, "lived")


@pytest.mark.requirement("AMHE-09")
@pytest.mark.parametrize("what", ["definition", "target", "another", "draft", "archive"])
def test_what_changes_afterwards_is_named_and_both_agree_anew(as_: Any, ward: Ward, pia: User, what: str) -> None:
    sleep = make(ward.team, ward.tess, name=Bilingual("Sleep", "Cwsg"))
    agree(ward, ward.tess, "staff")
    agree(ward, pia, "lived")
    assert plan_of(ward.team).state == "agreed"
    if what == "definition":
        wanted = services.definition_of(sleep) | {"collector": "Ward clerk"}
        services.change_measure(measure=sleep, definition=wanted, reason="Clearer", by=ward.tess)
    elif what == "target":
        services.set_target(measure=sleep, from_date=clock.today(), value=Decimal(5), by=ward.tess)
    elif what == "another":
        make(ward.team, ward.tess, name=Bilingual("Noise", ""))
    elif what == "draft":
        services.unpublish(measure=sleep, by=ward.tess)
    else:
        services.archive(measure=sleep, by=ward.tess)
    said = {
        "definition": "Sleep: changed (Collected by)", "target": "Sleep: changed (Target)",
        "another": "Noise: new in the plan",
    }.get(what, "Sleep: no longer in the plan")  # fmt: skip
    found = text(as_(ward.tess).get(url(ward)))
    assert "Changed since it was agreed" in found and said in found and "To an earlier plan: Tess Team" in found
    agree(ward, pia, "lived")
    assert plan_of(ward.team).state == "changed"
    agree(ward, ward.tess, "staff")
    plan = plan_of(ward.team)
    assert plan.state == "agreed" and not plan.changes and PlanAgreement.objects.count() == 4


def test_a_change_that_is_taken_back_leaves_the_plan_agreed(ward: Ward, pia: User) -> None:
    agree(ward, ward.tess, "staff")
    agree(ward, pia, "lived")
    target = services.set_target(measure=ward.falls, from_date=clock.today(), value=Decimal("5.50"), by=ward.tess)
    assert plan_of(ward.team).state == "changed"
    services.remove_target(target=target, by=ward.tess)
    assert plan_of(ward.team).state == "agreed"


def test_what_was_changed_while_somebody_read_is_not_agreed_to(as_: Any, ward: Ward) -> None:
    client = as_(ward.tess)
    seen = page(client.get(url(ward))).find("input", {"name": "seen"})["value"]
    make(ward.team, ward.cast.alice)
    response = client.post(url(ward, "measure_plan_agree"), {"seen": seen, "side": "staff"}, follow=True)
    assert "has changed since you opened it" in text(response) and not PlanAgreement.objects.exists()
    with pytest.raises(Conflict):
        services.agree(owner=ward.team, side="staff", seen=seen, by=ward.tess)


def test_nobody_agrees_for_the_other_side(as_: Any, ward: Ward, pia: User) -> None:
    for who, side in ((ward.tess, "lived"), (pia, "staff"), (ward.cast.nia, "staff"), (ward.cast.zed, "lived")):
        with pytest.raises(NotAllowed):
            agree(ward, who, side)
    forged = {"side": "lived", "seen": plan_of(ward.team).fingerprint}
    assert as_(ward.tess).post(url(ward, "measure_plan_agree"), forged).status_code == 403
    officer = as_(ward.cast.nia).get(url(ward))  # reads it, and is neither staff nor somebody whom it is about
    assert officer.status_code == 200 and "Agree as" not in text(officer)


@pytest.mark.requirement("AMHE-09")
def test_who_only_reads_measures_is_not_one_of_the_staff(as_: Any, ward: Ward, pia: User) -> None:
    sponsor = UserFactory(name="Sam Sponsor")
    MembershipFactory(user=sponsor, role=Role.EXECUTIVE_SPONSOR, team=ward.team)
    for who in (ward.cai, sponsor, ward.cast.tomos, ward.cast.nia):  # the team's coach, its sponsor, the trustee, ...
        found = text(as_(who).get(url(ward)))
        assert "You can read this plan" in found and "Agree as" not in found
        with pytest.raises(NotAllowed):
            agree(ward, who, "staff")
    for who in (ward.tess, ward.cast.alice, ward.cast.carys, pia):  # Carys enters numbers
        found = text(as_(who).get(url(ward)))
        assert "You can read this plan" not in found and "Agree as" in found
    agree(ward, ward.cast.carys, "staff")
    agree(ward, pia, "lived")
    assert plan_of(ward.team).state == "agreed"


def test_who_holds_both_roles_chooses_and_counts_once(as_: Any, ward: Ward) -> None:
    MembershipFactory(user=ward.tess, role=Role.LIVED_EXPERIENCE_PARTNER, organisation=ward.cast.alder)
    found = text(as_(ward.tess).get(url(ward)))
    assert "Agree as one of the staff" in found and "Agree as somebody with lived experience" in found
    first = agree(ward, ward.tess, "lived")
    assert agree(ward, ward.tess, "staff") == first
    assert plan_of(ward.team).state == "half" and PlanAgreement.objects.count() == 1


def test_an_agreement_is_taken_back_and_stays_on_record(as_: Any, ward: Ward, pia: User) -> None:
    agree(ward, ward.tess, "staff")
    agree(ward, pia, "lived")
    assert "One side has agreed" in text(press(as_(pia), ward, "Take back that I agreed"))
    services.withdraw(owner=ward.team, by=pia)  # nothing stands any more
    gone = PlanAgreement.objects.get(by=pia)
    assert gone.withdrawn_at is not None
    assert AuditEvent.objects.filter(verb="measure_plan.withdrawn").count() == 1
    agree(ward, pia, "lived")
    assert plan_of(ward.team).state == "agreed"


def test_the_database_keeps_what_was_agreed(ward: Ward, pia: User) -> None:
    given, withdrawn = agree(ward, ward.tess, "staff"), agree(ward, pia, "lived")
    services.withdraw(owner=ward.team, by=pia)
    rows = PlanAgreement.objects.all()
    other, nobodys = TeamFactory(organisation=ward.cast.alder), {"network": None, "organisation": None, "team": None}
    wrong = [
        lambda: rows.filter(pk=given.pk).update(team=other),
        lambda: rows.filter(pk=given.pk).update(**nobodys | {"organisation": ward.cast.alder}),
        lambda: rows.filter(pk=given.pk).update(**nobodys | {"network": ward.cast.network}),
        lambda: rows.filter(pk=given.pk).update(at=clock.now()),
        lambda: rows.filter(pk=given.pk).update(side="lived"),
        lambda: rows.filter(pk=given.pk).update(content={}),
        lambda: rows.filter(pk=given.pk).update(fingerprint="0" * 64),
        lambda: rows.filter(pk=given.pk).update(by=pia),
        lambda: rows.filter(pk=withdrawn.pk).update(withdrawn_at=None),
        lambda: rows.filter(pk=given.pk).delete(),
        lambda: rows.create(side="staff", by=ward.tess, at=clock.now(), fingerprint=given.fingerprint, content={},
                            team=ward.team),
        lambda: rows.create(side="other", by=pia, at=clock.now(), fingerprint="x", content={}, team=ward.team),
    ]  # fmt: skip
    for attempt in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
    assert rows.filter(pk=given.pk).update(withdrawn_at=clock.now()) == 1


def test_an_empty_plan_and_drafts_are_not_agreed_to(as_: Any, ward: Ward) -> None:
    services.unpublish(measure=ward.falls, by=ward.tess)
    found = text(as_(ward.tess).get(url(ward)))
    assert "Nothing in the plan yet" in found and "Falls" not in found and "Agree as" not in found
    with pytest.raises(IllegalMove):
        agree(ward, ward.tess, "staff")


def test_the_plan_of_an_archived_team_is_closed(as_: Any, ward: Ward) -> None:
    client = as_(ward.cast.alice)
    assert client.get(url(ward)).status_code == 200
    ward.team.archived_at = clock.now()
    ward.team.save()
    given = {"side": "staff", "seen": plan_of(ward.team).fingerprint}
    assert client.get(url(ward)).status_code == 404
    for name in ("measure_plan_agree", "measure_plan_withdraw"):
        assert client.post(url(ward, name), given).status_code == 404
    assert not PlanAgreement.objects.exists()
    assert client.get(reverse("measure_plan", args=["alder", "whole"])).status_code == 200


def test_a_plan_without_a_balancing_measure_says_so(as_: Any, ward: Ward) -> None:
    assert "No balancing measure yet" in text(as_(ward.tess).get(url(ward)))
    make(ward.team, ward.tess, family="balancing")
    assert "No balancing measure yet" not in text(as_(ward.tess).get(url(ward)))


def test_plans_of_an_organisation_are_listed_for_those_who_see_them(
    as_: Any, ward: Ward, pia: User, query_budget: Any
) -> None:
    other = TeamFactory(organisation=ward.cast.alder, name=Bilingual("Night team", ""))
    make(other, ward.cast.alice)
    make(ward.cast.alder, ward.cast.alice)
    agree(ward, ward.tess, "staff")
    agree(ward, pia, "lived")
    listed = reverse("measure_plans", args=["alder"])
    client = as_(ward.cast.alice)
    states = [cell.get_text() for cell in page(client.get(listed)).select("td[data-label=Agreed]")]
    assert states == ["Not agreed yet", "Not agreed yet", "Agreed together"]
    assert client.get(reverse("measure_plan", args=["alder", "whole"])).status_code == 200
    assert "Night team" not in text(as_(ward.tess).get(listed))
    for key in ("whole", other.public_id, "nothing"):
        assert as_(ward.tess).get(reverse("measure_plan", args=["alder", key])).status_code == 404
    client = as_(ward.cast.alice)
    client.get(listed)
    with query_budget(14) as few:
        client.get(listed)
    with query_budget(14) as one:
        client.get(url(ward))
    for number in range(6):
        team = TeamFactory(organisation=ward.cast.alder)
        services.set_target(
            measure=make(team, ward.cast.alice), from_date=clock.today(), value=Decimal(number), by=ward.cast.alice
        )
        make(ward.team, ward.cast.alice, **(wait() if number % 2 else percentage()))
    with query_budget(len(few)):
        client.get(listed)
    with query_budget(len(one)):
        client.get(url(ward))
