"""Where the pages are that the home pages lead to."""

from functools import lru_cache
from typing import Any

from django.http import QueryDict
from django.urls import get_script_prefix, reverse


def link(name: str, *args: Any, **query: Any) -> str:
    """The address of a page; what is empty in ``query`` is left out."""
    path, data = _link(get_script_prefix(), name, args), QueryDict(mutable=True)
    data.update({key: str(value) for key, value in query.items() if value not in ("", None)})
    return f"{path}?{data.urlencode()}" if data else path


@lru_cache(maxsize=4096)
def _link(_prefix: str, name: str, args: tuple[Any, ...]) -> str:
    return reverse(name, args=args)
