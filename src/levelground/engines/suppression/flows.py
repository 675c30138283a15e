"""What a reader can work out about hidden cells of a table whose totals are shown.

The cells of a table with row and column totals form a transportation problem. Starting from the true table, a hidden
cell can grow by as much as can flow round through the other hidden cells, and shrink likewise; the bounds are whole
numbers and exact (L. R. Ford and D. R. Fulkerson, Maximal flow through a network, 1956; L. H. Cox, Suppression
methodology and statistical disclosure control, 1980).
"""

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass

Table = Sequence[Sequence[int]]
Cell = tuple[int, int]
_Node = tuple[str, int]
_ENDLESS = 10**18


@dataclass(frozen=True)
class Bound:
    """The least and the greatest value that a hidden cell can have, as a reader of the table can tell."""

    cell: Cell
    lower: int
    upper: int

    @property
    def width(self) -> int:
        return self.upper - self.lower

    @property
    def exactly_disclosed(self) -> bool:
        return self.lower == self.upper


def audit(table: Table, hidden: Collection[Cell]) -> list[Bound]:
    """The bounds of each hidden cell, in reading order, when every other cell, the row totals, the column totals and
    the grand total are shown. ``table`` is rows × columns of counts; cells are (row, column) from 0. ``ValueError`` for
    a ragged table, a negative count or a cell outside the table."""
    check(table)
    if any(not (0 <= r < len(table) and 0 <= c < len(table[0])) for r, c in hidden):
        raise ValueError("A hidden cell lies outside the table.")
    return [_bound(table, set(hidden), cell) for cell in sorted(set(hidden))]


def check(table: Table) -> None:
    if not table or not table[0] or any(len(row) != len(table[0]) for row in table):
        raise ValueError("The rows of a table must be equally long, and there must be one.")
    if any(number < 0 for row in table for number in row):
        raise ValueError("A count cannot be negative.")


def _bound(table: Table, hidden: set[Cell], cell: Cell) -> Bound:
    others = hidden - {cell}
    row, column = ("row", cell[0]), ("column", cell[1])
    value = table[cell[0]][cell[1]]
    more = _most(_network(table, others), column, row)
    less = _most(_network(table, others), row, column)
    return Bound(cell, value - min(value, less), value + more)


def _network(table: Table, hidden: set[Cell]) -> dict[_Node, dict[_Node, int]]:
    """How much each hidden cell can still grow (from its row to its column) and shrink (from its column to its row)."""
    room: dict[_Node, dict[_Node, int]] = {}
    for r, c in hidden:
        room.setdefault(("row", r), {})[("column", c)] = _ENDLESS
        room.setdefault(("column", c), {})[("row", r)] = table[r][c]
    return room


def _most(room: dict[_Node, dict[_Node, int]], source: _Node, sink: _Node) -> int:
    """The greatest flow from ``source`` to ``sink``, by shortest ways (Edmonds and Karp)."""
    total = 0
    while way := _way(room, source, sink):
        step = min(room[here][there] for here, there in way)
        for here, there in way:
            room[here][there] -= step
            room[there][here] = room[there].get(here, 0) + step
        total += step
    return total


def _way(room: dict[_Node, dict[_Node, int]], source: _Node, sink: _Node) -> list[tuple[_Node, _Node]]:
    """The edges of a shortest way with room on it; empty when there is none."""
    before: dict[_Node, _Node] = {source: source}
    queue = deque([source])
    while queue and sink not in before:
        here = queue.popleft()
        for there, free in room.get(here, {}).items():
            if free > 0 and there not in before:
                before[there] = here
                queue.append(there)
    if sink not in before:
        return []
    way = []
    node = sink
    while node != source:
        way.append((before[node], node))
        node = before[node]
    return way
