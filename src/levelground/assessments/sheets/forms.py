"""The file that a person brings back."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from levelground.foundation import formats

from .reading import MAX_BYTES


class SheetForm(forms.Form):
    upload = forms.FileField(
        label=_("The filled spreadsheet"),
        help_text=_("An .xlsx file, as Excel, LibreOffice and Google Sheets save it, up to 5 MB."),
        error_messages={
            "required": _("Choose the spreadsheet first."),
            "empty": _("The file is empty. Choose the spreadsheet again."),
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx", "data-most-bytes": MAX_BYTES}),
    )

    def clean_upload(self) -> UploadedFile:
        given: UploadedFile = self.cleaned_data["upload"]
        if (given.size or 0) > MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s. Send only the spreadsheet, without pictures."),
                params={"limit": formats.filesize(MAX_BYTES)},
            )
        return given
