"""Content in English and Welsh: one value, one column."""

import contextlib
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text in English (``en``) and Welsh (``cy``); an empty string means that it is missing."""

    en: str = ""
    cy: str = ""

    def here(self) -> str:
        """The text in the active language, or in the other one when that is missing."""
        return self.cy or self.en if (translation.get_language() or "").startswith("cy") else self.en or self.cy

    def lang_here(self) -> str:
        """Which language ``here`` gives, for the ``lang`` attribute: ``en`` or ``cy``."""
        if (translation.get_language() or "").startswith("cy"):
            return "cy" if self.cy or not self.en else "en"
        return "en" if self.en or not self.cy else "cy"

    @property
    def missing(self) -> list[str]:
        return [code for code in ("en", "cy") if not getattr(self, code)]

    def as_dict(self) -> dict[str, str]:
        return {"en": self.en, "cy": self.cy}

    def __str__(self) -> str:
        return self.here()

    def __bool__(self) -> bool:
        return bool(self.en or self.cy)

    @classmethod
    def of(cls, value: Any) -> "Bilingual":
        """From a ``Bilingual``, a mapping with ``en`` and ``cy``, a plain English text, or nothing."""
        if isinstance(value, cls):
            return value
        if not value:
            return cls()
        if isinstance(value, dict):
            return cls(en=str(value.get("en") or ""), cy=str(value.get("cy") or ""))
        if isinstance(value, str):
            return cls(en=value)
        raise ValidationError(_("Give the text in English and in Welsh."))


class BilingualField(models.TextField):
    """Stores a ``Bilingual`` as compact JSON text; the same on both databases."""

    # For the type checker: what may be assigned, and what is read.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Bilingual  # type: ignore[assignment]  # the stubs' way

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("default", Bilingual)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Bilingual:
        return self.to_python(value)

    def to_python(self, value: Any) -> Bilingual:
        if isinstance(value, str):
            with contextlib.suppress(ValueError):
                value = json.loads(value) if value.startswith("{") else value
        return Bilingual.of(value)

    def get_prep_value(self, value: Any) -> str:
        return json.dumps(Bilingual.of(self.to_python(value)).as_dict(), ensure_ascii=False, separators=(",", ":"))

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))
