"""Work that is done later or by the clock: a thin layer over django-tasks and its database queue.

An app declares its jobs in ``tasks.py``::

    @schedule(Daily("08:00"))
    @job(name="accounts.tidy", retries=5, backoff=60)
    def tidy() -> None: ...

and asks for one with ``tidy.enqueue_on_commit(…, key="…")``. A job may run more than once (a worker can be killed after
the work and before the note of it), so every job must be idempotent.
"""
