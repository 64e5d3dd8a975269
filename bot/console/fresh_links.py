"""Links just made. Their tokens are stored nowhere else; who made one sees it until they sign out."""

import threading
from collections import OrderedDict

_KEPT = 500


class FreshLinks:
    """Tokens by the session that made them and their enrolment. A restart of the bot forgets them."""

    def __init__(self) -> None:
        self._tokens: OrderedDict[tuple[str, int], str] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, session_hash: str, enrolment_id: int, token: str) -> None:
        """Remember a token for its maker."""
        with self._lock:
            self._tokens[session_hash, enrolment_id] = token
            if len(self._tokens) > _KEPT:
                self._tokens.popitem(last=False)

    def of(self, session_hash: str, enrolment_id: int) -> str | None:
        """The token, for whoever made it."""
        with self._lock:
            return self._tokens.get((session_hash, enrolment_id))
