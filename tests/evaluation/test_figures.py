"""The figures of an evaluation, against tables counted by hand and intervals from the literature."""

import pytest

from bot.evaluation.figures import (
    TIERS,
    Share,
    TopicRow,
    TriageRow,
    catalogue_figures,
    confusion,
    seen_topic,
    topic_figures,
    triage_figures,
)

# label, judged: as a hand would count them
TRIAGE = [
    TriageRow(str(number), label, predicted)
    for number, (label, predicted) in enumerate(
        [
            ("emergency", "emergency"),
            ("emergency", "emergency"),
            ("emergency", "urgent"),
            ("emergency", "none"),
            ("urgent", "urgent"),
            ("urgent", "emergency"),
            ("urgent", "routine"),
            ("routine", "routine"),
            ("routine", "none"),
            ("none", "none"),
            ("none", "none"),
            ("none", "none"),
            ("none", "routine"),
            ("none", "urgent"),
        ]
    )
]


@pytest.mark.parametrize(
    ("figure", "hits", "total"),
    [
        ("emergency_recall", 2, 4),
        ("emergency_at_least_urgent", 3, 4),
        ("urgent_recall", 2, 3),
        ("routine_at_least_routine", 1, 2),
        ("false_alarms", 1, 5),
        ("false_call_backs", 1, 5),
        ("under_triage", 4, 14),
    ],
)
def test_a_triage_figure_is_what_a_hand_counts(figure: str, hits: int, total: int):
    assert triage_figures(TRIAGE)[figure] == Share(hits, total)


def test_an_asked_patient_is_counted_beside_the_judgement():
    rows = [
        TriageRow("1", "urgent", "none", asked=True),
        TriageRow("2", "urgent", "none"),
        TriageRow("3", "none", "none", asked=True),
        TriageRow("4", "none", "none"),
        TriageRow("5", "none", "none"),
    ]
    assert triage_figures(rows)["under_triage_but_asked"] == Share(1, 2)
    assert triage_figures(rows)["harmless_but_asked"] == Share(1, 3)


def test_the_catalogue_alone_is_counted_by_its_own_tier():
    rows = [
        TriageRow("1", "emergency", "emergency", catalogue="urgent"),
        TriageRow("2", "emergency", "emergency", catalogue="none"),
        TriageRow("3", "urgent", "urgent", catalogue="emergency"),
        TriageRow("4", "none", "none", catalogue="urgent"),
        TriageRow("5", "none", "urgent", catalogue="none"),
    ]
    assert catalogue_figures(rows) == {
        "emergency_at_least_urgent": Share(1, 2),
        "urgent_recall": Share(1, 1),
        "false_alarms": Share(1, 2),
    }


def test_the_confusion_table_counts_every_line_once():
    table = confusion(TRIAGE)
    assert table["emergency"] == {"none": 1, "routine": 0, "urgent": 1, "emergency": 2}
    assert table["none"] == {"none": 3, "routine": 1, "urgent": 1, "emergency": 0}
    assert sum(count for row in table.values() for count in row.values()) == len(TRIAGE)
    assert set(table) == set(TIERS)


TOPICS = [
    TopicRow("1", "cost", (), "cost"),
    TopicRow("2", "cost", ("procedure",), "procedure"),
    TopicRow("3", "cost", (), "out_of_scope"),
    TopicRow("4", "greet", (), "thanks"),
    TopicRow("5", "out_of_scope", (), "out_of_scope"),
    TopicRow("6", "out_of_scope", (), "cost"),
]


@pytest.mark.parametrize(
    ("figure", "hits", "total"),
    [
        ("topic_strict", 2, 6),
        ("topic_lenient", 3, 6),
        ("out_of_scope_recall", 1, 2),
        ("in_scope_refused", 1, 4),
    ],
)
def test_a_topic_figure_is_what_a_hand_counts(figure: str, hits: int, total: int):
    assert topic_figures(TOPICS)[figure] == Share(hits, total)


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        (0, 10, 0.0, 0.3085),  # 1 - 0.025 ** (1 / 10)
        (10, 10, 0.6915, 1.0),
        (5, 10, 0.1871, 0.8129),
        (1, 20, 0.0013, 0.2487),
        (81, 263, 0.2527, 0.3676),  # Newcombe 1998, table I, method 5
        (15, 148, 0.0578, 0.1617),
        (0, 20, 0.0, 0.1684),
        (1, 29, 0.0009, 0.1776),
    ],
)
def test_the_interval_is_the_exact_one(hits: int, total: int, low: float, high: float):
    assert Share(hits, total).interval == pytest.approx((low, high), abs=1e-4)


def test_of_nothing_there_is_no_share_and_no_interval():
    assert Share(0, 0).as_dict() == {"share": None, "hits": 0, "total": 0, "low": None, "high": None}
    assert triage_figures([])["emergency_recall"] == Share(0, 0)


@pytest.mark.parametrize(
    ("topics", "seen"),
    [([], "out_of_scope"), (["cost", "procedure"], "cost"), (["small_talk"], "out_of_scope"),
     (["privacy_request"], "book_or_human"), (["affirm"], "out_of_scope")],
)  # fmt: skip
def test_what_is_no_topic_counts_as_what_the_patient_sees(topics: list[str], seen: str):
    assert seen_topic(topics) == seen
