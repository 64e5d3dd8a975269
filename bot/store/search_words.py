"""Words as the search index holds them: keyed hashes, which say nothing without the key but which rows share a word.

A message's word is hashed by its first letters, so that "itch" finds "itchy"; what is found is read before it counts.
A long word is hashed by a longer beginning too, which fewer share.
"""

import hmac
import re
import unicodedata
from collections.abc import Iterable

from bot.store.keys import Key, KeyRing

STEMS = (4, 6)  # letters of a word that are hashed
WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: in order, without capitals, accents and punctuation."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return WORD.findall(bare.casefold())


def message_hashes(keys: KeyRing, text: str) -> set[int]:
    """What the index holds of a message, under the newest key."""
    stems = {word[:length] for word in words_of(text) for length in STEMS}
    return {_hash(keys.newest, "message", stem) for stem in stems}


def name_hashes(keys: KeyRing, called: str) -> set[int]:
    """What the index holds of a name: every beginning of every word of it."""
    beginnings = {word[:length] for word in words_of(called) for length in range(1, len(word) + 1)}
    return {_hash(keys.newest, "name", beginning) for beginning in beginnings}


def message_lookup(keys: KeyRing, word: str) -> list[int]:
    """The hashes under which a message's word may stand: one for each key in use."""
    longest = next((length for length in reversed(STEMS) if len(word) >= length), STEMS[0])
    return [_hash(key, "message", word[:longest]) for key in keys.keys]


def name_lookup(keys: KeyRing, beginning: str) -> list[int]:
    """The hashes under which the beginning of a name may stand."""
    return [_hash(key, "name", beginning) for key in keys.keys]


def holds(text: str, wanted: Iterable[str], phrase: bool) -> bool:
    """Whether a text has words that begin as wanted: in this order side by side for a phrase, else anywhere."""
    words, wanted = words_of(text), list(wanted)
    if not phrase:
        return all(any(word.startswith(one) for word in words) for one in wanted)
    *whole, last = wanted
    size = len(whole)
    return any(words[at : at + size] == whole and words[at + size].startswith(last) for at in range(len(words) - size))


def _hash(key: Key, kind: str, word: str) -> int:
    digest = hmac.digest(key.index, f"{kind}:{word}".encode(), "sha256")
    return int.from_bytes(digest[:8], "big", signed=True)
