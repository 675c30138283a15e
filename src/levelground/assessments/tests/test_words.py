"""One state has one name, on every page and in both languages."""

import pytest
from django.utils import translation

from levelground.assessments.states import ActionStatus, Standing, Value
from levelground.ui.tags import state_tag

TAG_OF = {Standing.GAP: "", ActionStatus.OPEN: "open", ActionStatus.VERIFIED: ""}


@pytest.mark.parametrize("state", [*(v for v in Value if v), *Standing, *ActionStatus])
def test_the_welsh_of_a_state_is_the_welsh_of_its_tag(state):
    with translation.override("en"):
        english = str(state.label)
    with translation.override("cy"):
        welsh, tag = str(state.label), str(state_tag(TAG_OF.get(state, state)).label)
    assert welsh != english
    if TAG_OF.get(state, state):
        assert welsh == tag
