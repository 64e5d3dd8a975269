"""The arithmetic of the benchmark."""

import pytest

from benchmarks.figures import Figure, Wanted, growth_per_thousand, percentile, turn_cost


def test_percentiles_lie_between_the_values_on_either_side():
    assert percentile([float(value) for value in range(101)], 95) == pytest.approx(95)
    assert percentile([3.0, 1.0, 2.0], 50) == 2.0
    assert percentile([4.0], 95) == 4.0


@pytest.mark.parametrize(
    ("figure", "ratio", "met"),
    [
        (Figure("reply", "ms", 40.0, 88.0, Wanted("ratio", 0.5)), 40 / 88, True),
        (Figure("reply", "ms", 45.0, 88.0, Wanted("ratio", 0.5)), 45 / 88, False),
        (Figure("replies", "/s", 24.0, 12.0, Wanted("ratio", 2, least=True)), 2.0, True),
        (Figure("replies", "/s", 23.0, 12.0, Wanted("ratio", 2, least=True)), 23 / 12, False),
        (Figure("lost", "", 1, None, Wanted("ours", 0)), None, False),
        (Figure("lost", "", 0, 0, Wanted("ours", 0)), None, True),
        (Figure("reply", "ms", 40.0, None, Wanted("ratio", 0.5)), None, None),
        (Figure("reply", "ms", None, 88.0), None, None),
    ],
)
def test_a_target_is_met_by_the_ratio_or_by_our_own_figure(figure: Figure, ratio: float | None, met: bool | None):
    assert figure.ratio == ratio
    assert figure.as_dict()["met"] is met


def test_a_figure_says_what_was_wanted():
    assert Figure("reply", "ms", 41.23456, 88.04, Wanted("ratio", 0.5)).as_dict() == {
        "name": "reply",
        "unit": "ms",
        "ours": 41.2,
        "stock": 88.0,
        "ratio": 0.468,
        "wanted": "ratio ≤ 0.5",
        "met": True,
    }
    assert str(Wanted("ratio", 2, least=True)) == "ratio ≥ 2"
    assert str(Wanted("ours", 0)) == "ours = 0"


def test_a_late_turn_is_compared_with_an_early_one_by_medians_around_both():
    times = [10.0] * 9 + [99.0] * 186 + [20.0] * 9
    times[4] = 500.0  # one slow turn counts for nothing
    assert turn_cost([times, times], early=5, late=200, around=4) == 2.0


def test_growth_is_read_off_the_second_half():
    samples = [(0, 100.0), (1000, 300.0), (2000, 300.0), (3000, 301.0), (4000, 302.0), (5000, 303.0)]
    assert growth_per_thousand(samples) == pytest.approx(1.0)
    assert growth_per_thousand(samples[:1]) is None
