"""Triggers that make the database itself refuse a write, for SQLite and PostgreSQL, as migration operations."""

from typing import Any

from django.db import migrations


def _create(name: str, table: str, event: str, condition: str, message: str) -> Any:
    """``condition`` is SQL over ``OLD`` (or ``NEW`` on insert); when it holds, the statement is refused."""
    row = "NEW" if event == "INSERT" else "OLD"
    condition = condition.replace("ROW.", f"{row}.")

    def forwards(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
                params=None,
            )
        else:
            schema_editor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; "
                f"END IF; RETURN {'NEW' if event != 'DELETE' else 'OLD'}; END $$",
                params=None,
            )
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()", params=None
            )

    def backwards(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}", params=None)
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}", params=None)
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()", params=None)

    return migrations.RunPython(forwards, backwards)


def changes(*columns: str) -> str:
    """SQL that holds when an update gives one of ``columns`` another value, to or from nothing too."""
    return " OR ".join(f"NEW.{name} <> OLD.{name} OR (NEW.{name} IS NULL) <> (OLD.{name} IS NULL)" for name in columns)


def refuse(table: str, *events: str, when: str = "1=1", message: str, rule: str = "") -> list[Any]:
    """Operations that refuse ``events`` ("INSERT", "UPDATE", "DELETE") on ``table`` while ``when`` holds.

    In ``when``, ``ROW.`` stands for the row concerned (as it was, on update and delete). A table's second rule for the
    same event needs a name of its own in ``rule``. SQLite wants the table's rebuilds (``AlterField`` there) to come
    before this operation in the migration graph, because a rebuild drops its triggers.
    """
    return [
        _create(f"refuse_{event.lower()}{rule and f'_{rule}'}_{table}", table, event, when, message) for event in events
    ]
