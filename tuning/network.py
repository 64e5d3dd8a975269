"""One encoder, two heads: what a message is about, and how soon a clinician must see it."""

from pathlib import Path

import torch
from torch import nn
from transformers import AutoModel


class Reader(nn.Module):
    """all-MiniLM-L6-v2, mean-pooled, with a linear head for topics and one for tiers."""

    def __init__(self, folder: Path, topics: int, tiers: int) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(folder, attn_implementation="eager")
        width = self.encoder.config.hidden_size
        self.dropout = nn.Dropout(0.1)
        self.topic = nn.Linear(width, topics)
        self.tier = nn.Linear(width, tiers)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Ids and mask of shape (batch, tokens) in; scores of topics and of tiers out."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        pooled = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1.0)
        kept = self.dropout(pooled)
        return self.topic(kept), self.tier(kept)
