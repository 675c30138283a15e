from django.core.management import call_command
from django.db import migrations

TABLE = "levelground_cache"


def make(apps, schema_editor):
    """The cache that every worker process shares (settings.CACHES): failed sign-ins are counted there."""
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


def drop(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE IF EXISTS {TABLE}")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
