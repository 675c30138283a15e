"""House rules that a linter does not know: scope before rows, permissions instead of roles, small files."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from .source import ROOT, modules, short, tree_of

LINES_PER_FILE = 450
LINES_PER_FUNCTION = 80
SCOPING = {"visible_to", "where"}


def doors() -> list[Path]:
    """The modules through which requests come: views and APIs."""
    return [
        path for path in modules() if path.stem.startswith(("views", "api")) or {"views", "api"} & set(path.parts[:-1])
    ]


def _chain(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> list[str]:
    """The methods called one after another on ``node``: ``x.objects.all().visible_to(u)`` gives all, visible_to."""
    names, current = [], node
    while isinstance(parents.get(current), ast.Attribute | ast.Call):
        current = parents[current]
        if isinstance(current, ast.Attribute):
            names.append(current.attr)
    return names


def unscoped(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, what) of every read in a door that does not go through ``visible_to``."""
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}:
            chain = [name for name in _chain(node, parents) if name != "all"]
            if not chain or chain[0] not in SCOPING:
                yield node.lineno, ast.unparse(parents[node])
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"get_object_or_404", "get_list_or_404"}:
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Name) and first.id[:1].isupper():
                yield node.lineno, ast.unparse(node)


def named_roles(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, what) of every ``Role.SOMETHING``: pages ask for permissions, so that the matrix alone decides."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Role":
            yield node.lineno, ast.unparse(node)


def long_functions(tree: ast.Module) -> Iterator[tuple[int, str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LINES_PER_FUNCTION:
                yield node.lineno, node.name, length


# A person who is nobody's member yet, chosen on the demonstration's sign-in page; and the administrator's own rows.
ELSEWHERE_GUARDED = {"src/levelground/demo/views.py", "src/levelground/foundation/jobs/views.py"}


def test_doors_read_only_what_the_person_may_see() -> None:
    found = [
        f"{short(path)}:{line} {what}"
        for path in doors()
        if short(path) not in ELSEWHERE_GUARDED
        for line, what in unscoped(tree_of(path))
    ]
    assert found == [], "Read through Model.objects.all().visible_to(request.user), or in a selector that does."


def test_doors_ask_for_permissions_not_for_roles() -> None:
    found = [f"{short(path)}:{line} {what}" for path in doors() for line, what in named_roles(tree_of(path))]
    assert found == []


def every_file() -> list[Path]:
    return [*modules(tests=True), *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "tools").rglob("*.py"))]


def test_files_and_functions_are_short() -> None:
    long_files = {
        short(path): count for path in every_file() if (count := len(path.read_text().splitlines())) > LINES_PER_FILE
    }
    functions = [
        f"{short(path)}:{line} {name} has {length} lines"
        for path in every_file()
        if "journeys" not in path.parts  # a journey is one story, told from its beginning to its end
        for line, name, length in long_functions(tree_of(path))
    ]
    assert long_files == {}, f"Split what has more than {LINES_PER_FILE} lines."
    assert functions == [], f"Split what has more than {LINES_PER_FUNCTION} lines."


@pytest.mark.parametrize(
    "source",
    [
        "Answer.objects.filter(workbook=book)",
        "Answer.objects.all().filter(pk=1).visible_to(user)",
        "get_object_or_404(Answer, pk=1)",
        "Answer._default_manager.get(pk=1)",
        "rows = Answer.objects",
    ],
)
def test_the_scope_check_sees_a_breach(source: str) -> None:
    assert list(unscoped(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "Answer.objects.all().visible_to(user).filter(pk=1)",
        "get_object_or_404(Answer.objects.visible_to(user), pk=1)",
        "book.answers.all()",
    ],
)
def test_the_scope_check_lets_scoped_reads_pass(source: str) -> None:
    assert list(unscoped(ast.parse(source))) == []


def test_the_other_checks_see_a_breach() -> None:
    assert list(named_roles(ast.parse("if held.role == Role.MEMBER_LEAD: pass")))
    long = "def f():\n" + "    x = 1\n" * LINES_PER_FUNCTION
    assert [name for _line, name, _length in long_functions(ast.parse(long))] == ["f"]
