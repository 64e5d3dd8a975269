"""The pictures of an evaluation: written, and of a size that can be looked at."""

from pathlib import Path

from PIL import Image

from bot.evaluation.figures import TriageRow, confusion
from bot.evaluation.plots import plot_confusion, plot_reliability

ROWS = [TriageRow("1", "urgent", "urgent"), TriageRow("2", "none", "none"), TriageRow("3", "emergency", "none")]


def test_the_confusion_is_drawn(tmp_path: Path):
    plot_confusion(confusion(ROWS), tmp_path / "confusion.png")
    assert Image.open(tmp_path / "confusion.png").size == (720, 600)


def test_reliability_is_drawn_even_of_few_messages(tmp_path: Path):
    plot_reliability([(0.1, False), (0.9, True), (0.4, False)], tmp_path / "reliability.png")
    assert Image.open(tmp_path / "reliability.png").size == (720, 840)
