"""The table of settings in docs/deploy.md is the settings module's own."""

import ast
import re
from pathlib import Path

from django.conf import settings
from django.core.management import get_commands

from levelground.config import env

GUIDE = (env.ROOT / "docs" / "deploy.md").read_text()
ROWS = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", GUIDE, re.MULTILINE))


def read_by_the_settings() -> dict[str, object]:
    """Each variable that the settings read, with its default where that is written down as a plain value."""
    found: dict[str, object] = {"DATABASE_URL": None, "LEVELGROUND_SECRET_KEY": None}
    tree = ast.parse(Path(env.__file__).with_name("settings.py").read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            first = node.args[0] if node.args else None
            if ast.unparse(node.func.value) == "env" and isinstance(first, ast.Constant):
                default = node.args[1] if len(node.args) > 1 else None
                value = default.value if isinstance(default, ast.Constant) else None
                if value is not None or f"LEVELGROUND_{first.value}" not in found:
                    found[f"LEVELGROUND_{first.value}"] = value
    return found


def test_every_variable_stands_in_the_table_and_no_other() -> None:
    assert set(ROWS) == set(read_by_the_settings())


def test_the_defaults_in_the_table_are_the_real_ones() -> None:
    plain = {name: value for name, value in read_by_the_settings().items() if value not in (None, "")}
    assert len(plain) > 15
    for name, value in plain.items():
        if name == "LEVELGROUND_EMAIL_HOST":
            continue  # without one, "localhost" is not used: mail goes to files
        assert ROWS[name].strip("`") == str(value), name


def test_every_command_of_ours_in_the_guide_exists() -> None:
    named = set(re.findall(r"(?<!-u )levelground ([a-z][a-z-]+)", GUIDE))
    known = {name.replace("_", "-") for name in get_commands()}
    assert {"serve", "worker", "doctor", "verify-audit", "start-network"} <= named
    words = {"levelground", "app", "var", "var/levelground"}
    assert {name for name in named if name not in known | words} == set()


def test_the_proxy_lets_through_what_the_site_takes() -> None:
    (megabytes,) = re.findall(r"client_max_body_size (\d+)m", GUIDE)
    assert int(megabytes) * 1024 * 1024 >= settings.REQUEST_MAX_BYTES
