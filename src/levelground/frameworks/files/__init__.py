"""Framework files: YAML and spreadsheets in, checked data out, and the other way round.

The data is what ``selectors.as_data`` gives; ``schema.json`` documents it and ``docs/framework-format.md`` explains it.
"""

from collections.abc import Callable
from pathlib import PurePath

from .problems import Problem, Reading, one_problem
from .xlsx import read_xlsx
from .xlsx_writer import write_xlsx
from .yaml import read_yaml, write_yaml

FORMATS = {"yaml": "application/yaml", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}

__all__ = ["FORMATS", "Problem", "Reading", "read", "read_xlsx", "read_yaml", "write", "write_xlsx", "write_yaml"]


def read(raw: bytes, name: str, *, progress: Callable[[int, int], None] | None = None) -> Reading:
    """Read a framework file by the ending of its name: ``.yaml`` or ``.yml``, or ``.xlsx``."""
    from django.utils.translation import gettext as _

    ending = PurePath(name).suffix.lower()
    if ending in {".yaml", ".yml"}:
        return read_yaml(raw, name, progress=progress)
    if ending == ".xlsx":
        return read_xlsx(raw, name, progress=progress)
    if ending in {".xlsm", ".xlsb", ".xltm", ".xls", ".ods"}:
        return one_problem(
            name,
            _("This kind of spreadsheet can hold macros, or is of an old kind."),
            _("Save it as .xlsx and send that."),
        )
    return one_problem(
        name, _("The name of the file does not say what it is."), _("Send a file whose name ends in .yaml or .xlsx.")
    )


def write(data: dict, kind: str) -> bytes:
    """The file of ``data``; ``kind`` is a key of ``FORMATS``."""
    return write_yaml(data) if kind == "yaml" else write_xlsx(data)
