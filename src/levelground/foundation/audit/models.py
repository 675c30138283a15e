"""The audit log: append-only, without foreign keys, one hash chain per network."""

from django.db import models


class AuditChain(models.Model):
    """The head of one chain. Its row is locked while an event is added, so that the chain has no forks."""

    key = models.CharField(max_length=80, unique=True)
    sequence = models.PositiveBigIntegerField(default=0)
    last_hash = models.CharField(max_length=64, default="", blank=True)

    def __str__(self) -> str:
        return f"{self.key} #{self.sequence}"


class AuditEvent(models.Model):
    """Who did what, when, before and after, and why. The database refuses to change or delete a row."""

    chain = models.CharField(max_length=80)
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=80, help_text="The public number of the person, or 'system'.")
    verb = models.CharField(max_length=80)
    subject = models.CharField(max_length=160, help_text="kind:public number")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True, default="")
    request_id = models.CharField(max_length=40, blank=True, default="")
    previous_hash = models.CharField(max_length=64, blank=True, default="")
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "sequence"], name="audit_chain_sequence")]
        indexes = [models.Index(fields=["subject", "at"], name="audit_subject_at")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.verb} {self.subject}"
