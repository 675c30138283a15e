"""Builds the demonstration with so many members, counts the queries of each page, and prints what the load needs.

python -m benchmarks.prepare_size 1000 '{"home": "/n/bright-path/"}'
"""

import json
import os
import sys
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection

from benchmarks.models import Mark
from benchmarks.prepare import count_queries, user
from levelground.accounts.models import User
from levelground.assessments.models import Workbook
from levelground.cycles.models import Submission
from levelground.demo.network import SMALLEST
from levelground.organisations.models import Affiliation, Membership
from levelground.organisations.roles import Role

LEAD, OFFICER = "lead@demo.example", "officer@demo.example"


def people() -> dict[str, dict[str, Any]]:
    """The lead of a member on its way, and a network officer, each with the addresses that they open."""
    lead, officer = User.objects.get(email=LEAD), User.objects.get(email=OFFICER)
    place = Membership.objects.current().get(user=lead, role=Role.MEMBER_LEAD).organisation
    book = Workbook.objects.select_related("organisation", "framework", "version").get(organisation=place)
    parts = Submission.objects.filter(organisation=place).select_related("cycle__framework")
    now, sent = parts.latest("cycle__year"), parts.filter(snapshot__isnull=False).latest("cycle__year")
    address = "/o/{0.organisation.slug}/year/{0.cycle.framework.slug}/{0.cycle.year}/"
    places = {
        "member": f"/o/{place.slug}/",
        "readiness": address.format(now),
        "receipt": f"{address.format(sent)}receipts/{sent.receipt_number}/",
        "network": f"/n/{now.cycle.framework.network.slug}/",
        "cycle": f"/n/{now.cycle.framework.network.slug}/cycles/{now.cycle.framework.slug}/{now.cycle.year}/",
    }
    return {"lead": user(lead, book) | places, "officer": user(officer, book) | places}


def main() -> None:
    size, pages = int(sys.argv[1]), json.loads(sys.argv[2])
    call_command("demo", members=max(size, SMALLEST), no_serve=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Mark)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    found = people()
    counts: dict[str, int] = {}
    for name, (who, address) in pages.items():
        counts |= count_queries(found[who], {name: address.format(**found[who])})
    members = Affiliation.objects.current().filter(network__slug="bright-path").count()
    print(json.dumps({"people": found, "queries": counts, "members": members}))


if __name__ == "__main__":
    main()
