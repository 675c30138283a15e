"""Changing a draft by hand: add, change, move, take out; two editors; nothing once people are reading it."""

import pytest

from levelground.foundation.audit.models import AuditEvent
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import Conflict, IllegalMove, Invalid
from levelground.frameworks import services
from levelground.frameworks.models import Indicator, IndicatorMapping
from levelground.frameworks.selectors import fingerprint, tree


@pytest.fixture
def draft(cast):
    return services.correct(version=cast.version, by=cast.nia, label="2", reason="A slip")


def values(draft, code="1.1.4", **extra):
    return {
        "code": code, "text": Bilingual("New", "Newydd"), "kind": "legal", "standard": draft.standards.get(code="1.1"),
        **extra,
    }  # fmt: skip


def order(draft):
    return [item.code for item in tree(draft).indicators]


@pytest.mark.requirement("MQM-07")
def test_an_indicator_is_added_at_the_end_of_its_standard(cast, draft):
    services.add_node(version=draft, level="indicator", values=values(draft), by=cast.nia)
    draft.refresh_from_db()
    assert order(draft) == ["1.1.1", "1.1.2", "1.1.3", "1.1.4", "2.1.1", "2.1.2", "2.1.3"]
    assert draft.indicator_count == 7
    assert AuditEvent.objects.get(verb="framework.indicator_added").after["code"] == "1.1.4"


def test_every_level_can_be_added(cast, draft):
    name = Bilingual("B", "B")
    area = services.add_node(version=draft, level="area", values={"code": "B", "name": name}, by=cast.nia)
    theme = services.add_node(
        version=draft, level="theme", values={"code": "9", "name": name, "area": area}, by=cast.nia
    )
    standard = services.add_node(
        version=draft, level="standard", values={"code": "9.1", "text": name, "theme": theme}, by=cast.nia
    )
    services.add_node(version=draft, level="indicator", values=values(draft, "9.1.1", standard=standard), by=cast.nia)
    assert order(draft)[-1] == "9.1.1"


@pytest.mark.parametrize("code", ["1.1.1", "1.1.2"])
def test_a_code_stands_once(cast, draft, code):
    with pytest.raises(Invalid) as refused:
        services.add_node(version=draft, level="indicator", values=values(draft, code), by=cast.nia)
    assert "used already" in refused.value.fields["code"]
    with pytest.raises(Invalid):
        services.edit_node(node=draft.indicators.get(code="2.1.1"), values={"code": code}, by=cast.nia)


def test_a_parent_of_another_version_is_refused(cast, draft):
    theirs = cast.version.standards.get(code="1.1")
    with pytest.raises(Invalid):
        services.add_node(version=draft, level="indicator", values=values(draft, standard=theirs), by=cast.nia)


def test_a_change_is_recorded_with_before_and_after(cast, draft):
    node = draft.indicators.get(code="1.1.1")
    services.edit_node(node=node, values={"kind": "both"}, by=cast.nia, seen=fingerprint(node))
    event = AuditEvent.objects.get(verb="framework.indicator_changed")
    assert (event.before["kind"], event.after["kind"], event.actor) == ("good_practice", "both", cast.nia.public_id)


def test_saving_without_a_change_writes_nothing(cast, draft):
    node = draft.indicators.get(code="1.1.1")
    services.edit_node(node=node, values={"kind": node.kind}, by=cast.nia, seen="stale")
    assert not AuditEvent.objects.filter(verb="framework.indicator_changed").exists()


def test_the_second_of_two_editors_learns_of_the_first_and_loses_nothing(cast, draft):
    node = draft.indicators.get(code="1.1.1")
    seen = fingerprint(node)
    services.edit_node(node=node, values={"kind": "legal"}, by=cast.nia, seen=seen)
    with pytest.raises(Conflict) as conflict:
        services.edit_node(node=node, values={"kind": "both"}, by=cast.olga, seen=seen)
    assert (conflict.value.theirs.kind, conflict.value.yours) == ("legal", {"kind": "both"})
    assert draft.indicators.get(code="1.1.1").kind == "legal"


def test_what_a_colleague_took_out_is_a_conflict_too(cast, draft):
    node = draft.indicators.get(code="1.1.1")
    services.delete_node(node=draft.indicators.get(code="1.1.1"), by=cast.nia)
    with pytest.raises(Conflict, match="took this out"):
        services.edit_node(node=node, values={"kind": "both"}, by=cast.nia, seen=fingerprint(node))


def test_neighbours_change_places_within_their_parent(cast, draft):
    assert services.move_node(node=draft.indicators.get(code="1.1.2"), up=True, by=cast.nia)
    assert order(draft)[:3] == ["1.1.2", "1.1.1", "1.1.3"]
    assert not services.move_node(node=draft.indicators.get(code="1.1.2"), up=True, by=cast.nia)
    assert not services.move_node(node=draft.indicators.get(code="2.1.3"), up=False, by=cast.nia)
    assert services.move_node(node=draft.themes.get(code="1"), up=False, by=cast.nia)
    assert order(draft)[:3] == ["2.1.1", "2.1.2", "2.1.3"]


def test_an_indicator_moves_to_another_standard_at_its_end(cast, draft):
    services.edit_node(
        node=draft.indicators.get(code="1.1.1"), values={"standard": draft.standards.get(code="2.1")}, by=cast.nia
    )
    assert order(draft) == ["1.1.2", "1.1.3", "2.1.1", "2.1.2", "2.1.3", "1.1.1"]


def test_taking_out_a_theme_takes_what_is_below_and_its_mappings(cast, draft):
    gone = services.delete_node(node=draft.themes.get(code="1"), by=cast.nia)
    draft.refresh_from_db()
    assert (gone, draft.indicator_count, order(draft)) == (3, 3, ["2.1.1", "2.1.2", "2.1.3"])
    assert IndicatorMapping.objects.filter(new__version=draft).count() == 3
    assert Indicator.objects.filter(version=cast.version).count() == 6
    assert "1.1.1" in AuditEvent.objects.get(verb="framework.theme_removed").before["with"]


def test_nothing_changes_while_people_read_a_version_or_after_it_is_published(cast, draft):
    services.move(version=draft, to="consultation", by=cast.nia)
    node = draft.indicators.get(code="1.1.1")
    for act in (
        lambda: services.add_node(version=draft, level="indicator", values=values(draft), by=cast.nia),
        lambda: services.edit_node(node=node, values={"kind": "legal"}, by=cast.nia),
        lambda: services.move_node(node=node, up=False, by=cast.nia),
        lambda: services.delete_node(node=node, by=cast.nia),
        lambda: services.set_mapping(version=draft, base=cast.version, rows=[], by=cast.nia),
        lambda: services.discard(version=draft, by=cast.nia),
    ):
        with pytest.raises(IllegalMove, match="Take it back to draft"):
            act()
    with pytest.raises(IllegalMove, match="never changes"):
        services.delete_node(node=cast.version.indicators.first(), by=cast.nia)
    services.move(version=draft, to="draft", by=cast.nia)
    services.edit_node(node=node, values={"kind": "legal"}, by=cast.nia)


def test_two_people_who_change_the_frameworks_details_notice_each_other(cast):
    framework = cast.version.framework
    seen = fingerprint(framework)
    services.edit_framework(framework=framework, values={"strategy_year": 2030}, by=cast.nia, seen=seen)
    with pytest.raises(Conflict):
        services.edit_framework(framework=framework, values={"strategy_year": 2031}, by=cast.nia, seen=seen)
