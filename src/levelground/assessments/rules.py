"""What an answer may be, by the kind of question that the indicator asks."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from levelground.frameworks.models import AnswerType

from .states import Value

_DOES_NOT_APPLY = (Value.NOT_APPLICABLE.value, Value.NOT_APPLICABLE.label)
# The same three values under every question, so that counts, filters and snapshots mean one thing.
CHOICES: dict[str, list[tuple[str, Any]]] = {
    AnswerType.MET_NOT_MET: [
        (Value.MET.value, Value.MET.label),
        (Value.NOT_YET.value, Value.NOT_YET.label),
        _DOES_NOT_APPLY,
    ],
    AnswerType.YES_NO: [
        (Value.MET.value, pgettext_lazy("answer", "Yes")),
        (Value.NOT_YET.value, pgettext_lazy("answer", "No, not yet")),
        _DOES_NOT_APPLY,
    ],
    AnswerType.NARRATIVE: [
        (Value.MET.value, pgettext_lazy("answer", "Answered in words")),
        (Value.NOT_YET.value, Value.NOT_YET.label),
        _DOES_NOT_APPLY,
    ],
}


def takes_words(value: str, answer_type: str) -> bool:
    """Whether words belong to this answer: a reason, or the answer itself where it is asked for in words."""
    return value in (Value.NOT_APPLICABLE, Value.NOT_YET) or (
        value == Value.MET and answer_type == AnswerType.NARRATIVE
    )


def missing_words(value: str, words: str, answer_type: str) -> Any:
    """What to ask for when an answer lacks the words it needs; empty when it lacks none."""
    if words.strip():
        return ""
    if value == Value.NOT_APPLICABLE:
        return _("Say in a few words why this does not apply to you.")
    if value == Value.MET and answer_type == AnswerType.NARRATIVE:
        return _("Write your answer in a few words.")
    return ""
