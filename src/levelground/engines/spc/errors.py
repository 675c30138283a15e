"""What the SPC engine refuses, each with a code for the page's words and the positions of the offending rows."""

from collections.abc import Iterable


class SpcError(ValueError):
    """The input cannot be charted. ``code`` says why; ``positions`` are 0-based row numbers of the input, if any."""

    def __init__(self, code: str, positions: Iterable[int] = ()):
        self.code = code
        self.positions = tuple(int(position) for position in positions)
        super().__init__(f"{code} at {list(self.positions)}" if self.positions else code)


class LengthError(SpcError):
    """Two inputs that belong together have different lengths (``different_lengths``)."""


class NumberError(SpcError):
    """A value is no number, not finite, or beyond 1e150 (``not_numeric``, ``not_finite``, ``too_large``)."""


class ImpossibleValueError(SpcError):
    """A value that the chart cannot hold.

    Codes: ``events_without_denominator`` (k/0), ``more_than_denominator`` (y > n on a p chart), ``negative_count``,
    ``negative_denominator``, ``not_above_zero`` (t chart).
    """


class OrderError(SpcError):
    """The rows are not in order, or share an x, where that was not allowed (``unsorted``, ``repeated``, ``x_type``)."""


class OptionError(SpcError):
    """An argument does not fit: unknown name, missing denominators, an impossible number (the code names it)."""
