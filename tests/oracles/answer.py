"""Answer SPC cases: ``python tests/oracles/answer.py FILE.jsonl`` prints ``{"id": …, "expected": {…}}`` for each line.

Reads the three schemas of the reference vectors (qic, nhs, rules; tests/oracles/spc/README.md) and uses nothing but the
public functions of ``levelground.engines.spc``, with the profile of the peer that made the vectors. Where the engine
refuses a case, ``expected`` is ``{"error": code}``. A number that is not finite, or missing, is null.
"""

import datetime
import json
import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from levelground.engines.spc import Result, SpcError, analyse, find_signals

Json = dict[str, Any]

# Codes of rules per number in the reference.
NUMBERED = {
    "western_electric": ["outside_limits", "two_of_three", "four_of_five", "shift"],
    "nelson": [
        "outside_limits",
        "shift",
        "trend",
        "alternating",
        "two_of_three",
        "four_of_five",
        "hugging",
        "avoiding",
    ],
}
LABELS = {
    "outside_limits": ("Above UCL", "Below LCL"),
    "trend": ("7 Point Trend (Increasing)", "7 Point Trend (Decreasing)"),
    "two_of_three": ("2 in 3 Above CL", "2 in 3 Below CL"),
    "shift": ("7 Points Above CL", "7 Points Below CL"),
}
ASSURANCE = {"consistent_pass": "pass", "consistent_fail": "fail", "inconsistent": "inconsistent", None: None}


def days(dates: Iterable[str | None]) -> np.ndarray:
    """ISO dates (or None) as datetime64[D]."""
    return np.array([np.datetime64("NaT") if date is None else np.datetime64(date[:10]) for date in dates], "M8[D]")


def plain(array: np.ndarray) -> list[Any]:
    """Numbers as JSON has them: null for what is not finite, dates in ISO form."""
    if array.dtype.kind == "M":
        return [str(value) for value in array]
    if array.dtype.kind == "f":
        return [float(value) if math.isfinite(value) else None for value in array]
    return array.tolist()


def answer_qic(given: Mapping[str, Any]) -> Json:
    """A qic case: one entry per subgroup, and the runs of each phase."""
    chart, n, part = given["chart"], given.get("n"), given.get("part")
    x = days(given["x"]) if given.get("x_type") == "date" else given["x"]
    labels = part if isinstance(part, list) and len(part) == len(given["y"]) > 1 else None
    ends = [part] if isinstance(part, int) else part
    result = analyse(
        given["y"],
        chart=chart,
        denominators=n,
        x=x,
        # The peer names the last point of a phase, counted from 1: that is the next phase's first, counted from 0.
        phases=ends if labels is None else None,
        phase_labels=labels,
        freeze=given.get("freeze") if part is None else None,
        exclude=[position - 1 for position in _listed(given.get("exclude")) if position > 0],
        centre=given.get("cl"),
        multiply=given.get("multiply") or 1,
        aggregate=given.get("agg"),
        method=given.get("method"),
        negative_limits=given.get("y_neg"),
        screen=given.get("screen_mr", True),
        profile="qicharts2",
    )
    return {
        "x": plain(result.x),
        "y": plain(result.value),
        "n": _denominators(result, n),
        "part": (result.phase + 1).tolist(),
        "baseline": result.baseline.tolist(),
        "include": result.included.tolist(),
        "cl": plain(result.centre),
        "lcl": plain(result.lcl),
        "lcl_95": plain(result.lcl_2),
        "ucl_95": plain(result.ucl_2),
        "ucl": plain(result.ucl),
        "sigma_signal": outside(result).tolist(),
        "parts": [_part(result, number) for number in range(len(result.phases))],
    }


def _listed(given: Any) -> Sequence[Any]:
    if given is None:
        return []
    return given if isinstance(given, list) else [given]


def _denominators(result: Result, n: Any) -> list[float] | None:
    if n is not None:  # the peer's sum of nothing is 0
        return [0 if math.isnan(value) else float(value) for value in result.denominator]
    return result.size.tolist() if result.chart == "ip" else None


def outside(result: Result) -> np.ndarray:
    """Whether each point is part of an "outside limits" signal."""
    found = np.zeros(len(result), dtype=bool)
    found[[place for signal in result.signals if signal.rule == "outside_limits" for place in signal.points]] = True
    return found


def _part(result: Result, number: int) -> Json:
    runs = result.phases[number].runs
    assert runs is not None
    return {
        "part": number + 1,
        "n_obs": runs.observations,
        "n_useful": runs.useful,
        "longest_run": runs.longest,
        "longest_run_max": runs.longest_max,
        "n_crossings": runs.crossings,
        "n_crossings_min": runs.crossings_min,
        "runs_signal": runs.signal,
    }


def answer_nhs(given: Mapping[str, Any]) -> Json:
    """An nhs case: every facet is a series of its own; rows in the order of facet and date."""
    facets = given.get("facet")
    names = [None] if facets is None else sorted(set(facets))
    for option in ("target", "rebase"):
        if isinstance(given.get(option), dict) and not set(given[option]) <= set(names):
            raise SpcError("unknown_facet")
    answers = [_facet(given, name, facets) for name in names]
    columns = [key for key in answers[0] if key not in {"icon", "facet"}]
    joined: Json = {
        "facet": None if facets is None else [n for n, a in zip(names, answers, strict=True) for _ in a["date"]]
    }
    joined |= {key: [value for answer in answers for value in answer[key]] for key in columns}
    return joined | {"icons": [answer["icon"] for answer in answers]}


def _facet(given: Mapping[str, Any], name: Any, facets: Any) -> Json:
    rows = [place for place in range(len(given["y"])) if facets is None or facets[place] == name]
    direction = given.get("improvement_direction", "increase")
    target, rebase = given.get("target"), given.get("rebase")
    if isinstance(target, dict):
        # The peer has a target column for all facets, empty for those without one.
        target = target.get(name, math.nan)
    if isinstance(rebase, dict):
        rebase = rebase.get(name)
    rebase = days(_listed(rebase))
    result = analyse(
        [given["y"][place] for place in rows],
        chart="i",
        x=days(given["date"][place] for place in rows),
        rebase=list(rebase),
        fix_after=given.get("fix_after_n_points"),
        target=target,
        direction=direction,
        screen=given.get("screen_outliers", True),
        profile="plotthedots",
    )
    return _nhs_columns(result, rebase) | {"icon": _icon(result, name)}


def _nhs_columns(result: Result, rebase: np.ndarray) -> Json:
    y, upper, lower = result.value, result.ucl, result.lcl
    gap = np.isnan(y)
    undefined = gap | np.isnan(upper) | np.isnan(lower)
    beyond = (y > upper) | (y < lower)
    close = ~beyond & ((y > result.ucl_2) | (y < result.lcl_2))
    # A rebase on the first date makes the peer count its phases from 1.
    first = int(len(result) > 0 and result.x[0] in rebase)
    return {
        "date": plain(result.x),
        "y": plain(y),
        "rebase_group": (result.phase + first).tolist(),
        "in_baseline": (result.baseline & ~gap).tolist(),
        "mean": plain(result.centre),
        "lpl": plain(lower),
        "upl": plain(upper),
        "outside_limits": _unless(undefined, beyond),
        "close_to_limits": _unless(undefined, close),
        "relative_to_mean": _unless(gap, np.nan_to_num(np.sign(y - result.centre)).astype(int)),
        "special_cause_type": [
            LABELS[reason][0 if way > 0 else 1] if reason else "Common Cause"
            for reason, way in zip(result.reason, result.reason_direction, strict=True)
        ],
        "point_type": [kind if kind == "common_cause" else f"special_cause_{kind}" for kind in result.point_type],
        "short_group_warning": [result.phases[phase].short for phase in result.phase],
        "target": plain(result.target),
    }


def _unless(unknown: np.ndarray, values: np.ndarray) -> list[Any]:
    return [None if missing else value for missing, value in zip(unknown.tolist(), values.tolist(), strict=True)]


def _icon(result: Result, name: Any) -> Json:
    return {
        "facet": name,
        "variation_icon": result.variation,
        "assurance_type": result.assurance,
        "assurance_icon": ASSURANCE[result.assurance],
    }


def answer_rules(given: Mapping[str, Any]) -> Json:
    """A rules case: for each rule set and rule, the positions at which it completes."""
    answers: Json = {}
    for name, codes in NUMBERED.items():
        signals = find_signals(given["y"], centre=given["center"], sigma=given["sigma"], rules=name)
        answers[name] = {
            str(number): sorted({end for signal in signals if signal.rule == code for end in signal.completions})
            for number, code in enumerate(codes, start=1)
        }
    return answers


def answer(case: Mapping[str, Any]) -> Json:
    """Our answer to one case, in the reference's fields."""
    given = case["input"]
    kind = answer_rules if "center" in given else answer_nhs if "date" in given else answer_qic
    try:
        return {"id": case["id"], "expected": kind(given)}
    except SpcError as error:
        return {"id": case["id"], "expected": {"error": error.code}}


def cases(path: Path) -> Iterator[Json]:
    """The cases of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 1:
        print("usage: python tests/oracles/answer.py FILE.jsonl", file=sys.stderr)
        return 2
    for case in cases(Path(arguments[0])):
        print(json.dumps(answer(case), allow_nan=False, default=_json))
    return 0


def _json(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
