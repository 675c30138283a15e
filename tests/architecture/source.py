"""What the architecture tests read: the package's own files, as text and as syntax trees."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "levelground"

# From the top: an app imports from those below it only.
LAYERS = [
    "config", "demo", "insight", "support", "returns", "measures", "cycles", "assessments", "frameworks",
    "organisations", "accounts", "foundation", "ui", "charts", "engines",
]  # fmt: skip


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def modules(*, tests: bool = False, migrations: bool = False) -> list[Path]:
    """The package's Python files."""
    return [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if (tests or "tests" not in path.parts) and (migrations or "migrations" not in path.parts)
    ]


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def app_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted module) of everything that a file imports, relative imports spelled out.

    ``from package import name`` counts as ``package.name`` too, because ``name`` may be a module.
    """
    package = ["levelground", *path.relative_to(PACKAGE).with_suffix("").parts]
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: -node.level]) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            yield node.lineno, module
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)
