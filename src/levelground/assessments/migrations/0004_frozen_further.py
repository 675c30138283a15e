"""The database itself keeps the content of a snapshot, and what people have said."""

from django.db import migrations

from levelground.foundation.triggers import refuse

KEPT = ("payload", "sha256", "year", "version_id", "workbook_id", "submitted_by_id", "submitted_at", "public_id")


class Migration(migrations.Migration):
    dependencies = [("assessments", "0003_answer_in_words")]
    operations = [
        *refuse(
            "assessments_snapshot",
            "UPDATE",
            when=" OR ".join(f"NEW.{column} <> OLD.{column}" for column in KEPT),
            message="A snapshot never changes",
        ),
        *refuse("assessments_comment", "UPDATE", "DELETE", message="A comment stays as it was said"),
        *refuse("assessments_actionnote", "UPDATE", "DELETE", message="The history of an action never changes"),
    ]
