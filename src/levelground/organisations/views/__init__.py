"""The web's doors to places and people."""
