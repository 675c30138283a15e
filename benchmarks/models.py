from django.db import models


class Mark(models.Model):
    """The one row that the write yardstick writes. Its table is made by ``prepare`` and never by a migration."""

    text = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "benchmarks"
        managed = False
        db_table = "benchmark_mark"

    def __str__(self) -> str:
        return self.text
