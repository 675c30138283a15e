from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError

from levelground.foundation.audit.models import AuditEvent
from levelground.foundation.jobs.worker import Worker
from levelground.organisations.models import Invitation, Network
from levelground.organisations.roles import Role
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
OFFICER = "officer@example.org"


def start(name: str = "Bright Path", **options: Any) -> None:
    call_command("start_network", name, **{"officer": OFFICER, "by": "root@test.example", **options})


@pytest.fixture
def root() -> Any:
    return UserFactory(email="root@test.example", is_staff=True)


def test_a_network_and_its_first_officer(root: Any, django_capture_on_commit_callbacks: Any, capsys: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        start(welsh="Llwybr Disglair")
    network = Network.objects.get()
    assert (network.slug, network.name.cy, network.help_email) == ("bright-path", "Llwybr Disglair", OFFICER)
    invitation = Invitation.objects.get()
    assert (invitation.network, invitation.role, invitation.email) == (network, Role.NETWORK_OFFICER, OFFICER)
    assert AuditEvent.objects.filter(verb="network.started", actor=root.public_id).count() == 1
    Worker().drain()
    assert mail.outbox[0].to == [OFFICER]
    assert f"/n/{network.slug}/" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"by": "nobody@test.example"}, "createsuperuser"),
        ({"officer": "not an address"}, "like officer@"),
        ({"help_email": "x"}, "like officer@"),
        ({"name": "  "}, "Give a name"),
    ],
)
def test_what_is_refused_changes_nothing(root: Any, options: dict[str, Any], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        start(**options)
    assert not Network.objects.exists()


def test_only_an_administrator_starts_one(root: Any) -> None:
    UserFactory(email="alice@test.example")
    with pytest.raises(CommandError, match="no system administrator"):
        start(by="alice@test.example")


def test_no_two_networks_of_one_name(root: Any) -> None:
    start()
    with pytest.raises(CommandError, match="no network here has yet"):
        start()
