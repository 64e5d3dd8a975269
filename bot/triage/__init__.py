"""The red-flag screen: a patient's words and their context in, a verdict with its reasons out.

Pure and self-contained: it reads its catalogue once and touches nothing else. Every sign, its tier and its wordings
stand in `data/red_flags/`, where a clinician can read and change them.
"""

from bot.triage.catalogue import Catalogue, CatalogueError, load_catalogue
from bot.triage.screen import Context, Screen
from bot.triage.tier import Tier
from bot.triage.verdict import NO_RISK, Lowered, Sign, Verdict

__all__ = [
    "NO_RISK",
    "Catalogue",
    "CatalogueError",
    "Context",
    "Lowered",
    "Screen",
    "Sign",
    "Tier",
    "Verdict",
    "load_catalogue",
]
