"""A chart as frozen values: axes, points, lines, phases, notes. Made once of a result; drawn, listed and read aloud."""

from dataclasses import dataclass

from .axes import Axis

KINDS = ("common", "improvement", "concern", "neutral", "excluded", "hidden")


@dataclass(frozen=True, slots=True)
class Point:
    """One point. ``at``: place on the axis of time; ``value``: NaN for a gap and for a hidden point.

    ``kind``: one of KINDS; ``direction``: 1 high, -1 low, 0 neither: which way its mark looks. ``when``, ``value_text``
    and ``signal``: the same in words (``signal`` may be empty); ``says``: everything about it, as one sentence.
    Lines at the point are numbers (NaN: none); ``denominator`` too.
    """

    position: int
    at: float
    value: float
    kind: str
    direction: int
    when: str
    value_text: str
    signal: str
    says: str
    phase: int
    centre: float
    lower: float
    upper: float
    target: float
    denominator: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of one phase as level stretches (from, to, height), left to right; a break where they do not meet.

    ``kind``: centre, lower, upper (3 sigma), near_lower, near_upper (2 sigma), target (steps over all phases).
    """

    kind: str
    phase: int
    steps: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a phase starts, between two points; ``label`` may be empty."""

    at: float
    phase: int
    label: str


@dataclass(frozen=True, slots=True)
class Note:
    """An annotation: something happened here."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class End:
    """What is written at the right end of a line: its kind, height, name and number."""

    kind: str
    value: float
    name: str
    number: str


@dataclass(frozen=True)
class Spec:
    """A chart. ``key``: unique on the page, of letters, digits and hyphens; ``title`` and ``desc``: for who cannot see.

    ``x`` and ``y``: axes; ``legend``: (kind, words) of the kinds of mark in use, ``line_names``: of the lines;
    ``columns``: heads of its table; ``line_texts``: per point, centre, lower, upper and target as written there;
    ``nothing``: what is said where no point can be drawn; ``summary`` and ``caption``: what the chart says, and how it
    was made (``desc`` is both).
    """

    key: str
    title: str
    desc: str
    x: Axis
    y: Axis
    points: tuple[Point, ...]
    lines: tuple[Line, ...]
    edges: tuple[Edge, ...]
    notes: tuple[Note, ...]
    ends: tuple[End, ...]
    legend: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str], ...]
    line_texts: tuple[tuple[str, str, str, str], ...]
    line_names: tuple[tuple[str, str], ...]
    nothing: str
    summary: str
    caption: str

    @property
    def drawn(self) -> bool:
        """Whether there is anything to draw: a value, or a hidden one."""
        return bool(self.legend)
