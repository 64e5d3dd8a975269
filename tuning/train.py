"""The lessons: AdamW with one cycle, label smoothing, a fixed seed, the lines worsened anew in each epoch."""

import random
import time
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import nn

from tuning.data import NO_TOPIC, TIERS, Line, beside, sentences, worsened
from tuning.network import Reader

SEED = 20261122
EPOCHS = 3
BATCH = 16
LEARNING_RATE = 8e-5
HEADS_FASTER = 10  # the heads start from nothing, the encoder does not
SMOOTHING = 0.1
LOOSE = 3  # in each epoch one in so many of the loose sentences, drawn anew
MAX_TOKENS = 96


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


def train(lines: list[Line], topics: int, base: Path, epochs: int) -> Reader:
    """Tune the network of folder `base` on the lines for so many epochs; prints how long it will take."""
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    harmless = [line for line in lines if line.tier == 0]
    loose = sentences(harmless)
    share = len(loose) // LOOSE
    network = Reader(base, topics, len(TIERS))
    batches = Batches(Tokenizer.from_file(str(base / "tokenizer.json")))
    steps = epochs * -(-(len(lines) + share) // BATCH)
    optimizer, schedule = _optimizer(network, steps)
    started, done = time.monotonic(), 0
    network.train()
    for epoch in range(epochs):
        total = 0.0
        learnt = [beside(line, harmless, chance) for line in [*lines, *chance.sample(loose, share)]]
        for batch in batches.epoch(learnt, chance):
            loss = _loss(network, batches, batch, chance)
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
    return network.eval()


def _optimizer(network: Reader, steps: int) -> tuple[torch.optim.AdamW, torch.optim.lr_scheduler.OneCycleLR]:
    heads = [*network.topic.parameters(), *network.tier.parameters()]
    groups = [{"params": network.encoder.parameters()}, {"params": heads}]
    optimizer = torch.optim.AdamW(groups, lr=LEARNING_RATE, weight_decay=0.01)
    rates = [LEARNING_RATE, HEADS_FASTER * LEARNING_RATE]
    return optimizer, torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=rates, total_steps=steps, pct_start=0.1)


def _loss(network: Reader, batches: Batches, batch: list[Line], chance: random.Random) -> torch.Tensor:
    ids, mask = batches.encode([worsened(line.text, chance) for line in batch])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        topic_scores, tier_scores = network(ids, mask)
    loss_of = nn.CrossEntropyLoss(label_smoothing=SMOOTHING, ignore_index=NO_TOPIC)
    loss = loss_of(tier_scores.float(), torch.tensor([line.tier for line in batch]))
    wanted = torch.tensor([line.topic for line in batch])
    if (wanted != NO_TOPIC).any():
        loss = loss + loss_of(topic_scores.float(), wanted)
    return loss
