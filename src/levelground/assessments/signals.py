"""What the workbook does when something happens below it."""

from typing import Any

from levelground.frameworks.models import FrameworkVersion
from levelground.frameworks.services import version_published

from .tasks import tell_leads


def published(*, version: FrameworkVersion, **_kwargs: Any) -> None:
    """The leads may be thousands, and the officer waits for the page: a job tells them."""
    tell_leads.enqueue_on_commit(version.public_id, key=f"published:{version.public_id}")


def connect() -> None:
    version_published.connect(published, dispatch_uid="assessments.published")
