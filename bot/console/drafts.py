"""Replies being written: kept on the server, so that a reload, a switch or a crashed page loses nothing.

They live in this process: a restart of the bot forgets them, the open page still has the text.
"""

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass

_KEPT = 2_000


@dataclass(frozen=True)
class Draft:
    """A reply being written. `key` makes sending it twice the same as sending it once."""

    key: str
    text: str = ""


class Drafts:
    """One draft per member of staff and conversation."""

    def __init__(self) -> None:
        self._drafts: OrderedDict[tuple[int, str], Draft] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, staff_id: int, conversation_id: str) -> Draft:
        """The draft, or a new empty one with a key of its own."""
        with self._lock:
            place = (staff_id, conversation_id)
            if place not in self._drafts:
                self._put(place, Draft(secrets.token_hex(8)))
            return self._drafts[place]

    def keep(self, staff_id: int, conversation_id: str, key: str, text: str) -> bool:
        """Keep a text. False for a key that is not the draft's: a late save of what was sent already is dropped."""
        with self._lock:
            place = (staff_id, conversation_id)
            known = self._drafts.get(place)
            if known is not None and known.key != key:
                return False
            self._put(place, Draft(key, text))
            return True

    def sent(self, staff_id: int, conversation_id: str, key: str) -> Draft:
        """Forget the draft that was sent. Out: the next one."""
        with self._lock:
            place = (staff_id, conversation_id)
            known = self._drafts.get(place)
            if known is None or known.key == key:
                self._put(place, Draft(secrets.token_hex(8)))
            return self._drafts[place]

    def _put(self, place: tuple[int, str], draft: Draft) -> None:
        self._drafts[place] = draft
        self._drafts.move_to_end(place)
        if len(self._drafts) > _KEPT:
            self._drafts.popitem(last=False)
