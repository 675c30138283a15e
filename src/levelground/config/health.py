"""What the probes and the doctor ask."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

_known_complete = False


def missing_migrations() -> list[str]:
    """The migrations of this version that the database has not had. Once there are none, it is not asked again."""
    global _known_complete
    if _known_complete:
        return []
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    _known_complete = not plan
    return [f"{migration.app_label} {migration.name}" for migration, _backwards in plan]
