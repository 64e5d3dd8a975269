"""The pictures of an evaluation: what was judged as what, and whether the classifier's probabilities are true."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np

from bot.evaluation.figures import TIERS

mpl.use("Agg")

from matplotlib import pyplot as plt

BINS = 8


def plot_confusion(table: dict[str, dict[str, int]], path: Path) -> None:
    """Labels down, judgements across, the count and its share of the label in each field. Writes a PNG."""
    counts = np.array([[table[label][tier] for tier in TIERS] for label in TIERS])
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, axes = plt.subplots(figsize=(6, 5), layout="constrained")
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set(xticks=range(len(TIERS)), yticks=range(len(TIERS)), xlabel="judged", ylabel="label")
    axes.set_xticklabels(TIERS)
    axes.set_yticklabels(TIERS)
    for row, column in np.ndindex(counts.shape):
        shade = "white" if shares[row, column] > 0.5 else "black"
        text = f"{counts[row, column]}\n{shares[row, column]:.0%}"
        axes.text(column, row, text, ha="center", va="center", color=shade)
    axes.set_title("Triage: both layers together")
    figure.savefig(path, dpi=120)
    plt.close(figure)


def plot_reliability(judged: Sequence[tuple[float, bool]], path: Path) -> None:
    """The classifier's mass of urgent or worse against how often that was so, in bins of equal count. Writes a PNG."""
    masses = np.array([mass for mass, _ in judged])
    true = np.array([was for _, was in judged], dtype=float)
    order = np.argsort(masses)
    figure, (above, below) = plt.subplots(2, 1, figsize=(6, 7), height_ratios=[3, 1], sharex=True, layout="constrained")
    above.plot([0, 1], [0, 1], color="grey", linestyle=":", label="perfectly calibrated")
    bins = [part for part in np.array_split(order, BINS) if len(part)]
    above.plot([masses[part].mean() for part in bins], [true[part].mean() for part in bins], "o-", label="classifier")
    above.set(ylabel="share that was urgent or worse", ylim=(-0.02, 1.02), title="Reliability of the risk classifier")
    above.legend()
    below.hist([masses[true == 0], masses[true == 1]], bins=20, range=(0, 1), label=["less", "urgent or worse"])
    below.set(xlabel="probability of urgent or worse", ylabel="messages", yscale="log")
    below.legend()
    figure.savefig(path, dpi=120)
    plt.close(figure)
