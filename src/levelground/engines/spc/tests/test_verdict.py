"""Verdicts, icons and proposals to rebase: what a team reads from its chart."""

import datetime
import math
import subprocess
import sys

import numpy as np
import pytest

from levelground.engines.spc import analyse, propose_rebase

ZIGZAG = [10, 12, 9, 11] * 5
RISEN = [11.5, 12.5, 11.2, 12.1, 11.4, 12.2, 11.6, 12.4, 11.3, 12, 11.7, 12.3]


def months(count):
    return list(np.arange("2022-01", np.datetime64("2022-01") + count, dtype="M8[M]").astype("M8[D]"))


def verdict(y, **options):
    return analyse(y, chart="i", x=months(len(y)), **options).verdict


@pytest.mark.requirement("AMHE-34")
def test_a_shift_the_good_way_is_an_improvement_since_its_first_month():
    found = verdict(ZIGZAG + RISEN, fix_after=20, direction="increase")
    assert (found.status, found.rule, found.next_step) == ("improvement", "shift", "keep_it")
    assert found.since == np.datetime64("2023-08-01") and found.since_position == 19
    assert found.until == np.datetime64("2024-08-01")
    assert found.sureness == "firm" and found.numbers["in_signal"] == 13 and found.numbers["latest"] == 12.3


@pytest.mark.requirement("AMHE-34")
def test_the_same_shift_is_a_concern_or_just_a_change():
    y = ZIGZAG + RISEN
    assert verdict(y, fix_after=20, direction="decrease").status == "concern"
    assert verdict(y, fix_after=20, direction="decrease").next_step == "find_out_why"
    assert verdict(y, fix_after=20).status == "changed_high"
    assert verdict([-v for v in y], fix_after=20).status == "changed_low"


def test_nothing_but_chance_is_stable():
    found = verdict(ZIGZAG, direction="increase")
    assert (found.status, found.rule, found.rules, found.since) == ("stable", None, (), None)
    assert found.next_step == "keep_watching"


def test_a_steady_process_that_cannot_meet_its_target_needs_redesign():
    assert verdict(ZIGZAG, direction="increase", target=30).next_step == "redesign"
    assert verdict(ZIGZAG, direction="increase", target=3).next_step == "keep_watching"


def test_a_signal_that_is_over_is_told_as_earlier():
    found = verdict([*ZIGZAG, 40, 10, 11, 9], fix_after=20, direction="increase")
    assert (found.status, found.rule, found.since) == ("earlier_signal", "outside_limits", np.datetime64("2023-09-01"))
    assert found.rules == ()


def test_few_points_say_nothing_yet():
    assert verdict([1, 2, 3, 4, 5, 6, 7, 8, 90], direction="increase").status == "too_few"
    assert verdict(ZIGZAG[:12]).sureness == "weak"
    assert verdict(ZIGZAG[:13]).sureness == "provisional"
    assert math.isnan(verdict([None, None]).numbers["latest"])


def test_a_pattern_without_direction_is_told_as_one():
    y = [1] * 6 + [-1] * 6 + [1] * 6
    found = analyse(y, chart="run", centre=0, rules="anhoej", direction="increase").verdict
    assert (found.status, found.next_step) == ("pattern", "look_for_pattern")


@pytest.mark.requirement("LPF-12")
def test_a_target_may_change_over_time():
    """The icon goes by the target of the last month; months before the first target have none."""
    targets = [(datetime.date(2022, 3, 1), 30), (datetime.date(2022, 6, 1), 3)]
    result = analyse(ZIGZAG, chart="i", x=months(20), direction="increase", target=targets)
    assert np.isnan(result.target[:2]).all() and (result.target[2:5] == 30).all() and (result.target[5:] == 3).all()
    assert result.assurance == "consistent_pass"
    later = [(datetime.date(2030, 1, 1), 30)]
    assert analyse(ZIGZAG, chart="i", x=months(20), direction="increase", target=later).assurance is None


def test_a_target_is_in_the_units_of_the_chart():
    y, n = [8, 9, 8, 7, 9, 8, 9, 8, 7, 9, 8, 9, 8], [10] * 13
    result = analyse(y, chart="p", denominators=n, multiply=100, direction="increase", target=10)
    assert result.value[0] == 80 and result.assurance == "consistent_pass"


def test_variation_icons():
    def icon(last, direction):
        return analyse([*ZIGZAG, last], chart="i", direction=direction).variation

    assert [icon(40, way) for way in ("increase", "decrease", "neutral")] == [
        "improvement_high", "concern_high", "neutral_high",
    ]  # fmt: skip
    assert [icon(-20, way) for way in ("increase", "decrease", "neutral")] == [
        "concern_low", "improvement_low", "neutral_low",
    ]  # fmt: skip
    assert icon(10, "increase") == "common_cause"


@pytest.mark.requirement("AMHE-15")
def test_a_lasting_shift_proposes_a_rebase_and_changes_nothing():
    y = ZIGZAG + RISEN
    result = analyse(y, chart="i", x=months(32), fix_after=20)
    proposal = propose_rebase(result)
    assert (proposal.position, proposal.x) == (19, np.datetime64("2023-08-01"))
    assert (proposal.direction, proposal.points, proposal.reason) == (1, 13, "sustained_shift")
    assert proposal.centre_before == 10.5 and proposal.centre_after == pytest.approx(np.mean(y[19:]))
    assert proposal.completed_at == 25
    assert list(result.phase) == [0] * 32
    accepted = analyse(y, chart="i", x=months(32), rebase=[proposal.x])
    assert accepted.centre[-1] == pytest.approx(proposal.centre_after) and propose_rebase(accepted) is None


def test_no_rebase_without_a_lasting_shift():
    assert propose_rebase(analyse(ZIGZAG, chart="i")) is None
    assert propose_rebase(analyse(ZIGZAG + RISEN[:8], chart="i", fix_after=20)) is None  # nine points are too few
    assert propose_rebase(analyse(ZIGZAG + RISEN[:8], chart="i", fix_after=20), sustained=9) is not None
    assert propose_rebase(analyse([*ZIGZAG, *RISEN, 9], chart="i", fix_after=20)) is None  # it has fallen back
    assert propose_rebase(analyse([*ZIGZAG, *RISEN, None], chart="i", fix_after=20)) is None
    assert propose_rebase(analyse([], chart="i")) is None
    assert propose_rebase(analyse([5] * 30, chart="i")) is None


def test_the_site_starts_without_numpy():
    """Most pages need no arithmetic; NumPy and SciPy would cost each start a quarter of a second."""
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'levelground.config.settings';"
        "import levelground, django; django.setup(); import levelground.config.urls;"
        "print([name for name in ('numpy', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stderr
