"""The database itself keeps a snapshot's content, and the history of answers, as they are."""

from django.db import migrations

from levelground.foundation.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial")]
    operations = [
        *refuse("assessments_snapshot", "DELETE", message="A snapshot is never deleted"),
        *refuse(
            "assessments_answerchange", "UPDATE", "DELETE", message="The history of an answer never changes"
        ),
    ]
