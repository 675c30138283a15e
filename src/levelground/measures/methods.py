"""The ways in which a measure can be looked at: a chart with its rules, and what it is called."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Method:
    """One way of looking. ``chart``, ``profile`` and ``rules`` are the engine's; None takes the chart's own."""

    key: str
    name: Any
    chart: str
    profile: str | None = None
    rules: str | None = None


METHODS = {
    method.key: method
    for method in (
        Method("nhs", _("Control chart, rules of Making Data Count"), "i", "making_data_count"),
        Method("run", _("Run chart, rules of the IHI"), "run", "ihi"),
        Method("anhoej", _("Run chart, rules of Anhøj"), "run", None, "anhoej"),
        Method("we", _("Control chart, Western Electric rules"), "i", None, "western_electric"),
        Method("rare", _("Time between rare events"), "t"),
    )
}
