"""Quarterly returns: the calendar, the figures a scheme asks for, and significant changes."""
