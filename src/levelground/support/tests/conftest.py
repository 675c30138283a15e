from typing import Any

import pytest

from levelground.support import services
from levelground.support.models import SupportCase
from tests.factories import Cast


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """Alice asks for Alder."""
    return services.ask_for_help(
        organisation=cast.alder, network=cast.network, about="We cannot find a treasurer.", by=cast.alice
    )


@pytest.fixture
def nia(cast: Cast, client: Any) -> Any:
    """The browser of the network's officer."""
    client.force_login(cast.nia)
    return client


@pytest.fixture
def alice(cast: Cast, client: Any) -> Any:
    """The browser of the member's quality lead."""
    client.force_login(cast.alice)
    return client
