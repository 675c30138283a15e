"""The database itself keeps a published version as it is."""

from django.db import migrations

from levelground.foundation.triggers import refuse

FROZEN = (
    "EXISTS (SELECT 1 FROM frameworks_frameworkversion v WHERE v.id = ROW.version_id "
    "AND v.status IN ('published', 'retired'))"
)
MESSAGE = "A published framework version never changes"


class Migration(migrations.Migration):
    dependencies = [("frameworks", "0001_initial")]
    operations = [
        operation
        for table in ("area", "theme", "standard", "indicator")
        for operation in refuse(
            f"frameworks_{table}", "INSERT", "UPDATE", "DELETE", when=FROZEN, message=MESSAGE
        )
    ] + refuse(
        "frameworks_frameworkversion", "DELETE", when="ROW.status IN ('published', 'retired')", message=MESSAGE
    )
