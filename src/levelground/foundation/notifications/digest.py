"""The e-mail digest: how many notifications wait, and a link. Never what they are about (guide section 4)."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from levelground.foundation import clock

from .models import Notification

LONDON = ZoneInfo("Europe/London")
log = structlog.get_logger(__name__)


class NotSent(Exception):
    """Some e-mails could not be sent; those that were are marked, so trying again sends only the others."""


def quiet_until(now: dt.datetime, start: dt.time, end: dt.time) -> dt.datetime | None:
    """The end of the quiet hours in which ``now`` lies, or ``None`` when it lies outside them. Times are London's."""
    local = now.astimezone(LONDON)
    time, day = local.time(), local.date()
    over_midnight = start > end
    if over_midnight and time >= start:
        day += dt.timedelta(days=1)
    elif not (time < end and (over_midnight or time >= start)):
        return None
    return dt.datetime.combine(day, end, LONDON).astimezone(dt.UTC)


def people(frequency: str) -> QuerySet[Any]:
    """The people with something new, who want their digest with this frequency; with counts ``new`` and ``unread``."""
    unread = Q(notifications__read_at__isnull=True)
    return (
        get_user_model()
        .objects.filter(is_active=True, digest=frequency)
        .annotate(
            unread=Count("notifications", filter=unread),
            new=Count("notifications", filter=unread & Q(notifications__mailed_at__isnull=True)),
        )
        .filter(new__gt=0)
        .order_by("pk")
    )


def compose(person: Any, connection: Any = None) -> EmailMessage:
    """The digest of a person from ``people``, in their language."""
    account = settings.BASE_URL + reverse("account")
    with translation.override(person.language):
        how_often = {"daily": _("once a day"), "weekly": _("once a week")}
        new = ngettext(
            "There is %(count)d new notification for you.",
            "There are %(count)d new notifications for you.",
            person.new,
        )
        unread = ngettext("In all, %(count)d is not read yet.", "In all, %(count)d are not read yet.", person.unread)
        lines = [
            _("Hello,"),
            f"{new % {'count': person.new}} {unread % {'count': person.unread}}",
            _("Read them here:") + "\n" + settings.BASE_URL + reverse("notifications"),
            _("To keep what you do private, this e-mail does not say what they are about."),
            _("You get this e-mail %(how_often)s at most. To change that, or to get no more of them:")
            % {"how_often": how_often[person.digest]}
            + "\n"
            + account,
        ]
        subject = ngettext(
            "%(count)d new notification in %(site)s", "%(count)d new notifications in %(site)s", person.new
        )
        return EmailMessage(
            subject=subject % {"count": person.new, "site": settings.SITE_NAME},
            body="\n\n".join(lines) + "\n",
            to=[person.email],
            headers={"Auto-Submitted": "auto-generated", "List-Unsubscribe": f"<{account}>"},
            connection=connection,
        )


def send(*, frequency: str) -> int:
    """Send the digests of this frequency; how many were sent. ``NotSent`` when some could not be."""
    sent = refused = 0
    with get_connection() as connection:
        for person in people(frequency):
            waiting = list(
                Notification.objects.filter(user=person, read_at=None, mailed_at=None).values_list("pk", flat=True)
            )
            try:
                compose(person, connection).send()
            except OSError as error:  # SMTP errors are OSErrors
                log.warning("digest not sent", user=person.public_id, why=type(error).__name__)
                refused += 1
                continue
            Notification.objects.filter(pk__in=waiting).update(mailed_at=clock.now())
            sent += 1
    if refused:
        raise NotSent(f"{refused} digests could not be sent.")
    return sent
