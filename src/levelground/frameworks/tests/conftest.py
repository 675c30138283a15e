"""Who asks, and what for: two signed-in people and a draft that corrects the published version."""

import pytest

from levelground.frameworks import services


@pytest.fixture
def officer(client, cast):
    client.force_login(cast.nia)
    return client


@pytest.fixture
def lead(client, cast):
    client.force_login(cast.alice)
    return client


@pytest.fixture
def draft(cast):
    return services.correct(version=cast.version, by=cast.nia, label="2", reason="A slip in 1.1.1")
