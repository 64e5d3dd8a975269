"""The page that `make bench` writes."""

from benchmarks.conversations import Times
from benchmarks.load import Outcome
from benchmarks.page import page, table
from benchmarks.pipelines import SHARES, figures
from benchmarks.serving import Common, OursAlone, Sizes
from benchmarks.serving import figures as serving_figures
from benchmarks.training import Trained
from bot.evaluation.figures import Share

HALF = Share(1, 2)
RAW = {
    "load_seconds": 5.0,
    "memory_mib": 600,
    "milliseconds": [10.0, 20.0],
    **{part: dict.fromkeys(names, HALF) for part, names in SHARES.items()},
}
LEARNT = {"machine": "2 cores", "training_lines": 10, "stock_lines": 9, "longest_words": 12, "stock_kept": True}


def common(reply: float) -> Common:
    times = Times([reply] * 40, seconds=2.0)
    return Common([20.0], times, times, [[reply] * 204], 1000.0)


def test_understanding_stands_side_by_side_with_ratios_and_intervals(tmp_path):
    found = figures(Trained(tmp_path, 60.0, 80.0), Trained(tmp_path, 600.0, 800.0), RAW, RAW)
    shares = {
        name: {"ours": HALF.as_dict(), "stock": HALF.as_dict()} for names in SHARES.values() for name in names.values()
    }
    measured = {"lines": {"triage": 2, "topics": 3}, "figures": [one.as_dict() for one in found], "shares": shares}
    text = page({"understanding": {**LEARNT, **measured}})
    assert "| training the whole model, no cache | 60 s | 600 s | 0.1 |" in text
    assert "| topic, strict | 50.0% (1/2; 1.3% to 98.7%) | 50.0% (1/2; 1.3% to 98.7%) |" in text
    assert "## Serving" not in text


def test_serving_says_what_was_wanted_and_whether_it_is_so():
    alone = OursAlone(Outcome([(0.5, 200.0), (1.0, 1700.0)], 3, 1, 0), 12, [(0, 900.0), (10, 901.0)], 0, 0)
    found = serving_figures(common(40.0), common(100.0), alone, Sizes(messages=10, patients=3, seconds=2))
    rows = {one.name: one.as_dict() for one in found}
    assert rows["reply, median"]["ratio"] == 0.4
    assert rows["20 patients at once: replies a second"]["met"] is False
    assert rows["load of 15 messages a second from 3 patients for 2 s: lost"]["met"] is False
    details = {"sizes": vars(Sizes()), "questions_told_apart": 12, "figures": [one.as_dict() for one in found]}
    text = page({"serving": {**LEARNT, **details}})
    assert "| reply, median | 40 ms | 100 ms | 0.4 | ratio ≤ 0.5 | yes |" in text
    assert "| 10 more messages: memory grown by | 1 MiB | - | - |  |  |" in text
    assert "## Understanding" not in text


def test_a_table_without_targets_has_no_columns_for_them():
    figure = {"name": "load", "unit": "s", "ours": 5.0, "stock": None, "ratio": None, "wanted": None, "met": None}
    assert table([figure]).splitlines()[-1] == "| load | 5 s | - | - |"
