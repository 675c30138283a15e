"""Our own choices where the peers have an accident or disagree, and that a profile still gives the peer's answer."""

import numpy as np
import pytest

from levelground.engines.spc import PROFILES, SpcError, analyse, propose_rebase

ZIGZAG = [10, 12, 9, 11] * 4
FULL = [100.0] * 14
GAP_IN_A_RISE = [1, 2, 3, None, 5, 6, 7, 8, 9, 10, 11, 12, 3, 4]


def kinds(result, rule):
    return [list(signal.points) for signal in result.signals if signal.rule == rule]


# Q029, N043: every value the same, screened -------------------------------------------------------------------------


@pytest.mark.parametrize("value", [100.0, 0.1, 1 / 3, 0.0])
def test_limits_of_a_constant_series_are_its_mean(value):
    result = analyse([value] * 14, chart="i", direction="increase", target=value)
    assert (result.lcl == value).all() and (result.ucl == value).all() and (result.centre == value).all()
    assert result.signals == ()
    assert result.assurance == "consistent_pass"


def test_a_constant_series_is_held_against_its_target():
    def icon(target, direction):
        return analyse(FULL, chart="i", direction=direction, target=target).assurance

    assert icon(95, "increase") == "consistent_pass"
    assert icon(101, "increase") == "consistent_fail"
    assert icon(95, "decrease") == "consistent_fail"
    assert icon(101, "decrease") == "consistent_pass"


def test_the_peers_lose_the_limits_of_a_constant_series():
    assert np.isnan(analyse(FULL, chart="i", profile="qicharts2").ucl).all()
    assert analyse(FULL, chart="i", profile="plotthedots", target=100).assurance == "inconsistent"


@pytest.mark.parametrize("chart", ["pp", "up"])
def test_laney_charts_of_shares_that_are_all_0(chart):
    def limits(profile):
        result = analyse([0] * 6, chart=chart, denominators=[20, 30, 20, 25, 20, 30], profile=profile)
        return result.ucl

    assert (limits(None) == 0).all()
    assert np.isnan(limits("qicharts2")).all()


# Q045: k out of 0 -----------------------------------------------------------------------------------------------------


def test_events_without_a_denominator_are_an_error_or_a_gap():
    y, n = [3, 4, 2, 5, 2], [20, 22, 0, 25, 18]
    with pytest.raises(SpcError) as caught:
        analyse(y, chart="p", denominators=n)
    assert (caught.value.code, caught.value.positions) == ("events_without_denominator", (2,))
    gap = analyse(y, chart="p", denominators=n, invalid="gap")
    assert np.isnan(gap.value[2]) and np.isnan(gap.ucl[2])
    assert gap.centre[0] == pytest.approx(14 / 85)  # the two events count nowhere
    assert gap.phases[0].runs.useful == 4
    assert [(notice.code, notice.positions) for notice in gap.notices] == [("events_without_denominator", (2,))]
    peer = analyse(y, chart="p", denominators=n, profile="qicharts2")
    assert peer.centre[0] == pytest.approx(16 / 85) and peer.phases[0].runs.useful == 5


# Q057: I′ and its baseline --------------------------------------------------------------------------------------------


def test_spread_of_i_prime_comes_from_the_baseline():
    y = [20, 25, 22, 28, 24, 26, 21, 27, 40, 45, 42, 48]
    n = [100, 120, 110, 130, 105, 125, 100, 128, 110, 120, 115, 130]
    frozen = analyse(y, chart="ip", denominators=n, freeze=8)
    alone = analyse(y[:8], chart="ip", denominators=n[:8])
    assert frozen.ucl[:8] == pytest.approx(alone.ucl, rel=1e-12)
    peer = analyse(y, chart="ip", denominators=n, freeze=8, profile="qicharts2")
    assert peer.ucl[0] != pytest.approx(frozen.ucl[0], rel=1e-3) and peer.centre[0] == frozen.centre[0]


def test_i_prime_with_ones_is_the_i_chart():
    ones = analyse(ZIGZAG, chart="ip", denominators=[1] * 16)
    none = analyse(ZIGZAG, chart="ip")
    plain = analyse(ZIGZAG, chart="i", rules="shewhart")
    # The one uses sqrt(pi)/2 = 1/1.12838, the other the table's 1.128.
    assert ones.ucl == pytest.approx(plain.ucl, rel=1e-3)
    assert none.ucl == pytest.approx(ones.ucl, rel=1e-15)


# N016, N048: nothing to compare with --------------------------------------------------------------------------------


def test_no_limits_no_assurance():
    assert analyse([5], chart="i", direction="increase", target=5).assurance is None
    assert analyse(ZIGZAG, chart="run", direction="increase", target=5).assurance is None
    assert analyse([5], chart="i", target=5, profile="plotthedots").assurance == "inconsistent"


def test_no_target_no_assurance():
    assert analyse(ZIGZAG, chart="i", direction="increase").assurance is None
    assert analyse(ZIGZAG, chart="i", direction="increase", target=float("nan")).assurance is None
    assert analyse(ZIGZAG, chart="i", direction="neutral", target=3).assurance is None


# N027: two trends that meet on a tie --------------------------------------------------------------------------------


def test_a_point_is_named_after_its_own_trend():
    y = [1, 2, 3, 4, 5, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14]
    ours = analyse(y, chart="i", direction="increase")
    assert (ours.reason[6], ours.reason_direction[6]) == ("trend", 1)
    peer = analyse(y, chart="i", profile="plotthedots")
    assert (peer.reason[6], peer.reason_direction[6]) == ("trend", -1)


def test_a_rise_before_a_drop_into_another_rise_is_a_rise():
    y = [0.0, 1, 2, 3, 4, 5, 6, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5]
    ours, peer = (analyse(y, chart="i", factor=9, profile=profile) for profile in (None, "plotthedots"))
    assert (ours.reason[6], ours.reason_direction[6]) == ("trend", 1)
    assert (peer.reason[6], peer.reason_direction[6]) == ("trend", -1)


def test_a_shared_peak_belongs_to_the_later_trend():
    y = [0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1, 0]
    result = analyse(y, chart="i", direction="increase", factor=9)  # limits so wide that only the trends speak
    assert list(result.reason_direction) == [1] * 6 + [-1] * 7
    assert [s.points for s in result.signals_at(6) if s.rule == "trend"] == [tuple(range(7)), tuple(range(6, 13))]


# N050: a gap in a rise ------------------------------------------------------------------------------------------------


def test_a_gap_breaks_a_trend_and_is_no_error():
    result = analyse(GAP_IN_A_RISE, chart="i")
    assert kinds(result, "trend") == [list(range(4, 12))]
    with pytest.raises(SpcError, match="trend_over_gap"):
        analyse(GAP_IN_A_RISE, chart="i", profile="plotthedots")


# Section 7 of the reference: where peers disagree --------------------------------------------------------------------


def test_factor_is_266_on_nhs_charts_and_exact_elsewhere():
    def factor(**options):
        return analyse(ZIGZAG, **options).settings["factor"]

    assert factor(chart="i") == 2.66
    assert factor(chart="i", rules="anhoej") == 3 / 1.128
    assert factor(chart="t") == 3 / 1.128
    assert factor(chart="i", rules="nelson", factor=2.66) == 2.66


def test_screening_leaves_a_freak_range_out_once():
    y = [10, 11, 10, 12, 11, 40, 11, 10, 12, 11]
    with_, without = analyse(y, chart="i"), analyse(y, chart="i", screen=False)
    assert with_.ucl[0] < without.ucl[0]
    assert with_.settings["screen"] is True and without.settings["screen"] is False


def test_excluded_points_are_not_tested():
    y = [10, 12, 11, 13, 95, 12, 11, 10, 12, 13, 11, 12, 13]
    result = analyse(y, chart="i", exclude=[4])
    assert result.signals == () and result.point_type[4] == "common_cause"
    assert not result.included[4] and result.value[4] == 95
    assert kinds(analyse(y, chart="i", exclude=[4], test_excluded=True), "outside_limits") == [[4]]


def test_an_excluded_point_does_not_break_a_shift():
    y = [*ZIGZAG, 11, 11.2, 11, 5, 11, 11.3, 11, 11]
    result = analyse(y, chart="i", fix_after=16, exclude=[19])
    assert kinds(result, "shift")[0][-7:] == [16, 17, 18, 20, 21, 22, 23]


def test_two_of_three_since_the_end_of_2023():
    y = [*ZIGZAG, 9, 17, 15, 11, 9]
    now = analyse(y, chart="i", fix_after=16)
    before = analyse(y, chart="i", fix_after=16, rules="making_data_count_2019")
    assert kinds(now, "two_of_three") == [[17, 18]] and kinds(before, "two_of_three") == []


def test_six_points_where_the_tool_is_set_to_six():
    y = [10, 9, 11, 9, 11, 9, 11, 11.5, 10.6, 11.2, 10.9, 10.7, 9, 8, 9.5, 8.2, 9.4, 8.8, 10.9]
    assert kinds(analyse(y, chart="i"), "shift") == []
    assert kinds(analyse(y, chart="i", rules="making_data_count_6"), "shift")[0] == list(range(6, 12))


def test_repeated_dates_are_pooled_with_a_notice():
    dates = np.array(["2024-03-01", "2024-01-01", "2024-01-01"], "M8[D]")
    result = analyse([4, 1, 2], chart="i", x=dates)
    assert list(result.value) == [1.5, 4] and list(result.size) == [2, 1]
    assert {notice.code: notice.positions for notice in result.notices} == {"sorted": (), "pooled": (2,)}


def test_a_missing_point_is_a_gap_and_an_excluded_one_a_bridge():
    gap = analyse([10, 12, None, 30, 31], chart="i", screen=False, factor=3)
    bridge = analyse([10, 12, 50, 30, 31], chart="i", screen=False, factor=3, exclude=[2])
    assert gap.ucl[0] - gap.centre[0] == pytest.approx(3 * (2 + 1) / 2)
    assert bridge.ucl[0] - bridge.centre[0] == pytest.approx(3 * (2 + 18 + 1) / 3)


def test_target_on_a_limit():
    result = analyse(ZIGZAG, chart="i", direction="increase")
    limit = float(result.ucl[-1])
    assert analyse(ZIGZAG, chart="i", direction="increase", target=limit).assurance == "inconsistent"
    strict = analyse(ZIGZAG, chart="i", direction="increase", target=limit, inclusive_target=True)
    assert strict.assurance == "consistent_fail"


def test_a_known_centre_of_a_t_chart_is_in_days():
    y = [2.5, 14, 31, 0.4, 7, 60, 3, 12]
    assert analyse(y, chart="t", centre=10).centre[0] == pytest.approx(10)
    assert analyse(y, chart="t", centre=10, profile="qicharts2").centre[0] == pytest.approx(10**3.6)


def test_a_t_chart_without_limits_has_none():
    assert np.isnan(analyse([5], chart="t").lcl[0])
    assert analyse([5], chart="t", profile="qicharts2").lcl[0] == 0


def test_an_empty_subgroup_changes_nothing():
    x, y = [1, 1, 2, 2, 3, 3, 4, 4], [5.0, 6, 7, 5, None, None, 6, 9]
    without = analyse([5.0, 6, 7, 5, 6, 9], x=[1, 1, 2, 2, 4, 4], chart="s")
    assert analyse(y, x=x, chart="s").centre[0] == without.centre[0]
    assert analyse(y, x=x, chart="s", profile="qicharts2").centre[0] > without.centre[0]


def test_a_sum_of_nothing_is_a_gap():
    y, x = [4, None, None, 6], [1, 2, 2, 3]
    assert np.isnan(analyse(y, x=x, chart="c").value[1])
    assert analyse(y, x=x, chart="c", profile="qicharts2").value[1] == 0


def test_variation_is_judged_on_the_last_known_point():
    y = [*ZIGZAG, 25, None]
    ours = analyse(y, chart="i", direction="decrease")
    assert (ours.variation, ours.variation_at) == ("concern_high", 16)
    assert analyse(y, chart="i", direction="decrease", profile="plotthedots").variation == "common_cause"


# Profiles -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_a_profile_is_nothing_but_arguments(name):
    by_name = analyse(ZIGZAG, chart="i", profile=name)
    by_hand = analyse(ZIGZAG, chart="i", **PROFILES[name])
    assert by_name.settings == by_hand.settings
    assert analyse(ZIGZAG, chart="i", profile=name, screen=True).settings["screen"] is True
    with pytest.raises(TypeError):
        PROFILES[name]["screen"] = False


def test_making_data_count_shows_limits_from_13_points():
    short = analyse(ZIGZAG[:12], chart="i", profile="making_data_count", direction="increase", target=3)
    assert np.isnan(short.ucl).all() and short.variation is None and short.assurance is None
    enough = analyse(ZIGZAG[:13], chart="i", profile="making_data_count", direction="increase", target=3)
    assert enough.variation == "common_cause" and enough.assurance == "consistent_pass"


def test_improvement_wins_in_making_data_count():
    y = [*ZIGZAG, 13.9, 13.4, 12.9, 12.4, 11.9, 11.4, 10.9]  # falls, wholly above the mean
    by_rule = analyse(y, chart="i", fix_after=16, direction="increase")
    excel = analyse(y, chart="i", fix_after=16, direction="increase", profile="making_data_count")
    assert by_rule.point_type[-1] == "concern" and excel.point_type[-1] == "improvement"


def test_a_baseline_of_chosen_points():
    y = [50, 10, 12, 11, 13, 12, 30, 31, 32, 33, 34, 60]
    result = analyse(y, chart="i", phases=[6], baseline=[1, 2, 3, 4, 5])
    assert result.baseline.tolist() == [False, *[True] * 11]  # of the second phase none is named: all of it
    alone = analyse(y[1:6], chart="i")
    assert result.centre[0] == alone.centre[0] and result.ucl[0] == alone.ucl[0]
    assert result.phases[0].in_baseline == 5
    assert 0 in {place for signal in result.signals for place in signal.points}  # it is still judged


@pytest.mark.requirement("WM-37")
def test_too_much_that_is_withheld_gives_no_verdict():
    y = [0, None, 10, None, 0, 12, None, 0, 11, None, 0, 10, None, 0]
    small = [place for place, value in enumerate(y) if value is None]
    plain = analyse(y, chart="i", direction="decrease")
    assert not np.isnan(plain.centre).any()  # gaps alone do not mislead
    found = analyse(y, chart="i", direction="decrease", withheld=small)
    assert found.verdict.status == "withheld" and found.verdict.next_step == "look_wider"
    assert np.isnan(found.centre).all() and np.isnan(found.ucl).all() and not found.signals
    assert found.variation is None and propose_rebase(found) is None
    assert found.phases[0].withheld == 5
    few = analyse([*range(10, 20), None], chart="i", withheld=[10])
    assert few.verdict.status != "withheld" and few.phases[0].withheld == 1
    assert analyse([None] * 5, chart="run", withheld=range(5)).verdict.status == "withheld"


def test_a_quarter_withheld_moves_the_average_of_small_counts_by_about_one():
    rng = np.random.default_rng(4)
    moved = []
    for _ in range(200):
        counts = rng.poisson(10, 40)
        shown = [None if 1 <= value <= 7 else int(value) for value in counts]
        result = analyse(shown, chart="i", withheld=[place for place, value in enumerate(shown) if value is None])
        if result.verdict.status != "withheld":
            moved.append(result.centre[0] - counts.mean())
    assert len(moved) > 100 and 0.5 < np.mean(moved) < 1.5


def test_only_the_phase_with_too_much_withheld_is_without_lines():
    y = [*range(10, 22), 9, None, 8, None, None, 9, None, 8, None, 9]
    result = analyse(y, chart="i", phases=[12], withheld=[13, 15, 16, 18, 20])
    assert np.isfinite(result.centre[:12]).all() and np.isnan(result.centre[12:]).all()
    assert result.verdict.status == "withheld"
