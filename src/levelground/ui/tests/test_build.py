"""The build of styles and translations: skips what is fresh, says one sentence when it cannot go on."""

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[4]
pytestmark = pytest.mark.skipif(not (ROOT / "hatch_build.py").exists(), reason="runs in a checkout")


@pytest.fixture
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path, hook: ModuleType) -> Path:
    """A copy of what the build reads and has made."""
    for name in ("hatch_build.py", "package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / name, tmp_path / name)
    for folder in (hook.SASS, hook.STATIC):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def no_node() -> tuple[list[str], list[str]]:
    raise AssertionError("Node was asked for")


def test_what_is_fresh_is_not_built_again(hook: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook, "_node", no_node)
    hook.build_assets(checkout)
    (checkout / hook.SASS / "_base.scss").write_text("// changed\n")
    with pytest.raises(AssertionError, match="Node was asked for"):
        hook.build_assets(checkout)


def test_a_lost_output_is_built_again(hook: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook, "_node", no_node)
    (checkout / hook.STYLESHEET).unlink()
    with pytest.raises(AssertionError, match="Node was asked for"):
        hook.build_assets(checkout)


def test_without_npm_one_sentence_says_what_to_do(
    hook: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hook, "_node", lambda: (["false"], ["false"]))
    (checkout / hook.STYLESHEET).unlink()
    with pytest.raises(SystemExit, match="connect this machine to the internet"):
        hook.build_assets(checkout)


def test_the_lock_file_names_no_registry() -> None:
    lock = (ROOT / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert "registry" not in lock


def test_translations_are_compiled_when_they_change(hook: ModuleType, tmp_path: Path) -> None:
    po = tmp_path / "src" / "app" / "locale" / "cy" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    po.write_text(head + 'msgid "Save"\nmsgstr "Cadw"\n', encoding="utf-8")
    hook.compile_translations(tmp_path)
    assert b"Cadw" in po.with_suffix(".mo").read_bytes()
    before = po.with_suffix(".mo").stat().st_mtime_ns
    hook.compile_translations(tmp_path)
    assert po.with_suffix(".mo").stat().st_mtime_ns == before
