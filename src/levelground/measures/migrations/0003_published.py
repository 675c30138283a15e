"""A measure says what matters to people, and is a draft until it is published. Those that were there become drafts:
none of them says what matters to people yet (WM-05)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from levelground.foundation.bilingual import Bilingual, BilingualField
from levelground.foundation.triggers import refuse

# SQLite makes the table anew for the new column, and so loses its triggers; they come back afterwards.
FROZEN = refuse("measures_measureversion", "UPDATE", "DELETE", message="A definition of a measure never changes")
MATTERS = BilingualField(
    blank=True, default=Bilingual, help_text="Which of people's words or themes it answers (WM-05)."
)


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0002_frozen"),
        ("organisations", "0003_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField("measure", "matters", MATTERS),
        migrations.AddField(
            "measure", "published_at", models.DateTimeField(blank=True, help_text="Empty: a draft.", null=True)
        ),
        migrations.AddField(
            "measure",
            "published_by",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        *(migrations.RunPython(one.reverse_code, one.code) for one in FROZEN),
        migrations.AddField("measureversion", "matters", MATTERS),
        *FROZEN,
        migrations.AddConstraint(
            "measure",
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | ~Q(matters=""), name="measure_published_says_what_matters"
            ),
        ),
        migrations.AddConstraint(
            "measure",
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="measure_published_pair",
            ),
        ),
    ]  # fmt: skip
