"""Sample data of the component gallery: every component, every state, and texts as long as Welsh and life make them."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator

from .forms import DateInput
from .tags import TAGS

LONG_WELSH = (
    "Mae'r ymddiriedolwyr yn edrych ar gofrestr risg ysgrifenedig o leiaf ddwywaith y flwyddyn, ac yn cofnodi'r hyn a "
    "benderfynwyd, pwy fydd yn gwneud y gwaith ac erbyn pryd, mewn iaith y gall pawb ei deall."
)
LONG_WORD = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
_MOMENT = dt.datetime(2027, 5, 14, 9, 42, tzinfo=dt.UTC)


class SampleForm(forms.Form):
    """Each kind of field once."""

    title = forms.CharField(label="What will you do?", help_text="One sentence that a new colleague would understand.")
    email = forms.EmailField(label="E-mail address", required=False)
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    number = forms.IntegerField(label="How many people work here?", min_value=0, max_value=9999)
    due = forms.DateField(label="Due", widget=DateInput)
    notes = forms.CharField(label="Notes", widget=forms.Textarea, required=False)
    owner = forms.ChoiceField(
        label="Owner",
        choices=[
            ("", "Choose a person"),
            ("Staff", [("1", "Alice Morgan"), ("2", "Bob Price")]),
            ("Trustees", [("3", "Carys Evans")]),
        ],
    )
    priority = forms.ChoiceField(label="Priority", choices=[("high", "High"), ("low", "Low")], widget=forms.RadioSelect)
    helps = forms.MultipleChoiceField(
        label="Who can help?",
        choices=[("a", "A colleague"), ("b", "The network")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    told = forms.BooleanField(label="The owner knows about it")
    file = forms.FileField(label="Document", help_text="PDF, Word or a picture, up to 20 MB.")
    locked = forms.CharField(label="Number", disabled=True, initial="A-1043")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["priority"].widget.hints = {"high": "Somebody could come to harm, or the law asks for it."}

    def clean(self) -> dict[str, Any]:
        if self.data.get("sample-title"):
            raise forms.ValidationError("This action is already in the plan.")
        return super().clean() or {}


def gallery_context() -> dict[str, Any]:
    from .gallery_charts import charts_context  # NumPy: only where charts are shown

    people = {"who": "Alice Morgan", "when": _MOMENT}
    return {
        "tags": [(name, SimpleNamespace(label=tag.label, tone=tag.tone)) for name, tag in TAGS.items()],
        "empty_form": SampleForm(prefix="empty"),
        "error_form": SampleForm({"sample-title": LONG_WORD, "sample-due": "30 Chwefror"}, prefix="sample"),
        "long_welsh": LONG_WELSH,
        "long_word": LONG_WORD,
        "counts": {"met": 96, "working_towards": 31, "gap": 6, "not_applicable": 4, "unanswered": 19},
        "history_items": [
            {**people, "from": "not_yet", "to": "met", "text": "The register was agreed on 12 January."},
            {**people, "from": None, "to": "not_yet", "text": ""},
        ],
        "comment_items": [
            {**people, "text": "Is the 2025 policy still the right one?", "mine": False},
            {**people, "who": "You", "text": "Yes.\n\nThe new one comes in June.", "mine": True},
        ],
        "note_items": [
            {
                "text": "An action is overdue",
                "note": "Write exit plans",
                "href": "#notes",
                "when": _MOMENT,
                "unread": True,
            },
            {"text": "Bob Price answered 9 indicators", "href": "#notes", "when": _MOMENT, "unread": False},
        ],
        "differences_rows": _differences(),
        "theirs": {**people, "who": "Bob Price", "state": "met", "text": "Agreed at the January meeting."},
        "yours": {**people, "state": "not_yet", "text": "The register is from 2025 and needs another look."},
        "page_of_many": Paginator(range(400), 20).get_page(7),
        **charts_context(),
    }


def _differences() -> list[dict[str, str]]:
    return [
        {"kind": "new", "code": "6.2.3", "what": "The reserves policy was reviewed", "before": "", "after": "Met"},
        {
            "kind": "changed",
            "code": "6.2.2",
            "what": "Each large income source has a plan",
            "before": "Not yet",
            "after": "Met",
        },
        {
            "kind": "conflicting",
            "code": "6.2.1",
            "what": "Trustees look at a written risk register",
            "before": "Met",
            "after": "Not yet",
            "reason": "Bob Price changed it on 14 May, after this file was made.",
        },
        {
            "kind": "refused",
            "code": "9.9.9",
            "what": "Unknown",
            "before": "",
            "after": "Yes",
            "reason": "Row 42: there is no indicator 9.9.9 in this framework.",
        },
    ]
