"""What the workbook does when something happens below it."""

from typing import Any

from django.urls import reverse

from levelground.foundation.bilingual import Bilingual
from levelground.foundation.notifications import services as notifications
from levelground.frameworks.models import FrameworkVersion
from levelground.frameworks.services import version_published
from levelground.organisations.models import Membership
from levelground.organisations.roles import Permission, roles_with

from .models import Workbook


def tell_leads(*, version: FrameworkVersion, **_kwargs: Any) -> None:
    """Quality leads whose workbook follows an older version hear of the new one."""
    books = {
        book.organisation_id: book
        for book in Workbook.objects.filter(framework=version.framework_id, version__number__lt=version.number)
        .select_related("organisation", "framework")
    }  # fmt: skip
    leads = Membership.objects.current().filter(organisation__in=books, role__in=roles_with(Permission.SUBMIT_SNAPSHOT))
    for held in leads.select_related("user"):
        book = books[held.organisation_id or 0]
        name = book.framework.name
        notifications.notify(
            user=held.user,
            kind="framework.published",
            key=f"version:{version.public_id}",
            text=Bilingual(
                f"There is a new version of {name.en or name.cy}: {version.label}",
                f"Mae fersiwn newydd o {name.cy or name.en}: {version.label}",
            ),
            url=reverse("workbook_version", args=[book.organisation.slug, book.framework.slug]),
        )


def connect() -> None:
    version_published.connect(tell_leads, dispatch_uid="assessments.tell_leads")
