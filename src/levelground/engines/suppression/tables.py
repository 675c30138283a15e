"""Numbers that are shown together: the parts of a whole, and tables with totals."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

from .flows import Cell, Table, audit, check
from .rules import DEFAULT, Reason, Rule, Shown
from .single import count

# So many patterns are tried before a good one is taken for the best one.
_TRIES = 20_000


@dataclass(frozen=True)
class Group:
    """The parts of a whole as they may be shown beside each other, and the whole."""

    parts: tuple[Shown, ...]
    total: Shown


def group(
    parts: Sequence[int | None], total: int | None = None, rule: Rule = DEFAULT, *,
    already: Sequence[Reason | None] = (), total_already: Reason | None = None,
) -> Group:  # fmt: skip
    """Hide the small parts; then, so that no hidden part is the whole less the others, the next-smallest part that is
    not 0, until two are hidden. Where there is none left to hide, the whole is hidden. Equal parts: the first one.

    ``parts`` (each a count, or ``None`` where there is none) stand beside their ``total``, or beside nothing when it is
    ``None``; a total that is the sum of nothing but hidden and zero parts protects itself by its own size. The guard is
    kept when totals are rounded too, because rounding alone narrows a hidden part to a handful of values.

    ``already`` (as long as ``parts``) and ``total_already`` say what is hidden for another reason before any of this.
    """
    reasons = already or [None] * len(parts)
    shown = [Shown(None, why) if why else count(part, rule) for part, why in zip(parts, reasons, strict=True)]
    whole = Shown(None, total_already) if total_already else count(total, rule)
    hidden = [place for place, one in enumerate(shown) if one.hidden]
    if total is None or whole.hidden or len(hidden) != 1:
        return Group(tuple(shown), whole)
    left = [(part, place) for place, part in enumerate(parts) if part and not shown[place].hidden]
    if not left:
        return Group(tuple(shown), Shown(None, Reason.SECONDARY))
    shown[min(left)[1]] = Shown(None, Reason.SECONDARY)
    return Group(tuple(shown), whole)


@dataclass(frozen=True)
class Pattern:
    """Which cells of a table are hidden. ``smallest``: proven to hide as few further cells as can be."""

    primary: tuple[Cell, ...]
    secondary: tuple[Cell, ...]
    smallest: bool

    @property
    def hidden(self) -> tuple[Cell, ...]:
        return tuple(sorted((*self.primary, *self.secondary)))


def secondary(table: Table, rule: Rule = DEFAULT) -> Pattern:
    """The cells to hide in ``table`` (rows × columns of counts) when its row, column and grand totals are all shown.

    Hides the small cells, and the fewest further ones so that each small cell stays uncertain by ``rule.min_width`` or
    more (ties: the smallest total). A large table, where trying every pattern would take too long, gets a good pattern
    that may hide a cell too many (``smallest`` is then false). A table in which no pattern will do is hidden wholly.
    """
    check(table)
    cells = [(r, c) for r in range(len(table)) for c in range(len(table[0]))]
    primary = tuple(cell for cell in cells if rule.hides(table[cell[0]][cell[1]]))
    others = [cell for cell in cells if cell not in primary]
    tries = 0
    for size in range(len(others) + 1):
        tries += comb(len(others), size)
        if tries > _TRIES:
            return _good(table, primary, others, rule)
        fitting = [some for some in combinations(others, size) if _safe(table, primary, some, rule)]
        if fitting:
            return Pattern(primary, min(fitting, key=lambda some: (_sum(table, some), some)), True)
    return Pattern(primary, tuple(others), False)


def _sum(table: Table, cells: Sequence[Cell]) -> int:
    return sum(table[r][c] for r, c in cells)


def _safe(table: Table, primary: Sequence[Cell], more: Sequence[Cell], rule: Rule) -> bool:
    wanted = set(primary)
    bounds = audit(table, {*primary, *more})
    return all(bound.width >= rule.min_width for bound in bounds if bound.cell in wanted)


def _good(table: Table, primary: Sequence[Cell], others: Sequence[Cell], rule: Rule) -> Pattern:
    """Hide from the smallest up until it is safe, then show again, from the largest down, whatever is not needed."""
    chosen: list[Cell] = []
    for cell in sorted(others, key=lambda cell: (table[cell[0]][cell[1]], cell)):
        if _safe(table, primary, chosen, rule):
            break
        chosen.append(cell)
    for cell in list(reversed(chosen)):
        without = [one for one in chosen if one != cell]
        if _safe(table, primary, without, rule):
            chosen = without
    return Pattern(tuple(primary), tuple(sorted(chosen)), False)
