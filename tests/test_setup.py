"""The set-up script: what goes wrong ends in a sentence that says what to do."""

import ast
import re
import socket
import sys

import pytest

from tools import setup


def test_an_old_python_can_still_read_it():
    ast.parse((setup.ROOT / "tools" / "setup.py").read_text(), feature_version=(3, 7))


def test_a_busy_port_names_itself_and_another():
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        with pytest.raises(setup.Stop, match=rf"Port {port} is in use .* make demo PORT=\d+"):
            setup.the_port(str(port))
    assert setup.the_port(str(port)) == port


@pytest.mark.parametrize("text", ["", "http", "0", "65536", "-1", "８０００"])
def test_a_port_that_is_none(text):
    with pytest.raises(setup.Stop, match="is not a port"):
        setup.the_port(text)


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(setup.Stop, match=r"cannot be written to .* LEVELGROUND_VAR"):
        setup.must_be_writable(tmp_path / "file" / "var")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("error: dns error: failed to lookup address", "needs the internet"),
        ("The virtual environment was not created: ensurepip is not available", "sudo apt install python3-venv"),
        ("OSError: No space left on device", "disk is full"),
        ("something else", "It did not work."),
    ],
)
def test_a_failed_step_explains_itself(said, sentence, capsys):
    with pytest.raises(setup.Stop, match=sentence):
        setup.run([sys.executable, "-c", f"import sys; print({said!r}); sys.exit(1)"], "It did not work.")


def test_an_active_environment_does_not_leak_in(monkeypatch):
    for name in ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "CONDA_PREFIX"):
        monkeypatch.setenv(name, "/elsewhere")
    assert "/elsewhere" not in setup.environment().values()


def test_a_step_that_fails_leaves_no_stamp(tmp_path):
    stamp = tmp_path / "stamp"
    with pytest.raises(RuntimeError), setup.step("work", stamp, "wanted"):
        raise RuntimeError
    assert not setup.fresh(stamp, "wanted")
    with setup.step("work", stamp, "wanted"):
        pass
    assert setup.fresh(stamp, "wanted") and not setup.fresh(stamp, "another")


@pytest.mark.parametrize("name", ["requirements.lock", "tools/uv.txt", "package-lock.json"])
def test_lock_files_have_hashes_and_name_no_host(name):
    text = (setup.ROOT / name).read_text()
    assert "sha256:" in text or "sha512-" in text
    assert not re.search(r'file:|"resolved"|--(extra-)?index-url|--find-links', text)
