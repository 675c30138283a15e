"""Uploaded files: content-addressed, dated, versioned. A document knows nothing of its owner; the row that links to it
(evidence, a snapshot's list) decides who may open it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from levelground.foundation.db import public_id


class ScanState(models.TextChoices):
    NOT_SCANNED = "not_scanned", _("not scanned for viruses")
    CLEAN = "clean", _("no virus found")
    REFUSED = "refused", _("refused: a virus was found")


class Document(models.Model):
    """One version of one file. The bytes live in the ``documents`` storage under their SHA-256."""

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    title = models.CharField(max_length=200)
    filename = models.CharField(max_length=200)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    document_date = models.DateField(null=True, blank=True, help_text="The date on the document, not of its upload.")
    expires_on = models.DateField(null=True, blank=True)
    number = models.PositiveIntegerField(default=1, help_text="Version, counted from 1.")
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    scan_state = models.CharField(max_length=20, choices=ScanState.choices, default=ScanState.NOT_SCANNED)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(size__gt=0), name="document_not_empty"),
            models.CheckConstraint(
                condition=models.Q(expires_on__isnull=True)
                | models.Q(document_date__isnull=True)
                | models.Q(expires_on__gte=models.F("document_date")),
                name="document_expires_after_date",
            ),
        ]

    def __str__(self) -> str:
        return self.title
