"""A snapshot that was sent back is sent again as the next edition of its year."""

from django.conf import settings
from django.db import migrations, models

from levelground.foundation.triggers import refuse

BEFORE = ("payload", "sha256", "year", "version_id", "workbook_id", "submitted_by_id", "submitted_at", "public_id")


def frozen(columns):
    """The rule of 0002 and 0004: only its words name other columns."""
    return [
        *refuse("assessments_snapshot", "DELETE", message="A snapshot is never deleted"),
        *refuse(
            "assessments_snapshot",
            "UPDATE",
            when=" OR ".join(f"NEW.{column} <> OLD.{column}" for column in columns),
            message="A snapshot never changes",
        ),
    ]


# SQLite loses the triggers when it builds the table anew, PostgreSQL keeps them: lifted and set again on both.
lifted = [migrations.RunPython(rule.reverse_code, rule.code) for rule in frozen(BEFORE)]


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0005_sources'),
        ('frameworks', '0004_frozen_further'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *lifted,
        migrations.AlterModelOptions(
            name='snapshot',
            options={'ordering': ['-year', '-edition']},
        ),
        migrations.RemoveConstraint(
            model_name='snapshot',
            name='snapshot_once_a_year',
        ),
        migrations.RemoveField(
            model_name='snapshot',
            name='status',
        ),
        migrations.AddField(
            model_name='snapshot',
            name='edition',
            field=models.PositiveIntegerField(default=1, help_text='Counted from 1; a snapshot sent back is sent again.'),
        ),
        migrations.AddField(
            model_name='workbook',
            name='watched',
            field=models.BooleanField(default=False, help_text='Somebody waits for the next write: services/locking.py.'),
        ),
        migrations.AddConstraint(
            model_name='snapshot',
            constraint=models.UniqueConstraint(fields=('workbook', 'year', 'edition'), name='snapshot_edition_once'),
        ),
        *frozen((*BEFORE, "edition")),
    ]
