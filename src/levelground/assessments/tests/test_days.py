"""Dates as people write them."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.utils import translation

from levelground.assessments import services
from levelground.assessments.forms import DayField
from levelground.frameworks.selectors import tree

BOOK = "/o/alder/workbook/mark/"
SENTENCE = "Write the date like 31 3 2027."


@pytest.mark.parametrize(
    "written",
    [
        "2027-03-31", "31 3 2027", "31/03/2027", "31.3.2027", "31-3-2027", "31/3/27", " 31  March 2027 ", "31 Mar 2027",
        "31st March 2027", "31 Mawrth 2027", dt.date(2027, 3, 31),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en-gb", "cy"])
def test_the_usual_ways_of_writing_a_date_are_understood(written, language):
    with translation.override(language):
        assert DayField().clean(written) == dt.date(2027, 3, 31)


@pytest.mark.parametrize(
    "written", ["soon", "31 2 2027", "3/31/2027", "2027", "31 3 20277", "<b>", "²/3/2027", "1 1 1"]
)
def test_what_is_no_date_says_how_to_write_one(written):
    with pytest.raises(ValidationError) as refused:
        DayField().clean(written)
    assert refused.value.messages == [SENTENCE]


def test_a_year_that_cannot_be_meant_is_asked_about():
    with pytest.raises(ValidationError, match="all four figures"):
        DayField().clean("0027-03-31")


@pytest.mark.parametrize("where", ["row", "indicator", "whole", "action"])
def test_every_form_of_an_action_says_how_to_write_the_date_and_keeps_what_was_typed(cast, client, where):
    client.force_login(cast.alice)
    indicator = tree(cast.version).indicators[0]
    services.save_answer(workbook=cast.workbook, indicator=indicator, value="not_yet", by=cast.alice)
    action = services.create_action(workbook=cast.workbook, indicator=None, title="x", by=cast.alice)
    prefix = {"row": "action-1.1.1-", "indicator": "action-"}.get(where, "")
    path = {
        "row": "indicator/1.1.1/actions/", "indicator": "indicator/1.1.1/actions/", "whole": "plan/new/",
        "action": f"actions/{action.public_id}/",
    }[where]  # fmt: skip
    sent = {f"{prefix}title": "Paint", f"{prefix}due_on": "next spring", f"{prefix}priority": "high"}
    headers = {"X-Row": "1"} if where == "row" else {}
    answer = client.post(f"{BOOK}{path}", sent, headers=headers)
    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 422
    field = page.select_one(f'[name="{prefix}due_on"][aria-invalid=true]')
    assert (field["type"], field["value"]) == ("text", "next spring")
    said = " ".join(page.find(id=number).get_text() for number in field["aria-describedby"].split())
    assert SENTENCE in said
    if where != "row":
        assert f"By when: {SENTENCE}" in page.select_one("[data-error-summary]").get_text()
