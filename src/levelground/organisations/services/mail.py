"""The e-mail that carries an invitation. It names the place but not the role, which may be private."""

import smtplib
from functools import partial

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from levelground.accounts.models import Language, User
from levelground.foundation import clock, formats
from levelground.organisations.models import Affiliation, Invitation, Network
from levelground.organisations.states import Nation

log = structlog.get_logger(__name__)


def languages_for(invitation: Invitation) -> list[str]:
    """Welsh and English where the place is in Wales or the person reads Welsh here; else English alone.

    Welsh stands first: what comes second is easily missed.
    """
    home = invitation.home
    if isinstance(home, Network):
        members = Affiliation.objects.current().filter(network=home)
        welsh = members.filter(organisation__nation=Nation.WALES).exists()
    else:
        welsh = home.nation == Nation.WALES
    welsh = welsh or User.objects.filter(email=invitation.email, language=Language.WELSH).exists()
    return ["cy", "en-gb"] if welsh else ["en-gb"]


def _one_line(text: object) -> str:
    return " ".join(str(text).split())


def _text(invitation: Invitation, link: str) -> tuple[str, str]:
    """Subject and body in the active language."""
    names = {
        "place": _one_line(invitation.scope),
        "who": _one_line(invitation.invited_by),
        "day": formats.date(invitation.expires_at),
    }
    subject = _("Join %(place)s on Levelground") % names
    greeting = _("Hello %(name)s,") % {"name": _one_line(invitation.name)} if invitation.name else _("Hello,")
    paragraphs = [
        greeting,
        _("%(who)s has invited you to join %(place)s on Levelground.") % names,
        _("Open this link to see what you are invited to, and to accept:"),
        link,
        _("The link is for you alone. It works once, until %(day)s.") % names,
        _("If you did not expect this, you need not do anything."),
    ]
    return subject, "\n\n".join(paragraphs)


def write(invitation: Invitation, secret: str) -> tuple[str, str]:
    """Subject and body, in each of the languages of ``languages_for``."""
    link = settings.BASE_URL + reverse("join", args=[secret])
    subjects, bodies = [], []
    for language in languages_for(invitation):
        with translation.override(language):
            subject, body = _text(invitation, link)
        subjects.append(subject)
        bodies.append(body)
    return " / ".join(subjects), ("\n\n" + "—" * 20 + "\n\n").join(bodies) + "\n"


def _send(pk: int, secret: str) -> None:
    invitation = Invitation.objects.select_related("network", "organisation", "team__organisation", "invited_by").get(
        pk=pk
    )
    subject, body = write(invitation, secret)
    try:
        send_mail(subject, body, None, [invitation.email])
    except (smtplib.SMTPException, OSError) as error:
        # The invitation stands: the people page shows that its e-mail has not left, and offers to send it again.
        # Only what kind of error: its words hold the address.
        log.error("invitation_not_mailed", invitation=invitation.public_id, error=type(error).__name__)
        return
    Invitation.objects.filter(pk=pk).update(sent_at=clock.now())


def send_on_commit(invitation: Invitation, secret: str) -> None:
    transaction.on_commit(partial(_send, invitation.pk, secret))
