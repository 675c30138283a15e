"""The web's doors to measures."""
