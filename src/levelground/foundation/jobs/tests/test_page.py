from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from levelground.foundation.jobs import services
from levelground.foundation.jobs.worker import Worker
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/system/jobs/"


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True))
    return client


def test_only_administrators_see_it(client: Client, refusing: Callable[..., Any]) -> None:
    run = refusing(retries=0).enqueue_on_commit()
    Worker().drain()
    assert client.get(PAGE).status_code == 302
    assert client.post(f"{PAGE}{run.pk}/retry/").status_code == 302
    client.force_login(UserFactory())
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}{run.pk}/retry/").status_code == 403
    run.result.refresh_from_db()
    assert run.result.status == "FAILED"


def test_a_failed_job_shows_its_error_and_can_be_tried_again(
    staff: Client, refusing: Callable[..., Any], calls: list[Any]
) -> None:
    run = refusing(retries=0).enqueue_on_commit("<b>no</b>")
    Worker().drain()
    html = staff.get(PAGE, {"state": "failed"}).content.decode()
    assert "test.refuse" in html
    assert "RuntimeError: &lt;b&gt;no&lt;/b&gt;" in html
    assert staff.get(f"{PAGE}{run.pk}/retry/").status_code == 405
    assert staff.post(f"{PAGE}{run.pk}/retry/")["Location"] == f"{PAGE}?state=waiting"
    Worker().drain()
    assert len(calls) == 2


def test_an_unknown_job_cannot_be_tried_again(staff: Client) -> None:
    assert staff.post(f"{PAGE}00000000-0000-0000-0000-000000000000/retry/").status_code == 404


def test_it_says_when_no_worker_runs(staff: Client) -> None:
    from levelground.foundation import clock

    assert "No worker is running" in staff.get(PAGE).content.decode()
    services.beat(worker="host-1", started_at=clock.now(), run=None)
    html = staff.get(PAGE).content.decode()
    assert "No worker is running" not in html
    assert "host-1" in html


def test_it_speaks_welsh(staff: Client) -> None:
    html = staff.get(PAGE, HTTP_ACCEPT_LANGUAGE="cy").content.decode()
    assert "Nid oes gweithiwr yn rhedeg" in html


def test_a_long_list_comes_in_pages_without_a_query_for_each(
    staff: Client, remembering: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(51):
        remembering.enqueue_on_commit(str(number))
    staff.get("/help/")
    with django_assert_max_num_queries(12):
        html = staff.get(PAGE).content.decode()
    assert html.count("lg-tasks__item") == 50
    assert "lg-tasks__item" in staff.get(PAGE, {"page": 2}).content.decode()
