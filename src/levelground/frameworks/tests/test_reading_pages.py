"""Pages to read: what members see, what is counted and filtered, what strangers find."""

import pytest

from levelground.frameworks import files, services
from levelground.frameworks.selectors import as_data
from tests.factories import framework_data

from .pages import at, soup, words


@pytest.mark.requirement("MQM-01", "MQM-05", "MQM-10")
def test_a_member_reads_what_the_framework_is_for_whom_it_serves_and_whom_to_ask(lead, cast):
    services.edit_framework(
        framework=cast.version.framework, by=cast.nia,
        values={"strategy": cast.network.name, "strategy_year": 2030, "strategy_reach": 750000},
    )  # fmt: skip
    page = words(lead.get(at("framework", None, "mark")))
    assert all(text in page for text in ("To test", "Testers", "Network", "2030", "750,000", "help@test.example"))


@pytest.mark.requirement("MQM-10")
def test_the_frameworks_own_contact_stands_on_each_of_its_pages(lead, cast):
    services.edit_framework(framework=cast.version.framework, values={"help_email": "mark@test.example"}, by=cast.nia)
    for url in (at("framework", None, "mark"), at("framework_version", cast.version)):
        assert b"mark@test.example" in lead.get(url).content


@pytest.mark.requirement("MQM-07", "MQM-08")
def test_the_tree_is_shown_with_counts_that_are_counted(lead, cast):
    page = words(lead.get(at("framework_version", cast.version)))
    assert "6 indicators" in page and "3 indicators" in page
    bigger = services.import_version(
        network=cast.network, data=framework_data(label="2", themes=1, indicators=7), by=cast.nia
    )
    services.publish(version=bigger, by=cast.nia)
    assert "7 indicators" in words(lead.get(at("framework_version", bigger)))


@pytest.mark.requirement("MQM-02")
def test_indicators_are_marked_and_filtered_by_kind(lead, cast):
    value = framework_data(label="2", themes=1, indicators=3)
    items = value["areas"][0]["themes"][0]["standards"][0]["indicators"]
    items[0]["kind"], items[1]["kind"] = "legal", "both"
    version = services.publish(
        version=services.import_version(network=cast.network, data=value, by=cast.nia), by=cast.nia
    )
    url = at("framework_version", version)
    legal, good = (words(lead.get(f"{url}?show={kind}")) for kind in ("legal", "good_practice"))
    assert "1.1.1 text" in legal and "1.1.2 text" in legal and "1.1.3 text" not in legal
    assert "1.1.1 text" not in good and "1.1.2 text" in good and "1.1.3 text" in good
    counts = {a.span.get_text(): a.find_all("span")[1].get_text() for a in soup(lead.get(url)).select(".lg-filters a")}
    assert (counts["Legal duties"], counts["Good practice"]) == ("2", "2")
    assert soup(lead.get(at("framework_theme", version, "1"))).find(string="Legal duty")


@pytest.mark.requirement("MQM-14")
def test_a_theme_shows_guidance_evidence_and_help(lead, cast):
    page = soup(lead.get(at("framework_theme", cast.version, "1")))
    text = page.main.get_text(" ")
    assert "guidance 1.1.1 in English" in text and "evidence 1.1.1 in English" in text
    assert page.find("a", href="https://hub.example.org/t")


def test_language_gaps_are_shown(officer, cast):
    value = framework_data(label="2")
    value["areas"][0]["themes"][0]["standards"][0]["indicators"][0]["text"]["cy"] = ""
    version = services.import_version(network=cast.network, data=value, by=cast.nia)
    assert (
        "Without Welsh" in words(officer.get(at("framework_version", version)))
        or b"Without Welsh" in officer.get(at("framework_version", version)).content
    )
    assert "1.1.1" in words(officer.get(at("framework_version", version) + "?show=no_welsh"))
    officer.cookies["levelground_language"] = "cy"
    page = soup(officer.get(at("framework_theme", version, "1")))
    assert page.find(string="text 1.1.1 in English").parent["lang"] == "en"


@pytest.mark.parametrize("kind", ["yaml", "xlsx"])
def test_a_download_comes_back_as_it_was(lead, cast, kind):
    response = lead.get(at("framework_download", cast.version, kind))
    assert response["Content-Disposition"] == f'attachment; filename="mark-1.{kind}"'
    reading = files.read(response.content, f"mark.{kind}")
    assert reading.data["areas"] == as_data(cast.version)["areas"]


def test_members_see_no_draft_and_may_not_manage(lead, cast, draft):
    assert lead.get(at("framework_version", draft)).status_code == 404
    assert lead.get(at("framework_version", cast.version)).status_code == 200
    assert "Version 2" not in words(lead.get(at("framework", None, "mark")))
    for name in ("framework_publish", "framework_correct", "framework_move"):
        assert lead.get(at(name, cast.version)).status_code == 403


def test_strangers_find_nothing(client, cast):
    for stranger in (cast.olga, cast.zed):
        client.force_login(stranger)
        assert client.get(at("framework_list")).status_code == 404
        assert client.get(at("framework_version", cast.version)).status_code == 404


def test_no_page_asks_more_of_the_database_for_more_indicators(officer, cast, django_assert_max_num_queries):
    big = services.import_version(
        network=cast.network, data=framework_data(label="2", themes=8, indicators=20), by=cast.nia
    )
    for url in (
        at("framework_list"), at("framework", None, "mark"), at("framework_version", big),
        at("framework_version", big) + "?show=good_practice", at("framework_theme", big, "1"),
        at("framework_compare", big), at("framework_publish", big),
        at("framework_node_edit", big, "indicator", "1.1.1"),
    ):  # fmt: skip
        with django_assert_max_num_queries(25):
            assert officer.get(url).status_code == 200


def test_pages_speak_welsh(officer, cast, draft):
    officer.cookies["levelground_language"] = "cy"
    for url in (at("framework_list"), at("framework_version", draft), at("framework_publish", draft)):
        page = soup(officer.get(url))
        assert page.html["lang"] == "cy"
        assert "Fframweithiau" in page.get_text()
