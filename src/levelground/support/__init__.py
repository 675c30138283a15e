"""Requests for help and what came of them."""
