"""Measures: numbers with a definition, followed over time, for everybody and by segment."""
