"""Counts in words that several sentences use."""

from django.utils.translation import ngettext


def days(count: int) -> str:
    return ngettext("%(num)s day", "%(num)s days", count) % {"num": count}


def things(count: int) -> str:
    return ngettext("%(num)s thing", "%(num)s things", count) % {"num": count}
