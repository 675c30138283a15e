"""Counts in words that several sentences use."""

from django.utils.translation import ngettext


def days(count: int) -> str:
    return ngettext("%(num)s day", "%(num)s days", count) % {"num": count}
