"""Fills an empty database for a benchmark, counts the queries of each page, and prints what the load needs, as JSON.

Each user leads quality at a member of their own, with a workbook that is answered all through: most of it met, the rest
"not yet" with an action, or not applicable with a reason; some evidence and comments.
"""

import json
import os
import secrets
import sys
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

import django

django.setup()

import datetime as dt

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.models import Mark
from levelground.accounts.models import User
from levelground.assessments import services
from levelground.assessments.models import Answer, Workbook
from levelground.demo import network as demo
from levelground.foundation.bilingual import Bilingual
from levelground.frameworks.models import FrameworkVersion
from levelground.frameworks.selectors import tree
from levelground.organisations.models import Affiliation, Membership, Network, Organisation
from levelground.organisations.roles import Role


def build(users: int) -> list[dict[str, Any]]:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Mark)
    with transaction.atomic():
        demo.build()
        network = Network.objects.get(slug="bright-path")
        version = FrameworkVersion.objects.filter(framework__network=network).latest("number")
        return [member(network, version, number) for number in range(users)]


def member(network: Network, version: FrameworkVersion, number: int) -> dict[str, Any]:
    place = Organisation.objects.create(
        slug=f"bench-{number}", name=Bilingual(f"Bench {number}", f"Mainc {number}"), nation="WLS", size="small"
    )
    Affiliation.objects.create(network=network, organisation=place, joined_on=dt.date(2019, 4, 1))
    lead = User.objects.create(email=f"bench-{number}@demo.example", name=f"Bench Person {number}")
    EmailAddress.objects.create(user=lead, email=lead.email, verified=True, primary=True)
    Membership.objects.create(user=lead, role=Role.MEMBER_LEAD, organisation=place, from_date=dt.date(2020, 1, 1))
    book = services.start_workbook(organisation=place, version=version, by=lead)
    for position, indicator in enumerate(tree(version).indicators):
        answer(book, indicator, position, lead)
    return user(lead, book)


def answer(book: Workbook, indicator: Any, position: int, lead: User) -> None:
    value, reason = "met", ""
    if position % 5 == 2:
        value = "not_yet"
    elif position % 20 == 9:
        value, reason = "not_applicable", "We run no service of this kind."
    given = services.save_answer(workbook=book, indicator=indicator, value=value, reason=reason, by=lead)
    if value == "not_yet":
        services.create_action(
            workbook=book, indicator=indicator, title=f"Write down how we do {indicator.code}", owner=lead,
            due_on=dt.date(2027, 3, 31), by=lead,
        )  # fmt: skip
    if position % 7 == 0:
        services.comment(answer=given, text="I asked the trustees about this one.", by=lead)


def user(lead: User, book: Workbook) -> dict[str, Any]:
    """Everything the load must know of one user: cookies, addresses, and the version of each answer."""
    session = SessionStore()
    session[SESSION_KEY] = str(lead.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = lead.get_session_auth_hash()
    session.save()
    nodes = tree(book.version)
    answers = Answer.objects.filter(workbook=book).select_related("indicator").order_by("indicator__position")
    root = f"/o/{book.organisation.slug}/workbook/{book.framework.slug}/"
    return {
        "session": session.session_key,
        "csrf": secrets.token_hex(16),
        "workbook": book.pk,
        "root": root,
        "theme": max(nodes.themes, key=lambda node: len(node.indicators)).theme.code,
        "answers": [[a.indicator.code, a.version, a.value] for a in answers if a.value in {"met", "not_yet"}],
    }


def count_queries(person: dict[str, Any], pages: dict[str, str]) -> dict[str, int]:
    """Queries of each page for a signed-in person, in this process; the second visit counts, as in a warm server."""
    client = Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = person["session"]
    client.cookies[settings.CSRF_COOKIE_NAME] = person["csrf"]
    counts = {}
    for name, address in pages.items():
        for _ in range(2):
            with CaptureQueriesContext(connection) as seen:
                if name == "save":
                    response = client.post(address, save(person, 0), headers={"X-CSRFToken": person["csrf"]})
                else:
                    response = client.get(address)
                b"".join(response) if response.streaming else response.content
            if response.status_code != 200:
                sys.exit(f"{address} answers {response.status_code}")
        counts[name] = len(seen)
    return counts


def save(person: dict[str, Any], which: int) -> dict[str, Any]:
    """The form of the next save of one answer: it turns met into not yet and back, from the version that stands."""
    row = person["answers"][which % len(person["answers"])]
    sent = {"indicator": row[0], "version": row[1], "value": "not_yet" if row[2] == "met" else "met", "reason": ""}
    row[1], row[2] = row[1] + 1, sent["value"]
    return sent


def main() -> None:
    pages = json.loads(sys.argv[2])
    people = build(int(sys.argv[1]))
    counts = count_queries(people[0], {name: address.format(**people[0]) for name, address in pages.items()})
    print(json.dumps({"people": people, "queries": counts}))


if __name__ == "__main__":
    main()
