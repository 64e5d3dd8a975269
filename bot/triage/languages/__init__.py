"""The red flags as they are written in other languages than English.

Each file of `data/red_flags/languages/` is one language: its wordings of the signs, and what makes a wording not count.
English is never read here, so nothing that stands in these files moves an English verdict but by being found.
"""

from bot.triage.languages.language import Finding, Language
from bot.triage.languages.loading import load_languages
from bot.triage.languages.text import ENGLISH

__all__ = ["ENGLISH", "Finding", "Language", "load_languages"]
