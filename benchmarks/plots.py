"""The picture of the run: reply times under load, and memory over many messages."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt

Points = Sequence[Sequence[float]]


def plot(load: Points, memory: Points, path: Path) -> None:
    """Write a PNG. In: (seconds into the run, milliseconds to the reply), and (messages so far, MiB)."""
    figure, (above, below) = plt.subplots(2, 1, figsize=(8, 6), layout="constrained")
    above.plot(*zip(*load, strict=True), ".", markersize=2, alpha=0.6)
    above.set(xlabel="seconds into the run", ylabel="reply, ms", title="Replies under load", ylim=(0, None))
    below.plot(*zip(*memory, strict=True))
    below.set(
        xlabel="messages", ylabel="all processes, MiB", title="Memory", ylim=(0, 1.2 * max(mib for _, mib in memory))
    )
    for axes in (above, below):
        axes.grid(alpha=0.3)
    figure.savefig(path, dpi=100)
    plt.close(figure)
