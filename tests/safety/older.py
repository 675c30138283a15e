"""Takes the tables back to an older version, which knew nothing of support: run by its name, with the e-mail address of
somebody to put into them."""

import sys

import django

STATE = [("support", None)]


def main(email: str = "") -> None:
    django.setup()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from levelground.config.backup import tables

    MigrationExecutor(connection).migrate(STATE)
    users = next(table.model for table in tables.tables(tables.applied()) if table.name == "accounts_user")
    if email:
        users.objects.create(email=email, name="Old")


if __name__ == "__main__":
    main(*sys.argv[1:])
