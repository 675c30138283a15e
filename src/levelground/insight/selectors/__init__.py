"""Reads that span apps: a member's year, and a network's."""

from .member import Person, Year, open_cases, years_of
from .network import NetworkYear, Officer, network_year

__all__ = ["NetworkYear", "Officer", "Person", "Year", "network_year", "open_cases", "years_of"]
