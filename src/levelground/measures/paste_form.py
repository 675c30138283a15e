"""The form that takes a paste or a file of numbers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from levelground.foundation import formats
from levelground.ui.forms import offer, silently_optional

from .models import Measure
from .presenters import list_name
from .selectors import groups_by_list, label_of
from .uploads import MAX_BYTES

PASTE_LIMIT = 500_000


class PasteForm(forms.Form):
    """A paste, or a file; and whose numbers it holds when its lines do not say."""

    group = forms.ChoiceField(label=gettext_lazy("Whose numbers are these?"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Paste from your spreadsheet"), required=False, max_length=PASTE_LIMIT, strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "autocomplete": "off"}),
    )  # fmt: skip
    upload = forms.FileField(
        label=gettext_lazy("Or choose a file"), required=False,
        help_text=gettext_lazy("A CSV file or a spreadsheet (.xlsx). The first sheet counts."),
        error_messages={"empty": gettext_lazy("The file is empty. Choose it again.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, measure: Measure):
        super().__init__(data, files)
        lists = groups_by_list(measure)
        for name in ("group", "text", "upload"):
            silently_optional(self.fields[name])
        if lists:
            named = [(list_name(key), [(one, str(label_of(one))) for one in groups]) for key, groups in lists.items()]
            offer(self.fields["group"], [("", _("Everybody")), *named])
            self.fields["group"].help_text = _("A column “group”, or a column for each group, may say it too.")
        else:
            del self.fields["group"]

    def clean_upload(self) -> UploadedFile | None:
        given: UploadedFile | None = self.cleaned_data["upload"]
        if given and (given.size or 0) > MAX_BYTES:
            raise ValidationError(
                _("The file is larger than %(limit)s. Send only the numbers."),
                params={"limit": formats.filesize(MAX_BYTES)},
            )
        return given

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and not (found.get("text") or "").strip() and not found.get("upload"):
            self.add_error("text", _("Paste your numbers here, or choose a file."))
        return found
