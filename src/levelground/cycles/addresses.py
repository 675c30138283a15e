"""Where a submission's pages are."""

from django.urls import NoReverseMatch, reverse

from .models import Submission


def address(submission: Submission, name: str = "submission", *more: str) -> str:
    cycle = submission.cycle
    try:
        return reverse(name, args=[submission.organisation.slug, cycle.framework.slug, cycle.year, *more])
    except NoReverseMatch:
        return ""
