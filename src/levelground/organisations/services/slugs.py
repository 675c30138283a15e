"""Addresses made from names."""

from collections.abc import Callable

from django.utils.text import slugify

from levelground.foundation.bilingual import Bilingual
from levelground.foundation.db import public_id

RESERVED = {"add", "add-existing"}  # words that stand where a slug could stand in an address


def free_slug(name: Bilingual, taken: Callable[[str], bool], length: int = 70) -> str:
    """``example-valley``, or ``example-valley-2`` when that is taken; a random one for a name without Latin letters."""
    stem = slugify(name.en or name.cy)[:length].strip("-") or public_id()
    slug, number = stem, 1
    while slug in RESERVED or taken(slug):
        number += 1
        slug = f"{stem}-{number}"
    return slug
