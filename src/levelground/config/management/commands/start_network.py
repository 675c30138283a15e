"""``levelground start-network``: the first network of a new site, and an invitation for its first officer."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from levelground.accounts.models import User
from levelground.foundation.audit import services as audit
from levelground.foundation.bilingual import Bilingual
from levelground.organisations.models import Network
from levelground.organisations.roles import Role
from levelground.organisations.services.invitations import offer
from levelground.organisations.services.slugs import free_slug


class Command(BaseCommand):
    help = "Make a network and invite its first officer by e-mail. Officers then invite everybody else on the pages."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="The network's name in English.")
        parser.add_argument("--welsh", default="", help="Its name in Welsh.")
        parser.add_argument("--officer", required=True, metavar="E-MAIL", help="Whom to invite as its officer.")
        parser.add_argument("--help-email", default="", help="Whom members ask for help; else the officer.")
        parser.add_argument("--by", required=True, metavar="E-MAIL", help="Your account (levelground createsuperuser).")

    def handle(self, *args: Any, **options: Any) -> None:
        by = User.objects.filter(email=options["by"].lower(), is_staff=True, is_active=True).first()
        if by is None:
            raise CommandError(f"{options['by']} is no system administrator. Run first: levelground createsuperuser")
        name = Bilingual(options["name"].strip(), options["welsh"].strip())
        contact = options["help_email"] or options["officer"]
        try:
            for address in (options["officer"], contact):
                validate_email(address)
        except ValidationError:
            raise CommandError("Give e-mail addresses like officer@example.org.") from None
        if not name.en or any(network.name.en == name.en for network in Network.objects.all()):
            raise CommandError("Give a name that no network here has yet.")
        network = self._start(name, contact, options["officer"], by)
        address = settings.BASE_URL + reverse("network_home", args=[network.slug])
        self.stdout.write(f"Made “{name.en}” at {address}, and invited {options['officer']}.")

    @transaction.atomic
    def _start(self, name: Bilingual, contact: str, officer: str, by: User) -> Network:
        slug = free_slug(name, lambda slug: Network.objects.filter(slug=slug).exists(), 60)
        network = Network.objects.create(slug=slug, name=name, help_label=name, help_email=contact)
        audit.record(
            by=by, verb="network.started", subject=f"network:{slug}", chain=network.audit_chain, after=name.as_dict()
        )
        offer(place=network, email=officer, name="", role=Role.NETWORK_OFFICER, by=by)
        return network
