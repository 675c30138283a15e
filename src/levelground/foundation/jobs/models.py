"""What django-tasks' own table does not hold: keys, attempts, heartbeats, and the slots of the timetable."""

from django.db import models
from django_tasks_db.models import DBTaskResult


class JobRun(models.Model):
    """One job in the queue, beside its row in django-tasks' table (which holds its state, arguments and error)."""

    result = models.OneToOneField(DBTaskResult, on_delete=models.CASCADE, primary_key=True, related_name="run")
    name = models.CharField(max_length=80)
    key = models.CharField(max_length=160, blank=True, default="", help_text="Asked for twice, done once.")
    attempts = models.PositiveIntegerField(default=0)
    worker = models.CharField(max_length=80, blank=True, default="")
    alive_at = models.DateTimeField(null=True, blank=True, help_text="When its worker was last heard of.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "key"], condition=~models.Q(key=""), name="job_once_per_key")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.key}".strip()


class Slot(models.Model):
    """One moment of the timetable that was taken care of; unique, so that several workers take care of it once."""

    name = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "at"], name="slot_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M}"


class WorkerBeat(models.Model):
    """A worker process and when it was last heard of."""

    name = models.CharField(max_length=80, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
