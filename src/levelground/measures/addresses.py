"""Where the pages of measures are."""

from django.urls import reverse

from levelground.organisations.models import Network

from .models import Measure


def list_of(measure: Measure) -> str:
    """The list in which the measure stands."""
    home = measure.home
    return reverse("network_measures" if isinstance(home, Network) else "measure_list", args=[home.slug])
