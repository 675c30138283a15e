"""The database itself keeps what was sent, and why dates were changed, as they are."""

from django.db import migrations

from levelground.foundation.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [("returns", "0001_initial")]
    operations = [
        *refuse("returns_returnedition", "UPDATE", "DELETE", message="A return that was sent never changes"),
        *refuse(
            "returns_quarterlyreturn", "DELETE", when="ROW.edition > 0", message="A return that was sent is never deleted"
        ),
        *refuse("returns_quarterchange", "UPDATE", "DELETE", message="The history of a quarter never changes"),
    ]
