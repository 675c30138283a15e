"""Reads settings from the environment; a missing or bad value explains itself."""

import datetime as dt
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[3]


def text(name: str, default: str | None = None, *, because: str = "") -> str:
    """Value of ``LEVELGROUND_<name>``; without a default, a missing value raises with the reason it is needed."""
    value = os.environ.get(f"LEVELGROUND_{name}", default)
    if value is None:
        raise ImproperlyConfigured(f"Set LEVELGROUND_{name}. {because}".strip())
    return value


def flag(name: str, default: bool = False) -> bool:
    value = text(name, "yes" if default else "no").strip().lower()
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"", "0", "no", "false", "off"}:
        return False
    raise ImproperlyConfigured(f"LEVELGROUND_{name} is {value!r}. Write yes or no.")


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"LEVELGROUND_{name} is {value!r}. Write a whole number.") from None


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def numbers(name: str, default: str) -> list[int]:
    """A comma-separated list of whole numbers."""
    try:
        return [int(word) for word in words(name, default)]
    except ValueError:
        raise ImproperlyConfigured(
            f"LEVELGROUND_{name} is {text(name)!r}. Write whole numbers with commas between, like {default}."
        ) from None


def time(name: str, default: str) -> str:
    """A time of the day: ``08:00``."""
    value = text(name, default)
    try:
        return dt.time.fromisoformat(value).strftime("%H:%M")
    except ValueError:
        raise ImproperlyConfigured(f"LEVELGROUND_{name} is {value!r}. Write a time, like {default}.") from None


def hours(name: str, default: str) -> tuple[dt.time, dt.time]:
    """A span of the day: ``20:00-07:00``."""
    value = text(name, default)
    try:
        start, end = (dt.time.fromisoformat(part.strip()) for part in value.split("-"))
    except ValueError:
        raise ImproperlyConfigured(f"LEVELGROUND_{name} is {value!r}. Write two times, like {default}.") from None
    return start, end


def folder(name: str, default: Path) -> Path:
    return Path(text(name, str(default))).expanduser()


def secret_key(var: Path, *, fixed: str = "") -> str:
    """``LEVELGROUND_SECRET_KEY``, else the key in ``var/secret-key``, made on first use, readable by its owner only."""
    given = fixed or text("SECRET_KEY", "")
    if given:
        return given
    path = var / "secret-key"
    try:
        var.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as stream:
            stream.write(secrets.token_urlsafe(60))
    except FileExistsError:
        pass
    except OSError as error:
        raise ImproperlyConfigured(
            f"{path} cannot be written ({error.strerror}). Set LEVELGROUND_SECRET_KEY to a long random text, "
            "or LEVELGROUND_VAR to a folder that can be written."
        ) from error
    return path.read_text()
