"""What is published stays as it is: the services say so, and the database refuses whoever goes round them."""

import pytest
from django.db import DatabaseError, transaction

from levelground.frameworks import services
from levelground.frameworks.models import (
    Area,
    FrameworkVersion,
    Indicator,
    IndicatorMapping,
    Standard,
    Theme,
    VersionMove,
)
from levelground.frameworks.selectors import frozen_digest, tree
from tests.factories import framework_data


def refused(act) -> bool:
    try:
        with transaction.atomic():
            act()
    except DatabaseError:
        return True
    return False


@pytest.fixture
def draft(cast):
    return services.import_version(network=cast.network, data=framework_data(label="2"), by=cast.nia)


def copy_of(row, version):
    fields = {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if field.name != "id"}
    return type(row)(**{**fields, "version": version, "code": "new"})


@pytest.mark.parametrize("model", [Area, Theme, Standard, Indicator])
def test_the_database_refuses_to_add_change_or_delete_in_a_published_tree(cast, model):
    row = model.objects.filter(version=cast.version).first()
    assert refused(lambda: copy_of(row, cast.version).save())
    assert refused(lambda: model.objects.filter(pk=row.pk).update(code="other"))
    assert refused(lambda: model.objects.filter(pk=row.pk).update(position=99))
    assert refused(lambda: Indicator.objects.filter(version=cast.version).delete())
    assert model.objects.get(pk=row.pk).code == row.code


@pytest.mark.parametrize("model", [Area, Theme, Standard, Indicator])
def test_nothing_is_moved_into_a_published_tree(cast, draft, model):
    row = model.objects.filter(version=draft).first()
    assert refused(lambda: model.objects.filter(pk=row.pk).update(version=cast.version))


@pytest.mark.parametrize(("model", "parent"), [(Theme, "area"), (Standard, "theme"), (Indicator, "standard")])
def test_a_parent_is_of_the_same_version(cast, draft, model, parent):
    row = model.objects.filter(version=draft).first()
    theirs = getattr(model.objects.filter(version=cast.version).first(), parent)
    assert refused(lambda: model.objects.filter(pk=row.pk).update(**{parent: theirs}))
    strange = copy_of(row, draft)
    setattr(strange, parent, theirs)
    assert refused(strange.save)


@pytest.mark.parametrize(
    "change",
    [
        {"label": "Other"}, {"number": 9}, {"notes": {"en": "x"}}, {"sha256": "0" * 64}, {"consulted": "x"},
        {"indicator_count": 1}, {"status": "draft", "published_at": None}, {"status": "pilot"},
    ],
)  # fmt: skip
def test_the_words_of_a_published_version_stay(cast, change):
    assert refused(lambda: FrameworkVersion.objects.filter(pk=cast.version.pk).update(**change))


def test_a_published_version_is_not_deleted(cast):
    assert refused(lambda: FrameworkVersion.objects.filter(pk=cast.version.pk)._raw_delete("default"))


def test_a_published_mapping_and_history_stay(cast):
    new = services.correct(version=cast.version, by=cast.nia, label="2", reason="A slip")
    one = IndicatorMapping.objects.filter(new__version=new).first()
    IndicatorMapping.objects.filter(pk=one.pk).update(carries_answer=False)
    services.publish(version=new, by=cast.nia)
    assert refused(lambda: IndicatorMapping.objects.filter(pk=one.pk).update(carries_answer=True))
    assert refused(lambda: IndicatorMapping.objects.filter(pk=one.pk).delete())
    assert refused(lambda: VersionMove.objects.filter(version=new).update(reason="x"))
    assert refused(lambda: VersionMove.objects.filter(version=new).delete())


def test_retired_stays_retired(cast):
    version = services.move(version=cast.version, to="retired", by=cast.nia, reason="A newer one is better")
    assert version.retired_at
    assert refused(lambda: FrameworkVersion.objects.filter(pk=version.pk).update(status="published"))
    assert refused(lambda: FrameworkVersion.objects.filter(pk=version.pk).update(retired_at=version.published_at))


def test_the_digest_covers_the_tree_and_not_the_name_of_the_framework(cast):
    before = cast.version.sha256
    cast.version.framework.name = type(cast.version.framework.name)("Another name", "Enw arall")
    cast.version.framework.save()
    assert frozen_digest(FrameworkVersion.objects.get(pk=cast.version.pk)) == before


def test_a_frozen_tree_is_read_once(cast, django_assert_num_queries):
    tree(cast.version)
    again = FrameworkVersion.objects.get(pk=cast.version.pk)
    with django_assert_num_queries(0):
        assert len(tree(again).indicators) == 6
