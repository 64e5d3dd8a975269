"""The tuned network as one int8 ONNX file, with its labels, its checksum and a card that says what it is."""

import hashlib
import json
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from tuning.data import NO_TOPIC, TIERS, Line
from tuning.network import Reader
from tuning.train import BATCH, LEARNING_RATE, MAX_TOKENS, SEED, SMOOTHING


def export(network: Reader, base: Path, out: Path, topics: list[str], lines: list[Line], epochs: int) -> None:
    """Write reader.onnx, tokenizer.json, reader.json and card.md into the folder `out`."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        whole, prepared = Path(folder) / "whole.onnx", Path(folder) / "prepared.onnx"
        ids = torch.tensor([[101, 2003, 2023, 102], [101, 2003, 2023, 102]])
        torch.onnx.export(
            network,
            (ids, torch.ones_like(ids)),
            str(whole),
            input_names=["input_ids", "attention_mask"],
            output_names=["topics", "tiers"],
            dynamic_axes={
                **{name: {0: "batch", 1: "tokens"} for name in ("input_ids", "attention_mask")},
                **{name: {0: "batch"} for name in ("topics", "tiers")},
            },
            dynamo=False,
            opset_version=17,
        )
        quant_pre_process(str(whole), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(str(prepared), str(out / "reader.onnx"), weight_type=QuantType.QInt8)
    shutil.copyfile(base / "tokenizer.json", out / "tokenizer.json")
    checksum = hashlib.sha256((out / "reader.onnx").read_bytes()).hexdigest()
    labels = {"sha256": checksum, "topics": topics, "tiers": list(TIERS)}
    (out / "reader.json").write_text(json.dumps(labels, indent=1) + "\n", encoding="utf-8")
    (out / "card.md").write_text(card(checksum, topics, lines, epochs), encoding="utf-8")


def card(checksum: str, topics: list[str], lines: list[Line], epochs: int) -> str:
    """The model card: what it is for, what it learnt from and how. Its figures stand in docs/decisions/0004."""
    tiers = Counter(TIERS[line.tier] for line in lines)
    named = Counter(topics[line.topic] for line in lines if line.topic != NO_TOPIC)
    return f"""# Reader: model card

**What it is.** all-MiniLM-L6-v2 (Apache-2.0), tuned end to end on `data/nlu`, with two heads: {len(topics)} topics and
{len(TIERS)} tiers of risk. Weights int8, activations quantised as it runs. SHA-256 `{checksum}`.

**What it is for.** One opinion of two inside Rasa about a patient's message and each of its sentences: what it is
about, and how soon a clinician must see it. The other opinion counts words and letters and is trained with Rasa. The
catalogue of red flags stands beside both and is never lowered by them, but for single ambiguous words
(`docs/decisions/0002`). It is not for diagnosis, nor for other clinics' topics, nor for languages other than English.

**What it learnt from.** {len(lines)} lines written for this project, none of them by patients: {_counted(tiers)}.
Sentences of harmless lines count as harmless lines too, a third of them in each epoch.
Lines a topic: {_counted(named)}.

**How.** AdamW {LEARNING_RATE:g} with one cycle, {epochs} epochs, batches of {BATCH}, label smoothing {SMOOTHING:g},
{MAX_TOKENS} tokens, bfloat16, seed {SEED}. In each epoch four lines in ten are worsened anew (no capitals or marks, all
capitals, slips of the finger), and one in ten gets a harmless neighbour. `make tune` does it again.

**How good.** Measured with the rest of the pipeline, not alone: `docs/decisions/0004-tuned-reader.md`.

**Known weakness.** Written by a few authors: people who tell a sign in ways none of them thought of are read worse than
the figures on lines of the same authors say. That is why the catalogue and the symptom check stand beside it.
"""


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common())
