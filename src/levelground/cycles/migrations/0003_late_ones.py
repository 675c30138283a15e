"""Counting and listing those that sent late, along an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cycles", "0002_frozen")]
    operations = [
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                condition=models.Q(("late", True)),
                fields=["cycle", "active", "status", "deadline"],
                name="submission_late",
            ),
        ),
    ]
