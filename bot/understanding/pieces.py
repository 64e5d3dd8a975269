"""Cutting a message into pieces with spaCy, so that a sign in the middle of a long story is seen by itself."""

from functools import lru_cache
from typing import List

import spacy
from spacy.language import Language

SHORT = 4  # words: shorter sentences say little alone and are joined to the next
LONG = 30  # words: longer ones are cut, as people who do not punctuate write
STEP = 18


@lru_cache(maxsize=1)
def _splitter() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer", config={"punct_chars": [".", "!", "?", ";", "…", "\n", "\n\n"]})
    return nlp


def pieces(text: str) -> List[str]:
    """The sentences of a message, short ones joined, endless ones cut into overlapping stretches. None is empty."""
    joined: List[str] = []
    for sentence in (span.text.strip() for span in _splitter()(text).sents):
        if not sentence:
            continue
        if joined and len(joined[-1].split()) < SHORT:
            joined[-1] = f"{joined[-1]} {sentence}"
        else:
            joined.append(sentence)
    found: List[str] = []
    for sentence in joined:
        words = sentence.split()
        if len(words) <= LONG:
            found.append(sentence)
        else:
            starts = range(0, len(words) - LONG + STEP, STEP)
            found.extend(" ".join(words[start : start + LONG]) for start in starts)
    return found
