"""The database itself keeps definitions and the history of numbers as they are."""

from django.db import migrations

from levelground.foundation.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [("measures", "0001_initial")]
    operations = [
        *refuse(
            "measures_measureversion", "UPDATE", "DELETE", message="A definition of a measure never changes"
        ),
        *refuse("measures_pointchange", "UPDATE", "DELETE", message="The history of numbers never changes"),
    ]
