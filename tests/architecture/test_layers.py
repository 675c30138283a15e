"""The arrows between the apps: import-linter's contracts, and the two gaps that it cannot see."""

import os
import subprocess
import sys

from django.apps import apps
from django.conf import settings

from .source import LAYERS, PACKAGE, ROOT, app_of, imports_of, modules, short

# What another app may be asked for. foundation, ui, charts and engines may be used freely.
SHARED = {"models", "selectors", "services", "states"}
SHARED_MORE = {"organisations": {"access", "doors", "roles"}}
FREE = {"foundation", "ui", "charts", "engines"}


def test_contracts() -> None:
    """Imports point downwards; charts and engines know neither Django nor Jinja; each app keeps its own order."""
    code = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    command = [sys.executable, "-c", code, "--no-cache", "--no-logo"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_app_has_a_layer() -> None:
    found = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert found == set(LAYERS), "Give the new app its place in LAYERS and in the contracts of pyproject.toml."


def test_foreign_keys_point_downwards() -> None:
    """A foreign key may be written as a string, which import-linter does not see. The user model is everybody's."""
    upwards = []
    for model in apps.get_models():
        owner = model.__module__.split(".")
        if owner[0] != "levelground":
            continue
        for field in model._meta.get_fields():
            other = getattr(field, "remote_field", None) and getattr(field, "related_model", None)
            if field.auto_created or not other or other._meta.label == settings.AUTH_USER_MODEL:
                continue
            target = other.__module__.split(".")
            if target[0] == "levelground" and LAYERS.index(target[1]) < LAYERS.index(owner[1]):
                upwards.append(f"{model._meta.label}.{field.name} → {other._meta.label}")
    assert upwards == []


def forbidden_import(app: str, imported: str) -> bool:
    """Whether ``app`` must not import the dotted module ``imported``, which belongs to another app."""
    parts = imported.split(".")
    if parts[0] != "levelground" or len(parts) < 3 or parts[1] in {app, *FREE} or parts[1] not in LAYERS:
        return False
    return parts[2] not in SHARED | SHARED_MORE.get(parts[1], set())


def test_other_apps_are_entered_by_their_doors() -> None:
    """Of another app only its models, selectors, services and states are used (and how organisations check access)."""
    strange = [
        f"{short(path)}:{line} imports {imported}"
        for path in modules()
        for line, imported in imports_of(path)
        if forbidden_import(app_of(path), imported)
    ]
    assert strange == []


def test_the_door_check_sees_a_breach() -> None:
    assert forbidden_import("assessments", "levelground.frameworks.forms")
    assert forbidden_import("insight", "levelground.assessments.presenters.value_label")
    assert not forbidden_import("assessments", "levelground.frameworks.selectors.tree")
    assert not forbidden_import("assessments", "levelground.organisations.roles.Permission")
    assert not forbidden_import("assessments", "levelground.foundation.errors")
