"""Drafts on pages: both languages, two editors, publishing by checklist, correcting, comparing. Without a script."""

import pytest
from django.urls import reverse

from levelground.frameworks import services
from levelground.frameworks.models import Framework, FrameworkVersion
from levelground.frameworks.selectors import fingerprint, mapping, tree

from .pages import at, form_of, soup, words


def test_an_indicator_is_changed_in_both_languages(officer, cast, draft):
    url = at("framework_node_edit", draft, "indicator", "1.1.1")
    sent = form_of(officer.get(url)) | {"text_en": " Better words ", "text_cy": "Geiriau gwell", "kind": "both"}
    response = officer.post(url, sent)
    assert response.url == at("framework_theme", draft, "1") + "#indicator-1.1.1"
    node = draft.indicators.get(code="1.1.1")
    assert (node.text.en, node.text.cy, node.kind) == ("Better words", "Geiriau gwell", "both")
    assert "members answer it anew" in words(officer.get(response.url))
    again = form_of(officer.get(url)) | {"text_cy": "Geiriau gwell fyth"}
    assert "members answer it anew" not in words(officer.post(url, again, follow=True))


def test_a_standard_keeps_its_resources_through_the_form(officer, cast, draft):
    url = at("framework_node_edit", draft, "standard", "1.1")
    before = draft.standards.get(code="1.1").resources
    sent = form_of(officer.get(url))
    officer.post(url, sent | {"text_en": "Other"})
    assert draft.standards.get(code="1.1").resources == before
    refused = officer.post(url, sent | {"resources": "toolkit | only two"})
    assert refused.status_code == 422
    assert "kind | English title" in words(refused)
    refused = officer.post(url, sent | {"resources": "toolkit | T | T | javascript:alert(1)"})
    assert "Write a whole web address" in words(refused)


def test_an_indicator_is_added_moved_and_taken_out(officer, cast, draft):
    url = at("framework_node_add", draft, "indicator") + "?in=2.1"
    sent = form_of(officer.get(url))
    assert sent["parent"] == "2.1"
    officer.post(url, sent | {"code": "2.1.9", "text_en": "A new one"})
    assert [item.code for item in tree(draft).indicators][-1] == "2.1.9"
    officer.post(at("framework_node_move", draft, "indicator", "2.1.9"), {"way": "up"})
    assert [item.code for item in tree(draft).indicators][-2] == "2.1.9"
    remove = at("framework_node_remove", draft, "theme", "2")
    assert "5 parts below it go too" in words(officer.get(remove))
    officer.post(remove)
    assert [item.code for item in tree(draft).indicators] == ["1.1.1", "1.1.2", "1.1.3"]


def test_what_is_typed_stays_beside_the_sentence(officer, cast, draft):
    url = at("framework_node_add", draft, "theme")
    response = officer.post(url, {"code": "1", "name_en": "My theme", "parent": "A"})
    assert response.status_code == 422
    assert "The code 1 is used already" in words(response)
    assert soup(response).find("input", {"name": "name_en"})["value"] == "My theme"
    response = officer.post(url, {"code": "a b", "name_en": "x" * 201, "parent": "A"})
    page = words(response)
    assert "without spaces" in page and "at most 200 characters" in page


def test_two_editors_see_both_versions_and_the_second_may_insist(officer, cast, draft):
    url = at("framework_node_edit", draft, "indicator", "1.1.1")
    mine = form_of(officer.get(url)) | {"text_en": "My words"}
    node = draft.indicators.get(code="1.1.1")
    services.edit_node(node=node, values={"text": type(node.text)("Their words", "Eu geiriau")}, by=cast.nia)
    response = officer.post(url, mine)
    assert response.status_code == 409
    page = words(response)
    assert "Their words" in page and "My words" in page
    assert draft.indicators.get(code="1.1.1").text.en == "Their words"
    again = form_of(response)
    assert again["text_en"] == "My words"
    assert again["seen"] == fingerprint(draft.indicators.get(code="1.1.1"))
    assert officer.post(url, again).status_code == 302
    assert draft.indicators.get(code="1.1.1").text.en == "My words"


def test_a_published_version_has_no_edit_pages(officer, cast):
    url = at("framework_node_edit", cast.version, "indicator", "1.1.1")
    for response in (officer.get(url), officer.post(url, {"code": "1.1.1", "text_en": "x"})):
        assert response.status_code == 400
        assert "never changes" in words(response)
    assert "/edit/" not in officer.get(at("framework_theme", cast.version, "1")).content.decode()


@pytest.mark.requirement("MQM-01", "MQM-05", "MQM-10")
def test_the_frameworks_details_are_changed_on_a_page(officer, cast):
    url = reverse("framework_details", args=["north", "mark"])
    sent = form_of(officer.get(url)) | {
        "purpose_en": "To be of use", "beneficiaries_en": "Everybody", "strategy_en": "The plan",
        "strategy_year": "2031", "strategy_reach": "1000", "help_email": "mark@test.example",
    }  # fmt: skip
    assert officer.post(url, sent).status_code == 302
    found = Framework.objects.get(network=cast.network)
    assert (found.purpose.en, found.beneficiaries.en, found.strategy.en) == ("To be of use", "Everybody", "The plan")
    assert (found.strategy_year, found.strategy_reach, found.help_email) == (2031, 1000, "mark@test.example")
    refused = officer.post(url, sent | {"help_url": "ftp://x", "strategy_year": "31"})
    assert refused.status_code == 422
    page = words(refused)
    assert "Write a whole web address" in page and "from 1900 to 2200" in page


def test_publishing_shows_a_checklist_and_asks_first(officer, cast, draft):
    url = at("framework_publish", draft)
    page = words(officer.get(url))
    assert "There are 6 indicators." in page and "Everything is there in Welsh too." in page
    officer.post(url, {"act": "save", "consulted": "Members", "decisions": "Keep it"})
    draft.refresh_from_db()
    assert (draft.status, draft.consulted) == ("draft", "Members")
    response = officer.post(url, {"act": "publish", "consulted": "Members", "decisions": "Keep it"})
    draft.refresh_from_db()
    assert (response.url, draft.status) == (at("framework_version", draft), "published")


def test_what_is_missing_stands_in_the_way_of_publishing(officer, cast, draft):
    services.add_node(version=draft, level="area", values={"code": "Z", "name": cast.network.name}, by=cast.nia)
    url = at("framework_publish", draft)
    page = soup(officer.get(url))
    assert page.find("button", {"value": "publish"}) is None
    assert "take them out: Z." in page.main.get_text()
    assert officer.post(url, {"act": "publish"}).status_code == 422


def test_a_version_goes_out_for_consultation_and_comes_back(officer, cast, draft):
    url = at("framework_move", draft)
    assert officer.post(url, {}).status_code == 422
    officer.post(url, {"to": "consultation", "reason": "Ask", "consulted": "", "decisions": ""})
    draft.refresh_from_db()
    assert draft.status == "consultation"
    assert "Ask" in words(officer.get(at("framework_version", draft)))
    officer.post(url, {"to": "draft", "consulted": "Ten members", "decisions": "Shorter words"})
    assert "Ten members" in words(officer.get(at("framework_version", draft)))


def test_retiring_needs_a_reason(officer, cast):
    url = at("framework_move", cast.version)
    assert officer.post(url, {"to": "retired"}).status_code == 422
    assert officer.post(url, {"to": "draft", "reason": "x"}).status_code == 422
    officer.post(url, {"to": "retired", "reason": "A newer one"})
    cast.version.refresh_from_db()
    assert cast.version.status == "retired"


@pytest.mark.requirement("MQM-48")
def test_a_published_version_is_corrected_by_a_new_draft(officer, cast):
    response = officer.post(at("framework_correct", cast.version), {"label": "1.1", "reason": "A slip"})
    version = FrameworkVersion.objects.get(number=2)
    assert (response.url, version.corrects, version.label) == (at("framework_version", version), cast.version, "1.1")
    again = officer.post(at("framework_correct", cast.version), {"label": "1.2", "reason": "A slip"})
    assert again.status_code == 422
    assert "corrects this one already" in words(again)


@pytest.mark.requirement("MQM-48")
def test_two_versions_are_compared_and_the_mapping_is_said_in_the_draft(officer, cast, draft):
    node = draft.indicators.get(code="1.1.1")
    services.edit_node(node=node, values={"code": "1.1.9", "text": type(node.text)("Quite new", "Newydd")}, by=cast.nia)
    url = at("framework_compare", draft)
    page = words(officer.get(url))
    assert "5 of 6 answers are kept" in page and "Quite new" in page and "text 1.1.1 in English" in page
    sent = {"code": ["1.1.9"], "from-1.1.9": "1.1.1", "carries-1.1.9": "on"}
    assert officer.post(url, sent).status_code == 302
    by_new = {new: (old, carries) for old, new, carries in mapping(cast.version, draft)}
    assert by_new[node.pk] == (cast.version.indicators.get(code="1.1.1").pk, True)
    assert "6 of 6 answers are kept" in words(officer.get(url))
    wrong = officer.post(url, {"code": ["1.1.9"], "from-1.1.9": "7.7.7", "carries-1.1.9": "on"})
    assert wrong.status_code == 422
    assert "There is no indicator 7.7.7" in words(wrong)
    assert soup(wrong).find("input", {"name": "from-1.1.9"})["value"] == "7.7.7"


def test_members_compare_published_versions_and_map_nothing(lead, cast, draft):
    services.publish(version=draft, by=cast.nia)
    page = lead.get(at("framework_compare", draft) + "?from=1")
    assert page.status_code == 200
    assert "Both versions say the same" in words(page)
    assert lead.post(at("framework_compare", draft), {}).status_code == 403
    assert lead.get(at("framework_compare", draft) + "?from=99").status_code == 404
    assert lead.get(at("framework_compare", draft) + "?from=x").status_code == 404


def test_a_draft_is_thrown_away_on_its_page(officer, cast, draft):
    assert "6 indicators go with it" in words(officer.get(at("framework_discard", draft)))
    officer.post(at("framework_discard", draft))
    assert FrameworkVersion.objects.count() == 1


@pytest.mark.requirement("MQM-48")
def test_a_long_mapping_comes_in_parts(officer, cast, monkeypatch):
    monkeypatch.setattr("levelground.frameworks.views.lifecycle.MAPPED", 4)
    draft = services.correct(version=cast.version, by=cast.nia, label="2", reason="A slip")
    url = at("framework_compare", draft) + "?all=1"
    first, second = officer.get(url), officer.get(f"{url}&rows=2")
    named = [[field["value"] for field in soup(page).select("[name=code]")] for page in (first, second)]
    assert named == [["1.1.1", "1.1.2", "1.1.3", "2.1.1"], ["2.1.2", "2.1.3"]]
    assert "Part 1 of 2" in words(first)
