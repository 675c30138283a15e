"""Backup and restore: the database and the documents in one verified archive, the same for SQLite and PostgreSQL.

``archive`` is the file, ``tables`` and ``kinds`` are how rows become plain values and rows again, ``dump`` and ``load``
are the two directions, ``place`` is what a restore demands of where it goes.
"""
