"""Is a message written in a language we have a ready reply for? Counts common small words; needs no model."""

from __future__ import annotations

import re

_WORDS = {
    "es": (
        "hola que tengo tambien también fiebre esta está muy mucho mucha hace ayer hoy puedo cuando cuándo "
        "por para con cabeza pica es normal me duele sale pus desde pero gracias la el mi una un los las y de"
    ),
    "fr": (
        "bonjour je suis j'ai mal fièvre fievre est c'est depuis hier puis quand avec tête tete démange très "
        "tres normal merci mais pour une les des mon ma et le la un"
    ),
    "de": (
        "hallo ich habe fieber ist das mein meine kopf juckt sehr seit gestern heute kann wann mit und oder "
        "nicht eiter schmerzen kopfhaut danke aber der die ein eine"
    ),
    "pt": (
        "olá ola tenho febre está esta muito muita desde ontem hoje posso quando com cabeça cabeca coça dói "
        "normal obrigado obrigada mas para uma os as meu minha e de não nao"
    ),
    "it": (
        "ciao ho febbre sono molto da ieri oggi posso quando con testa prude è normale grazie ma per una il "
        "la mio mia e che non gli di"
    ),
}
_COMMON = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_ENGLISH_WORDS = (
    "the is it my i you and to a of in on can when for what how do was with this have not are be at me im after so no"
    " if or any normal"
)
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_FEWEST = 3


def language_of(text: str) -> str | None:
    """es, fr, de, pt or it where the text is clearly in that language; None for English and everything unclear."""
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text.lower())
    scores = {language: sum(word in common for word in words) for language, common in _COMMON.items()}
    best = max(scores, key=lambda language: scores[language])
    english = sum(word in _ENGLISH for word in words)
    return best if scores[best] >= _FEWEST and scores[best] > english and scores[best] >= len(words) / 4 else None
