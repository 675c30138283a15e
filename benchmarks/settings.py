"""The site's own settings, and the yardsticks beside it. Only for benchmarks."""

from levelground.config.settings import *  # noqa: F403  # settings are made so
from levelground.config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks"]
