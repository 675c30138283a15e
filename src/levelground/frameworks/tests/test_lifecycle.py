"""From draft to published, corrected and retired; and where answers go from version to version."""

import pytest

from levelground.foundation.audit.models import AuditEvent
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import IllegalMove, Invalid
from levelground.frameworks import services
from levelground.frameworks.models import Framework, FrameworkVersion, IndicatorMapping, VersionMove
from levelground.frameworks.selectors import as_data, base_of, help_contact, mapping, published, tree
from levelground.frameworks.services.lifecycle import CameFrom
from tests.factories import framework_data


def codes(old, new):
    """The mapping between two versions by codes: new → (old, carries)."""
    left, right = ({item.pk: item.code for item in tree(side).indicators} for side in (old, new))
    return {right[b]: (left[a], carries) for a, b, carries in mapping(old, new)}


@pytest.fixture
def draft(cast):
    return services.correct(version=cast.version, by=cast.nia, label="2", reason="A slip in 1.1.1")


def indicator(version, code):
    return version.indicators.get(code=code)


@pytest.mark.requirement("MQM-07")
def test_an_import_makes_a_draft_with_the_whole_tree(cast):
    data = framework_data(label="2", themes=3, indicators=2)
    version = services.import_version(network=cast.network, data=data, by=cast.nia)
    assert (version.status, version.number, version.indicator_count) == ("draft", 2, 6)
    found = as_data(version)["areas"]
    assert [theme["code"] for area in found for theme in area["themes"]] == ["1", "2", "3"]
    assert all(item.standard.theme.area.version_id == version.pk for item in version.indicators.all())
    event = AuditEvent.objects.get(verb="framework.version_imported", subject__endswith=version.public_id)
    assert event.actor == cast.nia.public_id


def test_a_later_import_leaves_the_frameworks_own_words_alone_unless_asked(cast):
    data = framework_data(label="2")
    data["framework"]["name"] = {"en": "Renamed", "cy": "Ailenwyd"}
    services.import_version(network=cast.network, data=data, by=cast.nia)
    assert Framework.objects.get(network=cast.network).name.en == "Test mark"
    services.import_version(network=cast.network, data=data, by=cast.nia, update_framework=True, label="3")
    assert Framework.objects.get(network=cast.network).name.en == "Renamed"
    event = AuditEvent.objects.get(verb="framework.changed")
    assert (event.before["name"]["en"], event.after["name"]["en"]) == ("Test mark", "Renamed")


def test_two_networks_may_use_the_same_slug(cast):
    version = services.import_version(network=cast.other_network, data=framework_data(), by=cast.olga)
    assert (version.number, Framework.objects.filter(slug="mark").count()) == (1, 2)


def test_every_move_leaves_a_history_row_and_an_audit_event(cast, draft):
    services.move(version=draft, to="consultation", by=cast.nia, reason="Ask the members")
    services.move(version=draft, to="pilot", by=cast.nia, consulted="Twelve members", decisions="Keep 1.1.1")
    services.publish(version=draft, by=cast.nia)
    moves = list(VersionMove.objects.filter(version=draft))
    assert [(one.from_status, one.to_status) for one in moves] == [
        ("draft", "consultation"), ("consultation", "pilot"), ("pilot", "published"),
    ]  # fmt: skip
    assert moves[0].reason == "Ask the members"
    assert (moves[2].by, moves[2].consulted, moves[2].decisions) == (cast.nia, "Twelve members", "Keep 1.1.1")
    assert (
        AuditEvent.objects.filter(verb__startswith="framework.version_", subject__endswith=draft.public_id).count() == 4
    )


def test_after_a_consultation_publishing_asks_who_was_asked(cast, draft):
    services.move(version=draft, to="consultation", by=cast.nia)
    with pytest.raises(IllegalMove, match="who was asked and what was decided"):
        services.publish(version=draft, by=cast.nia)
    services.record_consultation(version=draft, consulted="Members", decisions="None", by=cast.nia)
    assert services.publish(version=draft, by=cast.nia).status == "published"


@pytest.mark.parametrize(
    ("then", "sentence"), [("draft", "cannot become"), ("pilot", "cannot become"), ("published", "already published")]
)
def test_moves_that_the_table_does_not_have_are_refused(cast, then, sentence):
    with pytest.raises(IllegalMove, match=sentence):
        services.move(version=cast.version, to=then, by=cast.nia)


def test_retiring_needs_a_reason_and_takes_the_version_out_of_use(cast):
    with pytest.raises(Invalid):
        services.move(version=cast.version, to="retired", by=cast.nia, reason=" ")
    services.move(version=cast.version, to="retired", by=cast.nia, reason="Old")
    assert published(cast.version.framework) is None


def test_an_empty_draft_or_branch_is_not_published(cast, draft):
    services.delete_node(node=indicator(draft, "1.1.1").standard, by=cast.nia)
    with pytest.raises(IllegalMove, match=r"Add to these, or take them out: 1\. They"):
        services.publish(version=draft, by=cast.nia)
    for area in draft.areas.all():
        services.delete_node(node=area, by=cast.nia)
    with pytest.raises(IllegalMove, match="This version has none"):
        services.publish(version=draft, by=cast.nia)


def test_publishing_tells_the_apps_above_once_it_is_certain(cast, draft, django_capture_on_commit_callbacks):
    heard = []

    def listener(sender, version, by, **more):
        heard.append((version.pk, by))

    services.version_published.connect(listener)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            services.publish(version=draft, by=cast.nia)
            assert heard == []
    finally:
        services.version_published.disconnect(listener)
    assert heard == [(draft.pk, cast.nia)]


def test_positions_count_through_the_published_version_in_reading_order(cast, draft):
    services.move_node(node=draft.themes.get(code="2"), up=True, by=cast.nia)
    version = services.publish(version=draft, by=cast.nia)
    assert [item.code for item in version.indicators.order_by("position")] == [
        "2.1.1", "2.1.2", "2.1.3", "1.1.1", "1.1.2", "1.1.3",
    ]  # fmt: skip


@pytest.mark.requirement("MQM-48")
def test_a_correction_is_a_copy_that_knows_where_each_indicator_comes_from(cast, draft):
    assert (draft.status, draft.corrects, draft.number) == ("draft", cast.version, 2)
    assert as_data(draft)["areas"] == as_data(cast.version)["areas"]
    assert codes(cast.version, draft) == {item.code: (item.code, True) for item in tree(cast.version).indicators}
    services.publish(version=draft, by=cast.nia)
    assert {v.status for v in FrameworkVersion.objects.filter(framework=draft.framework)} == {"published"}


def test_one_correction_at_a_time_with_a_name_of_its_own(cast, draft):
    with pytest.raises(IllegalMove, match="Version 2 corrects this one already"):
        services.correct(version=cast.version, by=cast.nia, label="3", reason="Again")
    services.discard(version=draft, by=cast.nia)
    with pytest.raises(Invalid) as refused:
        services.correct(version=cast.version, by=cast.nia, label="1", reason="Again")
    assert "already" in refused.value.fields["label"]


def test_a_discarded_draft_leaves_nothing_behind_but_the_audit(cast, draft):
    services.discard(version=draft, by=cast.nia)
    assert not FrameworkVersion.objects.filter(pk=draft.pk).exists()
    assert not IndicatorMapping.objects.exists()
    assert AuditEvent.objects.get(verb="framework.version_discarded").before == {"label": "2", "indicators": 6}
    with pytest.raises(IllegalMove):
        services.discard(version=cast.version, by=cast.nia)


@pytest.mark.requirement("MQM-48")
def test_a_renamed_code_carries_its_answer_and_a_changed_meaning_need_not(cast, draft):
    services.edit_node(node=indicator(draft, "1.1.1"), values={"code": "1.1.9"}, by=cast.nia)
    services.set_mapping(
        version=draft, base=cast.version, by=cast.nia,
        rows=[CameFrom("1.1.2", "1.1.2", carries_answer=False), CameFrom("1.1.3", "2.1.1", carries_answer=True)],
    )  # fmt: skip
    found = codes(cast.version, draft)
    assert found["1.1.9"] == ("1.1.1", True)
    assert found["1.1.2"] == ("1.1.2", False)
    assert found["1.1.3"] == ("2.1.1", True)


@pytest.mark.requirement("MQM-48")
@pytest.mark.parametrize(
    ("values", "carries"),
    [
        ({"text": Bilingual("Something else is asked", "Gofynnir rhywbeth arall")}, False),
        ({"answer_type": "narrative"}, False),
        ({"text": Bilingual("{old}", "Cymraeg well"), "guidance": Bilingual("Look here", "Edrychwch yma")}, True),
    ],
)
def test_an_indicator_that_asks_something_else_is_answered_anew(cast, draft, values, carries):
    one = indicator(draft, "1.1.1")
    if "text" in values:
        values["text"] = Bilingual(values["text"].en.replace("{old}", one.text.en), values["text"].cy)
    services.edit_node(node=one, values=values, by=cast.nia)
    assert codes(cast.version, draft)["1.1.1"] == ("1.1.1", carries)
    # The network may say that the old answer still holds.
    rows = [CameFrom("1.1.1", "1.1.1", carries_answer=True)]
    services.set_mapping(version=draft, base=cast.version, rows=rows, by=cast.nia)
    assert codes(cast.version, draft)["1.1.1"] == ("1.1.1", True)


@pytest.mark.requirement("MQM-48")
def test_without_a_word_the_same_code_with_the_same_text_carries_its_answer(cast):
    data = framework_data(label="2")
    items = data["areas"][0]["themes"][0]["standards"][0]["indicators"]
    items[0]["text"] = {"en": "Something else", "cy": "Rhywbeth arall"}
    items[1]["text"] = {**items[1]["text"], "cy": "Cymraeg well"}
    items[2]["code"] = "1.1.7"
    new = services.import_version(network=cast.network, data=data, by=cast.nia)
    found = codes(cast.version, new)
    assert (found["1.1.1"], found["1.1.2"]) == (("1.1.1", False), ("1.1.2", True))
    assert "1.1.7" not in found
    assert base_of(new) == cast.version


@pytest.mark.requirement("MQM-48")
def test_across_two_corrections_an_answer_is_carried_when_each_step_carries_it(cast, draft):
    services.edit_node(node=indicator(draft, "1.1.1"), values={"code": "1.1.9"}, by=cast.nia)
    rows = [CameFrom("1.1.2", "1.1.2", carries_answer=False)]
    services.set_mapping(version=draft, base=cast.version, rows=rows, by=cast.nia)
    second = services.publish(version=draft, by=cast.nia)
    third = services.correct(version=second, by=cast.nia, label="3", reason="More")
    services.edit_node(node=indicator(third, "1.1.9"), values={"code": "1.1.10"}, by=cast.nia)
    found = codes(cast.version, third)
    assert found["1.1.10"] == ("1.1.1", True)
    assert found["1.1.2"] == ("1.1.2", False)
    assert found["1.1.3"] == ("1.1.3", True)


def test_a_mapping_names_only_what_is_there(cast, draft):
    with pytest.raises(Invalid) as refused:
        services.set_mapping(
            version=draft, base=cast.version, by=cast.nia, rows=[CameFrom("1.1.1", "9.9.9", carries_answer=True)]
        )
    assert "There is no indicator 9.9.9 in version 1" in refused.value.fields["from-1.1.1"]
    with pytest.raises(Invalid):
        services.set_mapping(version=draft, base=draft, by=cast.nia, rows=[])


def test_the_same_mapping_again_changes_nothing(cast, draft):
    rows = [CameFrom("1.1.1", "1.1.1", carries_answer=True)]
    assert services.set_mapping(version=draft, base=cast.version, rows=rows, by=cast.nia) == 0
    assert not AuditEvent.objects.filter(verb="framework.mapping_set").exists()


@pytest.mark.requirement("MQM-10")
def test_a_framework_has_its_own_help_contact_or_the_networks(cast):
    framework = cast.version.framework
    assert help_contact(framework).email == "help@test.example"
    services.edit_framework(framework=framework, values={"help_email": "mark@test.example"}, by=cast.nia)
    assert help_contact(Framework.objects.get(pk=framework.pk)).email == "mark@test.example"


def test_an_import_takes_no_name_that_a_version_has(cast):
    with pytest.raises(Invalid) as refused:
        services.import_version(network=cast.network, data=framework_data(label="1"), by=cast.nia)
    assert "There is a version 1 already" in refused.value.fields["label"]
