"""Hold an answer against a reference: numbers to 1e-8 relative and 1e-12 absolute, all else exactly."""

import math
from typing import Any


def differences(ours: Any, theirs: Any, where: str = "") -> list[str]:
    """Where ``ours`` differs from ``theirs``, in words; an expected error only has to be an error."""
    if isinstance(theirs, dict):
        if "error" in theirs:
            return [] if isinstance(ours, dict) and "error" in ours else [f"{where}: expected an error"]
        if not isinstance(ours, dict) or set(ours) != set(theirs):
            return [f"{where}: {ours!r} has other fields than the reference"]
        return [line for key in theirs for line in differences(ours[key], theirs[key], f"{where}.{key}")]
    if isinstance(theirs, list):
        if not isinstance(ours, list) or len(ours) != len(theirs):
            return [f"{where}: {ours!r} is not as long as {theirs!r}"]
        return [
            line
            for i, (a, b) in enumerate(zip(ours, theirs, strict=True))
            for line in differences(a, b, f"{where}[{i}]")
        ]
    if _number(theirs) and _number(ours):
        same = math.isclose(ours, theirs, rel_tol=1e-8, abs_tol=1e-12)
    else:
        same = type(ours) is type(theirs) and ours == theirs
    return [] if same else [f"{where}: {ours!r} instead of {theirs!r}"]


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
