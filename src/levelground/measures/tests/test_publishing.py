"""A measure is a draft until it says what matters to people and is published (WM-05)."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from levelground.foundation import clock
from levelground.foundation.audit.models import AuditEvent
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import Invalid
from levelground.measures import services
from levelground.measures.models import Measure, MeasureVersion

from .conftest import Ward
from .test_pages import address, fields, page, text
from .ways import enter, make, month

pytestmark = pytest.mark.django_db
NOTHING = Bilingual()


def draft(ward: Ward, **more: Any) -> Measure:
    return make(ward.team, ward.tess, published=False, name=Bilingual("Sleep", "Cwsg"), **more)


@pytest.mark.requirement("WM-05")
def test_without_what_matters_to_people_a_measure_is_not_published(as_: Any, ward: Ward) -> None:
    client, measure = as_(ward.tess), draft(ward, matters=NOTHING)
    seen = client.get(address("measure", measure))
    assert "This measure is a draft" in text(seen) and "it must say what matters to people" in text(seen)
    edit = address("measure_edit", measure) + "#id_matters_en"
    assert page(seen).find("a", href=edit) and "Publish it" not in text(seen)
    response = client.post(address("measure_publish", measure))
    assert response.url == edit
    assert "which of people's own words" in text(client.get(response.url))
    measure.refresh_from_db()
    assert measure.published_at is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Measure.objects.filter(pk=measure.pk).update(published_at=clock.now(), published_by=ward.tess)


@pytest.mark.requirement("WM-05")
def test_with_it_the_measure_is_published_and_may_become_a_draft_again(as_: Any, ward: Ward) -> None:
    measure = draft(ward, matters=Bilingual("", "Fydda i byth yn gwybod pa mor hir fydd yr aros"))
    client = as_(ward.tess)
    assert "Publish it" in text(client.get(address("measure", measure)))
    assert client.post(address("measure_publish", measure), follow=True).status_code == 200
    measure.refresh_from_db()
    assert measure.published_at is not None and measure.published_by == ward.tess
    assert "Fydda i byth" in text(as_(ward.cast.carys).get(address("measure", measure)))
    client = as_(ward.tess)
    assert "is a draft" not in text(client.get(address("measure", measure)))
    client.post(address("measure_unpublish", measure))
    assert as_(ward.cai).get(address("measure", measure)).status_code == 404
    verbs = AuditEvent.objects.filter(subject=measure.subject).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["measure.created", "measure.published", "measure.unpublished"]


@pytest.mark.requirement("WM-05")
def test_what_matters_cannot_be_taken_out_of_a_published_measure(as_: Any, ward: Ward) -> None:
    client, url = as_(ward.tess), address("measure_edit", ward.falls)
    given = fields(matters_en="", matters_cy=" ", reason="Tidier", version=0)
    response = client.post(url, given)
    group = page(response).find(id="id_matters_en").find_parent(class_="nhsuk-form-group--error")
    assert response.status_code == 422 and "own words" in group.get_text()
    ward.falls.refresh_from_db()
    assert ward.falls.matters and MeasureVersion.objects.filter(measure=ward.falls).count() == 1
    changed = client.post(url, given | {"matters_en": "I am afraid of falling", "definition_en": "Falls", "version": 0})
    assert changed.status_code == 422  # the meaning changed too, and no day was given
    wanted = services.definition_of(ward.falls) | {"matters": Bilingual("I am afraid of falling", "")}
    services.change_measure(measure=ward.falls, definition=wanted, reason="Said in March", by=ward.tess)
    assert MeasureVersion.objects.filter(measure=ward.falls).first().matters.en == "I am afraid of falling"


def test_a_draft_is_seen_only_by_those_who_work_on_measures_there(as_: Any, ward: Ward) -> None:
    measure = draft(ward)
    enter(measure, ward.tess, {month(2026, 1): 12})
    lists = reverse("measure_list", args=["alder"])
    for who in (ward.tess, ward.cast.alice, ward.cast.carys):  # Carys enters numbers, and does not define
        assert as_(who).get(address("measure", measure)).status_code == 200
        assert "Sleep Draft" in text(as_(who).get(lists))
    assert "Publish it" not in text(as_(ward.cast.carys).get(address("measure", measure)))
    assert as_(ward.cast.carys).post(address("measure_publish", measure)).status_code == 403
    for who in (ward.cai, ward.cast.nia, ward.cast.tomos):  # a coach, an officer of the network, the trustee
        client = as_(who)
        for name in ("measure", "measure_history", "measure_picture", "measure_versions"):
            assert client.get(address(name, measure)).status_code == 404
        assert client.get(address("measure_download", measure, "csv")).status_code == 404
        assert client.post(address("measure_publish", measure)).status_code == 404
        assert "Sleep" not in text(client.get(reverse("my_measures")))
        assert client.get(address("measure", ward.falls)).status_code == 200


def test_a_networks_draft_is_the_officers_alone(as_: Any, ward: Ward) -> None:
    measure = make(ward.cast.network, ward.cast.nia, published=False)
    assert as_(ward.cast.nia).get(address("measure", measure)).status_code == 200
    services.publish(measure=measure, by=ward.cast.nia)
    services.unpublish(measure=measure, by=ward.cast.nia)
    assert set(Measure.objects.all().visible_to(ward.cast.nia)) == {measure, ward.falls}


def test_what_takes_the_place_of_a_published_measure_is_published_too(ward: Ward) -> None:
    wanted = services.definition_of(ward.falls) | {"kind": "average"}
    made = services.change_measure(measure=ward.falls, definition=wanted, reason="Fairer", by=ward.tess, as_new=True)
    assert made.published_by == ward.tess
    measure = draft(ward)
    wanted = services.definition_of(measure) | {"kind": "average"}
    made = services.change_measure(measure=measure, definition=wanted, reason="Fairer", by=ward.tess, as_new=True)
    assert made.published_at is None


def test_an_archived_measure_is_not_published(as_: Any, ward: Ward) -> None:
    measure = draft(ward)
    services.archive(measure=measure, by=ward.tess)
    client = as_(ward.tess)
    assert "archived" in text(client.post(address("measure_publish", measure), follow=True))
    measure.refresh_from_db()
    assert measure.published_at is None


def test_publishing_twice_is_publishing_once(ward: Ward) -> None:
    services.publish(measure=ward.falls, by=ward.cast.alice)
    services.unpublish(measure=draft(ward), by=ward.tess)
    assert AuditEvent.objects.filter(verb="measure.published").count() == 1
    assert not AuditEvent.objects.filter(verb="measure.unpublished").exists()
    with pytest.raises(Invalid):
        services.publish(measure=draft(ward, matters=NOTHING), by=ward.tess)
