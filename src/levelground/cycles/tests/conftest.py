"""What the tests of the yearly cycle share."""

from types import SimpleNamespace
from typing import Any

import pytest

from .ways import make_cycle, of


@pytest.fixture
def year(cast: Any) -> Any:
    """The people of the tests with this year's cycle; ``row()`` is Alder's submission as it stands now."""
    cycle = make_cycle(cast)
    return SimpleNamespace(**vars(cast), cycle=cycle, row=lambda who=None: of(cycle, who or cast.alder), cast=cast)
