"""A file comes in: looked at first, written only after a yes."""

import pytest

from levelground.frameworks.files import write_xlsx, write_yaml
from levelground.frameworks.models import Framework, FrameworkVersion, PendingImport
from levelground.frameworks.selectors import as_data

from .files import data
from .pages import at, upload, words


@pytest.mark.parametrize(("write", "name"), [(write_yaml, "mark.yaml"), (write_xlsx, "mark.xlsx")])
def test_a_file_is_looked_at_before_anything_is_written(officer, cast, write, name):
    value = data(label="2027")
    items = value["areas"][0]["themes"][0]["standards"][0]["indicators"]
    items[0]["text"]["en"] = "Quite new words"
    del items[2]
    items.append({**items[1], "code": "1.1.8", "text": {"en": "One more", "cy": ""}})
    response = upload(officer, write(value), name)
    assert response.status_code == 302
    assert FrameworkVersion.objects.count() == 1
    page = words(officer.get(response.url))
    assert all(text in page for text in ("Quite new words", "text 1.1.1 in English", "One more", "1.1.3", "Taken out"))
    done = officer.post(response.url, {"label": "2027"})
    version = FrameworkVersion.objects.get(number=2)
    assert (done.url, version.status, version.label) == (at("framework_version", version), "draft", "2027")
    assert as_data(version)["areas"] == value["areas"]
    assert not PendingImport.objects.exists()
    assert officer.post(response.url, {"label": "2028"}).status_code == 404


def test_problems_are_listed_by_line_and_nothing_is_kept(officer, cast):
    raw = write_yaml(data()).replace(b"kind: good_practice", b"kind: custom", 1)
    response = upload(officer, raw, "mark.yaml")
    assert response.status_code == 422
    page = words(response)
    assert "line " in page and "“kind” says “custom”" in page and "Write legal, good_practice or both." in page
    assert not PendingImport.objects.exists()


def test_script_in_a_file_is_shown_as_text(officer, cast):
    value = data(label="2")
    value["areas"][0]["name"]["en"] = "<script>alert(1)</script>"
    response = upload(officer, write_yaml(value), "<img src=x onerror=alert(1)>.yaml")
    for page in (officer.get(response.url), officer.get(officer.post(response.url, {"label": "2"}).url)):
        assert b"<script>alert" not in page.content and b"<img src=x" not in page.content
        assert "<script>alert(1)</script>" in page.content.decode().replace("&lt;", "<").replace("&gt;", ">")


def test_two_versions_never_share_a_name(officer, cast):
    response = upload(officer, write_yaml(data(label="1")), "mark.yaml")
    refused = officer.post(response.url, {"label": "1"})
    assert refused.status_code == 422
    assert "There is a version 1 already" in words(refused)
    assert officer.post(response.url, {"label": "1.1"}).status_code == 302


def test_the_frameworks_own_words_change_only_when_ticked(officer, cast):
    value = data(label="2")
    value["framework"]["name"]["en"] = "Renamed"
    response = upload(officer, write_yaml(value), "mark.yaml")
    assert "Renamed" in words(officer.get(response.url))
    officer.post(response.url, {"label": "2"})
    assert Framework.objects.get(network=cast.network).name.en == "Test mark"
    response = upload(officer, write_yaml(value), "mark.yaml")
    officer.post(response.url, {"label": "3", "update_framework": "on"})
    assert Framework.objects.get(network=cast.network).name.en == "Renamed"


def test_a_file_can_be_thrown_away_and_is_nobody_elses(officer, cast, client):
    response = upload(officer, write_yaml(data(label="2", slug="new-mark")), "new.yaml")
    assert "starts a new framework" in words(officer.get(response.url))
    client.force_login(cast.olga)
    assert client.get(response.url).status_code == 404
    client.force_login(cast.nia)
    client.post(response.url, {"act": "discard"})
    assert not PendingImport.objects.exists()
    assert not Framework.objects.filter(slug="new-mark").exists()


def test_no_file_is_a_sentence(officer, cast):
    response = officer.post(at("framework_import"), {})
    assert response.status_code == 422
    assert "Framework file" in words(response)
