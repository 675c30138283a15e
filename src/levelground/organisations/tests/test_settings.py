"""Details and teams, and what happens when two people change the same."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from levelground.foundation import clock
from levelground.foundation.audit.models import AuditEvent
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import Conflict, IllegalMove, Invalid
from levelground.organisations import services
from levelground.organisations.models import Network, Organisation, PlaceChange
from levelground.organisations.selectors import help_contact
from tests.factories import InvitationFactory, MembershipFactory, TeamFactory

DETAILS = {"name_en": "Alder Minds", "name_cy": "Meddyliau Gwern", "nation": "WLS", "region": "Powys", "size": "small"}


def save(cast, **more):
    wanted = {"name": Bilingual("Alder Minds", "Gwern"), "nation": "WLS", "region": " Powys ", "size": "large"}
    return services.save_organisation(organisation=cast.alder, by=cast.alice, **{**wanted, **more})


def test_only_what_changed_is_kept_in_the_history(cast):
    saved = save(cast)
    assert (saved.region, saved.size, saved.version) == ("Powys", "large", 1)
    change = PlaceChange.objects.get(kind="details")
    assert set(change.after) == {"name", "region", "size"} and change.before["size"] == "small"
    assert AuditEvent.objects.get(verb="place.details").after == change.after
    save(cast)
    assert PlaceChange.objects.filter(kind="details").count() == 1
    assert Organisation.objects.get(pk=cast.alder.pk).version == 1


def test_the_search_follows_the_name(cast):
    save(cast)
    assert "gwern" in Organisation.objects.get(pk=cast.alder.pk).search_text


def test_a_stale_save_is_a_conflict_that_loses_neither_side(cast):
    save(cast, seen_version=0)
    with pytest.raises(Conflict) as conflict:
        save(cast, name=Bilingual("Mine"), seen_version=0)
    assert conflict.value.theirs.name == Bilingual("Alder Minds", "Gwern")
    assert conflict.value.yours["name"] == {"en": "Mine", "cy": ""}
    assert str(Organisation.objects.get(pk=cast.alder.pk).name) == "Alder Minds"


def test_the_second_of_two_editors_is_shown_both_and_may_insist(cast, client):
    address = reverse("organisation_settings", args=["alder"])
    client.force_login(cast.alice)
    assert client.post(address, {**DETAILS, "version": 0}).status_code == 302
    second = client.post(address, {**DETAILS, "name_en": "Alder & Friends", "region": "Gwent", "version": 0})
    page = BeautifulSoup(second.content, "html.parser")
    assert second.status_code == 409
    note = page.select_one("[data-conflict]").get_text(" ", strip=True)
    assert "Alder Minds" in note and "Alder & Friends" in note and "Powys" in note and "Gwent" in note
    assert "Saved by Alice Lead" in note
    assert page.find("input", {"name": "name_en"})["value"] == "Alder & Friends"
    version = page.find("input", {"name": "version"})["value"]
    insisted = client.post(address, {**DETAILS, "name_en": "Alder & Friends", "region": "Gwent", "version": version})
    assert insisted.status_code == 302
    assert Organisation.objects.get(pk=cast.alder.pk).region == "Gwent"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"name_en": "", "name_cy": ""}, "name_en"), ({"nation": "FRA"}, "nation"), ({"size": ""}, "size"),
     ({"name_en": "x" * 151}, "name_en")],
)  # fmt: skip
def test_what_does_not_fit_is_said_beside_the_field(cast, client, wrong, field):
    client.force_login(cast.alice)
    page = client.post(reverse("organisation_settings", args=["alder"]), {**DETAILS, **wrong, "version": 0})
    assert page.status_code == 200 and f'id="id_{field}-error"' in page.content.decode()
    assert Organisation.objects.get(pk=cast.alder.pk).version == 0


def test_a_name_in_welsh_alone_will_do(cast, client):
    client.force_login(cast.alice)
    data = {**DETAILS, "name_en": "", "version": 0}
    assert client.post(reverse("organisation_settings", args=["alder"]), data).status_code == 302
    assert str(Organisation.objects.get(pk=cast.alder.pk).name) == "Meddyliau Gwern"


def test_script_in_a_name_is_shown_as_text(cast, client):
    client.force_login(cast.alice)
    address = reverse("organisation_settings", args=["alder"])
    client.post(address, {**DETAILS, "name_en": "<script>alert(1)</script>", "version": 0})
    for page in (address, reverse("organisation_changes", args=["alder"]), reverse("places")):
        assert "<script>alert(1)" not in client.get(page).content.decode()


@pytest.mark.requirement("MQM-10")
def test_the_help_contact_is_the_networks_to_set_and_stands_on_its_members_pages(cast, client):
    client.force_login(cast.nia)
    data = {
        "name_en": "North", "help_label_en": "Quality team", "help_label_cy": "Tîm ansawdd",
        "help_email": "quality@north.example", "help_phone": "01632 960 111", "help_url": "", "version": 0,
    }  # fmt: skip
    assert client.post(reverse("network_settings", args=["north"]), data).status_code == 302
    client.force_login(cast.alice)
    page = client.get(reverse("organisation_people", args=["alder"])).content.decode()
    assert "quality@north.example" in page and "01632 960 111" in page and "Quality team" in page
    contact = help_contact(cast.alder)
    assert contact is not None and contact.email == "quality@north.example"


@pytest.mark.requirement("MQM-10")
def test_a_network_without_any_way_to_ask_is_refused(cast, client):
    client.force_login(cast.nia)
    page = client.post(reverse("network_settings", args=["north"]), {"name_en": "North", "version": 0})
    assert "Give at least one way to ask for help" in page.content.decode()
    assert Network.objects.get(pk=cast.network.pk).version == 0


def test_a_stale_save_of_the_network_is_a_conflict_too(cast, client):
    client.force_login(cast.nia)
    address = reverse("network_settings", args=["north"])
    data = {"name_en": "North", "help_email": "one@north.example", "version": 0}
    assert client.post(address, data).status_code == 302
    second = client.post(address, {**data, "help_email": "two@north.example"})
    assert second.status_code == 409
    assert "one@north.example" in second.content.decode() and "two@north.example" in second.content.decode()


def test_teams_are_added_renamed_archived_and_restored(cast, client):
    client.force_login(cast.alice)
    settings_page = reverse("organisation_settings", args=["alder"])
    assert client.post(reverse("team_add", args=["alder"]), {"name_en": "Day Centre"}).url == settings_page
    team = cast.alder.teams.get()
    assert team.slug == "day-centre"
    client.post(reverse("team", args=["alder", team.public_id]), {"name_en": "Day Services", "version": 0})
    team.refresh_from_db()
    assert (str(team.name), team.slug, team.version) == ("Day Services", "day-centre", 1)
    client.post(reverse("team_archive", args=["alder", team.public_id]))
    assert "Archived" in client.get(settings_page).content.decode()
    client.post(reverse("team_restore", args=["alder", team.public_id]))
    team.refresh_from_db()
    assert team.archived_at is None
    kinds = PlaceChange.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["team_added", "team_renamed", "team_archived", "team_restored"]


def test_a_team_with_people_is_not_put_away(cast):
    team = TeamFactory(organisation=cast.alder)
    role = MembershipFactory(team=team, role="team_member")
    InvitationFactory(team=team, role="team_member")
    with pytest.raises(IllegalMove, match="2 people"):
        services.archive_team(team=team, by=cast.alice)
    services.end_role(membership=role, by=cast.alice)
    with pytest.raises(IllegalMove, match="One person"):
        services.archive_team(team=team, by=cast.alice)


def test_two_teams_of_one_organisation_have_two_names(cast):
    first = services.add_team(organisation=cast.alder, name=Bilingual("Day Centre"), by=cast.alice)
    with pytest.raises(Invalid):
        services.add_team(organisation=cast.alder, name=Bilingual("DAY centre"), by=cast.alice)
    services.archive_team(team=first, by=cast.alice)
    second = services.add_team(organisation=cast.alder, name=Bilingual("Day centre"), by=cast.alice)
    assert second.slug == "day-centre-2"
    with pytest.raises(Invalid):
        services.restore_team(team=first, by=cast.alice)


def test_two_people_renaming_one_team(cast, client):
    team = TeamFactory(organisation=cast.alder)
    services.rename_team(team=team, name=Bilingual("Theirs"), by=cast.alice, seen_version=0)
    client.force_login(cast.alice)
    second = client.post(reverse("team", args=["alder", team.public_id]), {"name_en": "Yours", "version": 0})
    assert second.status_code == 409
    assert "Theirs" in second.content.decode() and 'value="Yours"' in second.content.decode()


def test_a_team_of_another_member_is_not_found(cast, client):
    team = TeamFactory(organisation=cast.birch)
    client.force_login(cast.alice)
    for name in ("team", "team_archive", "team_restore"):
        assert client.post(reverse(name, args=["alder", team.public_id]), {"name_en": "Mine"}).status_code == 404
    team.refresh_from_db()
    assert team.archived_at is None and team.version == 0


def test_the_history_page_tells_what_changed_in_words(cast, client):
    save(cast)
    services.end_role(membership=cast.carys.memberships.get(), by=cast.alice, reason="Moved away")
    client.force_login(cast.alice)
    text = BeautifulSoup(client.get(reverse("organisation_changes", args=["alder"])).content, "html.parser").get_text(
        " "
    )
    text = " ".join(text.split())
    assert "The role of Carys Contributor as Workbook contributor was ended" in text and "Why: Moved away" in text
    assert "£100,000 to £500,000 a year → became over £1 million a year" in text
    assert f"Last day: {clock.today().day} " in text
