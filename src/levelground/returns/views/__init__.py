"""The web's doors to quarterly returns."""
