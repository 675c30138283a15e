"""The workbook out as a spreadsheet and in again: what is written, what is shown first, what is refused."""

import datetime as dt
import io

import openpyxl
import pytest

from levelground.assessments import services
from levelground.assessments.models import Action, Answer, AnswerChange
from levelground.assessments.sheets.importing import apply, difference_of
from levelground.foundation.audit.models import AuditEvent
from levelground.foundation.errors import Conflict, Invalid
from levelground.foundation.exports.safe_xlsx import formula_cells
from levelground.frameworks.selectors import tree

from .sheet_tools import column_of, edited, export, fill, row_of, several


def indicator(cast, code):
    return tree(cast.version).indicator(code)[1]


def answer(cast, code):
    return Answer.objects.get(workbook=cast.workbook, indicator__code=code)


def save(cast, code, value, by=None, **more):
    return services.save_answer(
        workbook=cast.workbook, indicator=indicator(cast, code), value=value, by=by or cast.alice, **more
    )


def bring(cast, data, *, take=()):
    found = difference_of(cast.workbook, data)
    return found, apply(workbook=cast.workbook, difference=found, by=cast.alice, take=set(take))


@pytest.mark.requirement("MQM-15")
def test_the_export_lists_every_indicator_with_what_is_known(cast):
    save(cast, "1.1.1", "not_applicable", reason="We have no staff yet")
    services.create_action(
        workbook=cast.workbook, indicator=indicator(cast, "1.1.2"), title="Write a policy", by=cast.alice,
        owner=cast.carys, due_on=dt.date(2027, 5, 14),
    )  # fmt: skip
    sheet = openpyxl.load_workbook(io.BytesIO(export(cast.workbook)))["Workbook"]
    codes = [cell.value for cell in sheet["A"]][1:]
    assert codes == [one.code for one in tree(cast.version).indicators]
    row = row_of(sheet, "1.1.1")
    assert sheet.cell(row, column_of(sheet, "Indicator")).value == "text 1.1.1 in English"
    assert sheet.cell(row, column_of(sheet, "Answer")).value == "Does not apply"
    assert sheet.cell(row, column_of(sheet, "Reason")).value == "We have no staff yet"
    planned = sheet.cell(row_of(sheet, "1.1.2"), column_of(sheet, "Actions already planned")).value
    assert planned == "1. Write a policy (Open, Carys Contributor, 14 May 2027)"


def test_only_the_cells_to_write_in_are_open(cast):
    sheet = openpyxl.load_workbook(io.BytesIO(export(cast.workbook)))["Workbook"]
    assert sheet.protection.sheet
    open_columns = {head.value for head in sheet[1] if not sheet.cell(2, head.column).protection.locked}
    assert open_columns == {"Answer", "Reason", "New action", "Due date of the new action", "Owner of the new action"}


def test_lists_offer_the_answers_and_the_colleagues_in_the_language_of_the_page(cast):
    for language, title in (("en-gb", "Workbook"), ("cy", None)):
        book = openpyxl.load_workbook(io.BytesIO(export(cast.workbook, language)))
        sheet = book[title] if title else book.worksheets[0]
        rules = {rule.formula1: rule for rule in sheet.data_validations.dataValidation if rule.type == "list"}
        assert set(rules) == {"'lists'!$A$1:$A$3", "'lists'!$B$1:$B$2"}
        assert [cell.value for cell in book["lists"]["B"]][:2] == ["Alice Lead", "Carys Contributor"]
        assert sheet.cell(2, 4).value == f"text 1.1.1 {'in English' if language == 'en-gb' else 'yn Gymraeg'}"
    assert {book["lists"].sheet_state, book["levelground"].sheet_state} == {"hidden"}


@pytest.mark.parametrize("language", ["en-gb", "cy"])
def test_an_untouched_export_changes_nothing(cast, language):
    save(cast, "1.1.1", "not_applicable", reason="=1+1 is\r\nno formula\u00a0here  &amp; \ttab")
    save(cast, "1.1.2", "not_yet", reason="'quoted")
    save(cast, "1.1.3", "met")
    services.create_action(workbook=cast.workbook, indicator=indicator(cast, "1.1.2"), title="-5", by=cast.alice)
    before = list(Answer.objects.order_by("pk").values()), AnswerChange.objects.count(), AuditEvent.objects.count()
    for data in (export(cast.workbook, language), edited(export(cast.workbook, language), lambda sheet: None)):
        found, written = bring(cast, data)
        assert (found.is_empty, found.refused, found.same) == (True, [], 6)
        assert (written.answers, written.actions, written.kept) == (0, 0, 0)
    assert before == (
        list(Answer.objects.order_by("pk").values()), AnswerChange.objects.count(), AuditEvent.objects.count(),
    )  # fmt: skip


def test_hostile_text_leaves_no_formula_in_the_export(cast):
    save(cast, "1.1.1", "not_yet", reason='=HYPERLINK("http://evil.example")')
    services.create_action(
        workbook=cast.workbook, indicator=indicator(cast, "1.1.1"), title="@SUM(1)|cmd", by=cast.alice
    )
    assert formula_cells(export(cast.workbook)) == set()


@pytest.mark.requirement("MQM-15", "MQM-16", "MQM-18")
def test_answers_and_actions_come_in_through_the_services(cast):
    save(cast, "1.1.2", "met")
    data = edited(
        export(cast.workbook),
        several(
            fill("1.1.1", answer="Met"),
            fill(
                "1.1.2", answer="Not yet", reason="New rules", action="Rewrite the policy", due=dt.date(2027, 5, 14),
                owner="Carys Contributor",
            ),
        ),
    )  # fmt: skip
    found = difference_of(cast.workbook, data)
    assert [(c.code, c.kind, c.value, c.reason) for c in found.changes] == [
        ("1.1.1", "new", "met", ""),
        ("1.1.2", "changed", "not_yet", "New rules"),
    ]
    assert not AnswerChange.objects.filter(source="import").exists()
    written = apply(workbook=cast.workbook, difference=found, by=cast.alice, take=set())
    assert (written.answers, written.actions, written.kept) == (2, 1, 0)
    assert (answer(cast, "1.1.2").value, answer(cast, "1.1.2").live_actions) == ("not_yet", 1)
    change = AnswerChange.objects.get(answer=answer(cast, "1.1.1"))
    assert (change.source, change.by, change.from_value, change.to_value) == ("import", cast.alice, "", "met")
    action = Action.objects.get()
    assert (action.title, action.due_on, action.owner, action.indicator.code) == (
        "Rewrite the policy", dt.date(2027, 5, 14), cast.carys, "1.1.2",
    )  # fmt: skip
    event = AuditEvent.objects.get(verb="workbook.imported")
    assert (event.actor, event.after) == (cast.alice.public_id, {"answers": 2, "actions": 1})


def test_the_same_file_twice_adds_nothing(cast):
    data = edited(export(cast.workbook), fill("1.1.1", answer="Not yet", action="Ask  the board"))
    bring(cast, data)
    found, written = bring(cast, data)
    assert (found.is_empty, found.refused, written.actions) == (True, [], 0)
    assert Action.objects.count() == 1


def test_a_cleared_cell_takes_the_answer_back(cast):
    save(cast, "1.1.1", "met")
    bring(cast, edited(export(cast.workbook), fill("1.1.1", answer=None)))
    assert answer(cast, "1.1.1").value == ""


def test_a_change_on_both_sides_keeps_the_workbook_unless_told_otherwise(cast):
    data = edited(export(cast.workbook), several(fill("1.1.1", answer="Met"), fill("1.1.2", answer="Met")))
    save(cast, "1.1.1", "not_yet", by=cast.carys)
    save(cast, "1.1.2", "not_yet", by=cast.carys)
    found, written = bring(cast, data, take={"1.1.2"})
    assert [(c.code, c.kind) for c in found.changes] == [("1.1.1", "conflict"), ("1.1.2", "conflict")]
    assert (written.answers, written.kept) == (1, 1)
    assert (answer(cast, "1.1.1").value, answer(cast, "1.1.2").value) == ("not_yet", "met")


def test_what_only_a_colleague_changed_stays(cast):
    data = export(cast.workbook)
    save(cast, "1.1.1", "met", by=cast.carys)
    found, _written = bring(cast, data)
    assert found.is_empty
    assert answer(cast, "1.1.1").value == "met"


def test_the_same_change_on_both_sides_is_no_conflict(cast):
    data = edited(export(cast.workbook), fill("1.1.1", answer="Met"))
    save(cast, "1.1.1", "met", by=cast.carys)
    assert difference_of(cast.workbook, data).is_empty


def test_a_change_between_looking_and_agreeing_writes_nothing_and_asks_again(cast):
    data = edited(export(cast.workbook), several(fill("1.1.1", answer="Met"), fill("1.1.2", answer="Met")))
    found = difference_of(cast.workbook, data)
    save(cast, "1.1.2", "not_yet", by=cast.carys)
    with pytest.raises(Conflict) as conflict:
        apply(workbook=cast.workbook, difference=found, by=cast.alice, take=set())
    assert answer(cast, "1.1.1").value == ""
    assert [(c.code, c.kind) for c in conflict.value.theirs.changes] == [("1.1.1", "new"), ("1.1.2", "conflict")]
    apply(workbook=cast.workbook, difference=conflict.value.theirs, by=cast.alice, take={"1.1.2"})
    assert (answer(cast, "1.1.1").value, answer(cast, "1.1.2").value) == ("met", "met")


def test_an_error_in_the_middle_writes_nothing(cast, monkeypatch):
    found = difference_of(
        cast.workbook, edited(export(cast.workbook), fill("1.1.1", answer="Not yet", action="Plan it"))
    )

    def refuse(**given):
        raise Invalid("no")

    monkeypatch.setattr(services, "create_action", refuse)
    with pytest.raises(Invalid):
        apply(workbook=cast.workbook, difference=found, by=cast.alice, take=set())
    assert not AnswerChange.objects.exists()


def test_another_members_sheet_is_refused(cast):
    with pytest.raises(Invalid, match="another workbook"):
        difference_of(cast.workbook, export(cast.birch_workbook))


def test_a_sheet_of_an_older_framework_version_is_refused(cast):
    data = export(cast.workbook)
    cast.workbook.version.sha256 = "0" * 64
    with pytest.raises(Invalid, match="another version of the framework"):
        difference_of(cast.workbook, data)


def test_queries_do_not_grow_with_the_rows(cast, django_assert_max_num_queries):
    data = export(cast.workbook)
    with django_assert_max_num_queries(8):
        export(cast.workbook)
    with django_assert_max_num_queries(4):
        difference_of(cast.workbook, data)
