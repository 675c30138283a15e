"""Shared test set-up: see tests/plugin.py (fixtures), database.py, requirements.py, browser.py."""

import os

import hypothesis

os.environ.setdefault("LEVELGROUND_DEMO", "yes")

# Not "import *": that would leave out the fixtures whose names start with an underscore.
pytest_plugins = ["tests.plugin", "tests.database", "tests.requirements", "tests.browser"]

# A slow or busy machine is no finding: only what a test asserts is.
hypothesis.settings.register_profile(
    "levelground", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("levelground")
