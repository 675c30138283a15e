"""The figures that a scheme asks for."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import Conflict, IllegalMove, Invalid
from levelground.returns import selectors, services
from levelground.returns.forms.writing import FigureField
from levelground.returns.models import PEOPLE_REACHED, ReturnEdition, ReturnFigure
from tests.factories import NetworkFactory

from .conftest import Year

pytestmark = pytest.mark.django_db


def add(year: Year, name: str = "Volunteers", **given) -> ReturnFigure:
    return services.add_figure(
        framework=year.framework, label=Bilingual(name, f"{name} (cy)"), by=year.cast.nia, **{"kind": "count", **given}
    )


def change(year: Year, figure: ReturnFigure, **given) -> ReturnFigure:
    wanted = {"label": figure.label, "help": figure.help, "kind": figure.kind, "required": figure.required, **given}
    return services.change_figure(figure=figure, by=year.cast.nia, **wanted)


def codes(year: Year, number: int = 1) -> list[str]:
    return [figure.code for figure in selectors.figures_of(year.quarters[number - 1])]


@pytest.mark.requirement("MQM-05")
def test_people_reached_comes_first_and_stays(year: Year) -> None:
    add(year)
    assert codes(year) == [PEOPLE_REACHED, "volunteers"]
    reached = ReturnFigure.objects.get(code=PEOPLE_REACHED)
    for wrong in ({"until_quarter": year.quarters[0]}, {"kind": "money"}):
        with pytest.raises(IllegalMove):
            change(year, reached, **wrong)
    with pytest.raises(IllegalMove):
        services.move_figure(figure=reached, up=False, by=year.cast.nia)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReturnFigure.objects.filter(pk=reached.pk).update(position=3)


def test_a_figure_is_asked_from_one_quarter_to_another(year: Year) -> None:
    add(year, from_quarter=year.quarters[1], until_quarter=year.quarters[2])
    assert [len(codes(year, number)) for number in (1, 2, 3, 4)] == [1, 2, 2, 1]


def test_a_figure_that_changes_touches_no_return_that_was_sent(july: Year) -> None:
    figure = add(july, required=False)
    sent = july.send(values={"people_reached": Decimal(1), "volunteers": Decimal(7)})
    before = ReturnEdition.objects.get().payload
    change(july, figure, label=Bilingual("People who give their time", ""), until_quarter=july.quarters[0])
    assert ReturnEdition.objects.get().payload == before
    assert '"Volunteers"' in before
    assert codes(july, 2) == [PEOPLE_REACHED]
    assert sent.edition == 1


def test_the_kind_of_a_figure_is_fixed_once_it_is_filled_in(july: Year) -> None:
    figure = add(july, required=False)
    change(july, figure, kind="money")
    figure.refresh_from_db()
    july.draft(values={"people_reached": Decimal(1), "volunteers": Decimal(7)})
    with pytest.raises(Invalid) as refused:
        change(july, figure, kind="percent")
    assert set(refused.value.fields) == {"kind"}


@pytest.mark.parametrize(("given", "field"), [
    ({"label": Bilingual()}, "label_en"), ({"kind": "colour"}, "kind"),
])  # fmt: skip
def test_a_figure_that_does_not_fit_is_refused(year: Year, given: dict, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.add_figure(
            framework=year.framework, by=year.cast.nia, **{"label": Bilingual("A", "A"), "kind": "count", **given}
        )
    assert set(refused.value.fields) == {field}


def test_quarters_of_another_framework_and_backward_spans_are_refused(year: Year) -> None:
    with pytest.raises(Invalid):
        add(year, from_quarter=year.quarters[2], until_quarter=year.quarters[1])
    other = year.quarters[0]
    other.framework_id = NetworkFactory().pk + 1000
    with pytest.raises(Invalid):
        add(year, from_quarter=other)


def test_figures_of_one_name_get_codes_of_their_own_and_an_order(year: Year) -> None:
    add(year, "Calls")
    second = add(year, "Calls")
    assert codes(year) == [PEOPLE_REACHED, "calls", "calls_2"]
    services.move_figure(figure=second, up=True, by=year.cast.nia)
    services.move_figure(figure=second, up=True, by=year.cast.nia)
    assert codes(year) == [PEOPLE_REACHED, "calls_2", "calls"]


def test_the_second_of_two_officers_is_told(year: Year) -> None:
    figure = add(year)
    change(year, figure, label=Bilingual("One", "Un"), seen_version=0)
    with pytest.raises(Conflict):
        change(year, figure, label=Bilingual("Two", "Dau"), seen_version=0)


def test_there_is_an_end_to_what_may_be_asked(year: Year) -> None:
    for number in range(39):
        add(year, f"Figure {number}")
    with pytest.raises(IllegalMove):
        add(year, "One too many")


def test_a_figure_says_its_unit_beside_the_field():
    said = {kind: FigureField(ReturnFigure(kind=kind), None).help_text for kind in ("money", "percent", "count")}
    assert said == {"money": "In pounds (£).", "percent": "In percent, from 0 to 100.", "count": ""}
