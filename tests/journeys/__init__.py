"""Browser journeys: the real server with the demonstration in a folder of its own, Chromium, and axe on the way."""
