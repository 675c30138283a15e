"""Levelground: quality marks, improvement and what matters, for networks of mental-health organisations."""

__version__ = "0.1.0"
