"""The demonstration's people, for the sign-in page."""

from typing import Any

from django.http import HttpRequest

from .personas import personas as all_personas


def personas(request: HttpRequest) -> dict[str, Any]:
    """``demo_personas``: called by the sign-in page only, so that no other page pays for it."""
    return {"demo_personas": all_personas}
