"""What the cycle does when something happens below it."""

from typing import Any

from django.db.models.signals import post_save

from levelground.assessments.models import Workbook
from levelground.assessments.services.locking import workbook_changed
from levelground.organisations.models import Affiliation

from .models import Cycle, Submission
from .services.cycles import enrol
from .services.watching import rewatch, workbook_changes


def workbook_opened(*, instance: Workbook, created: bool, **_kwargs: Any) -> None:
    """A member opens its workbook while a year is on: that is what it will send."""
    if created and not instance.watched:
        rows = Submission.objects.filter(
            organisation=instance.organisation_id, cycle__framework=instance.framework_id, workbook__isnull=True
        )
        if rows.update(workbook=instance):
            rewatch(instance.pk)


def affiliation_saved(*, instance: Affiliation, **_kwargs: Any) -> None:
    """A member joins or leaves while a year is on."""
    for cycle in Cycle.objects.filter(framework__network=instance.network_id):
        enrol(cycle=cycle, organisation=instance.organisation)


def connect() -> None:
    workbook_changed.connect(workbook_changes, dispatch_uid="cycles.workbook_changes")
    post_save.connect(workbook_opened, sender=Workbook, dispatch_uid="cycles.workbook_opened")
    post_save.connect(affiliation_saved, sender=Affiliation, dispatch_uid="cycles.affiliation_saved")
