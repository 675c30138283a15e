"""Two people writing at the same moment. SQLite has one writer at a time; PostgreSQL needs our locks."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from levelground.assessments import services
from levelground.assessments.models import Answer, Comment, ThemeProgress
from levelground.assessments.upkeep import drifts
from levelground.foundation.audit.services import verify
from levelground.frameworks.selectors import tree
from tests.factories import Cast

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]
ROUNDS = 6


def _together(*acts):
    """Run the acts at the same moment, each with a connection of its own."""
    gate = Barrier(len(acts))

    def run(act):
        try:
            gate.wait(timeout=20)
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        for done in [pool.submit(run, act) for act in acts]:
            done.result(timeout=60)


def test_counts_history_and_audit_are_right_after_many_saves_at_once():
    cast = Cast.make()
    one, two, three = tree(cast.version).indicators[:3]

    def saves(indicator, by):
        for number in range(ROUNDS):
            value = "met" if number % 2 else "not_yet"
            services.save_answer(workbook=cast.workbook, indicator=indicator, value=value, by=by)

    def talks_and_plans():
        answer = Answer.objects.select_related("workbook__organisation", "workbook__framework", "indicator").get(
            workbook=cast.workbook, indicator=one
        )
        for number in range(ROUNDS):
            services.comment(answer=answer, text=f"Comment {number}", by=cast.carys)
            services.create_action(workbook=cast.workbook, indicator=two, title=f"Action {number}", by=cast.carys)

    _together(
        lambda: saves(one, cast.alice),
        lambda: saves(two, cast.carys),
        lambda: saves(three, cast.alice),
        talks_and_plans,
    )
    assert drifts() == []
    assert list(verify()) == []
    assert Comment.objects.count() == ROUNDS
    assert ThemeProgress.objects.get(workbook=cast.workbook, theme__code="1").met == 3


def test_two_leads_starting_one_workbook_get_one_and_a_sentence():
    from levelground.foundation.errors import IllegalMove
    from levelground.frameworks import services as frameworks
    from tests.factories import framework_data

    cast = Cast.make()
    draft = frameworks.import_version(network=cast.network, data=framework_data(slug="second"), by=cast.nia)
    version = frameworks.publish(version=draft, by=cast.nia)
    refused = []

    def start():
        try:
            services.start_workbook(organisation=cast.alder, version=version, by=cast.alice)
        except IllegalMove as error:
            refused.append(error)

    _together(start, start)
    assert len(refused) == 1
