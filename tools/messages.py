"""Keep the Welsh catalogues: ``messages.py [APP…]`` extracts and updates, ``--compile`` builds .mo,
``--check`` finds gaps and clashes.

One catalogue per app (``<app>/locale/cy/LC_MESSAGES/django.po``). Django's own ``makemessages`` misses text inside
Jinja macro arguments; Babel's extractor finds it.
"""

import argparse
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parents[1] / "src" / "levelground"
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
METHODS = [
    ("**/migrations/**", "ignore"),
    ("**/tests/**", "ignore"),
    ("**.py", "python"),
    ("**.jinja", "jinja2.ext:babel_extract"),
]
# Modules that lie beside the apps, and the app whose catalogue holds their text.
BESIDE = {
    "foundation/bilingual.py": "foundation.exports",
    "foundation/db.py": "foundation.exports",
    "charts/spc/words.py": "ui",
    "charts/spc/phrases.py": "ui",
    "charts/spc/problems.py": "ui",
    "charts/spc/icons.py": "ui",
}
OPTIONS = {
    "**.jinja": {
        "extensions": "jinja2.ext.i18n,jinja2.ext.do",
        "trimmed": "false",
        "silent": "false",
        "newstyle_gettext": "true",
    }
}


def apps() -> dict[str, Path]:
    """Every Django app by its dotted name below ``levelground``, e.g. ``foundation.audit``."""
    return {str(p.parent.relative_to(SOURCE)).replace("/", "."): p.parent for p in sorted(SOURCE.rglob("apps.py"))}


def po_of(folder: Path) -> Path:
    return folder / "locale" / "cy" / "LC_MESSAGES" / "django.po"


def extract(folder: Path) -> Catalog:
    """Every message of an app, and of the modules beside it that have no catalogue of their own."""
    found = Catalog(locale="cy", charset="utf-8")
    for name, _line, message, comments, context in extract_from_dir(
        folder, METHODS, OPTIONS, KEYWORDS, ("Translators:",)
    ):
        found.add(message, locations=[(name, None)], auto_comments=comments, context=context)
    for name, app in BESIDE.items():
        if apps()[app] == folder:
            for _line, message, comments, context in extract_from_file(
                "python", SOURCE / name, KEYWORDS, ("Translators:",)
            ):
                found.add(message, locations=[(name, None)], auto_comments=comments, context=context)
    return found


def homeless() -> list[str]:
    """Messages in modules that belong to no catalogue: they would never be translated."""
    homes = [*apps().values(), *(SOURCE / name for name in BESIDE)]
    return [
        f"{name}: {message!r}"
        for name, _line, message, _comments, _context in extract_from_dir(SOURCE, METHODS, OPTIONS, KEYWORDS)
        if not any((SOURCE / name).is_relative_to(home) for home in homes)
    ]


def read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale="cy", charset="utf-8")
    with path.open("rb") as stream:
        return read_po(stream, locale="cy")


def update(folder: Path) -> tuple[int, int]:
    """Bring the catalogue up to date; gives (messages, messages without Welsh)."""
    path = po_of(folder)
    catalog = read(path)
    made = catalog.creation_date
    catalog.update(extract(folder), no_fuzzy_matching=True)
    catalog.creation_date = made  # so that a catalogue in which nothing changed stays the same file
    catalog.obsolete.clear()
    if len(catalog):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            write_po(
                stream,
                catalog,
                omit_header=False,
                sort_output=True,
                width=120,
                ignore_obsolete=True,
                include_lineno=False,
            )
    return len(catalog), len(gaps(catalog))


def gaps(catalog: Catalog) -> list[str]:
    """Messages without Welsh, or with placeholders that differ."""
    missing = []
    for message in catalog:
        if message.id:
            texts = message.string if isinstance(message.string, (tuple, list)) else [message.string]
            if not all(texts) or message.fuzzy or any(message.check(catalog)):
                missing.append(str(message.id))
    return missing


def compile_all() -> None:
    for folder in apps().values():
        path = po_of(folder)
        if path.exists():
            with path.with_suffix(".mo").open("wb") as stream:
                write_mo(stream, read(path))


def clashes() -> list[str]:
    """Messages whose Welsh differs from app to app: Django shows only one of them everywhere. A context tells them
    apart."""
    found: dict[tuple[str | None, str], dict[str, str]] = {}
    for app, folder in apps().items():
        for message in read(po_of(folder)):
            if message.id and message.string:
                found.setdefault((message.context, str(message.id)), {}).setdefault(str(message.string), app)
    return [f"{key[1]!r}: {' | '.join(f'{app} {words}' for words, app in says.items())}" for key, says in found.items()
            if len(says) > 1]  # fmt: skip


def check() -> int:
    """Print what has no Welsh, or stands in the code and not in a catalogue; the number of such messages."""
    wrong = 0
    for text in homeless():
        print(f"no catalogue for {text}")
        wrong += 1
    for text in clashes():
        print(f"different Welsh for {text}")
        wrong += 1
    for name, folder in apps().items():
        catalog = read(po_of(folder))
        known = {(m.context, m.id if isinstance(m.id, str) else m.id[0]) for m in catalog if m.id}
        lost = [
            m for m in extract(folder) if m.id and (m.context, m.id if isinstance(m.id, str) else m.id[0]) not in known
        ]
        for text in [*gaps(catalog), *(str(m.id) for m in lost)]:
            print(f"{name}: no Welsh for {text!r}")
            wrong += 1
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("apps", nargs="*")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    if given.compile:
        compile_all()
        return 0
    if given.check:
        return 1 if check() else 0
    for name, folder in apps().items():
        if not given.apps or name in given.apps:
            total, missing = update(folder)
            print(f"{name}: {total} messages, {missing} without Welsh")
    return 0


if __name__ == "__main__":
    sys.exit(main())
