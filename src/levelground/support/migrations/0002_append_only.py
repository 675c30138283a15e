"""The database itself keeps what was said about help, and that it was asked for."""

from django.db import migrations

from levelground.foundation.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [("support", "0001_initial")]
    operations = [
        *refuse("support_supportnote", "UPDATE", "DELETE", message="What was said about help never changes"),
        *refuse("support_supportcase", "DELETE", message="A request for help is never deleted"),
        *refuse(
            "support_supportcase", "UPDATE", rule="words", message="What was asked never changes",
            when="NEW.about <> OLD.about OR NEW.organisation_id <> OLD.organisation_id "
            "OR NEW.network_id <> OLD.network_id OR NEW.opened_at <> OLD.opened_at",
        ),
    ]
