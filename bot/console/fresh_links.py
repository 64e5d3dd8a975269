"""Links just made. Their tokens are stored nowhere else; who made one sees it until they sign out."""

import base64
from dataclasses import dataclass
from datetime import timedelta

from bot.live import Memory
from bot.store.keys import KeyRing, SealingError

KEPT = timedelta(hours=12)  # no session lasts longer


@dataclass(frozen=True)
class FreshLinks:
    """What only its maker may see, by the hash of their session; sealed, since all bots share the memory."""

    memory: Memory
    keys: KeyRing

    def keep(self, session_hash: str, enrolment_id: int, token: str) -> None:
        """Remember a patient's token for its maker."""
        self.memory.put(f"link:{session_hash}:{enrolment_id}", self._seal(token), KEPT.total_seconds())

    def of(self, session_hash: str, enrolment_id: int) -> str | None:
        """The token, for whoever made it."""
        return self._open(self.memory.get(f"link:{session_hash}:{enrolment_id}"))

    def keep_once(self, session_hash: str, link: str) -> None:
        """Remember a colleague's sign-in link for the next page its maker sees."""
        self.memory.put(f"once:{session_hash}", self._seal(link), KEPT.total_seconds())

    def take(self, session_hash: str) -> str | None:
        """The sign-in link to show; asked again, there is none."""
        return self._open(self.memory.take(f"once:{session_hash}"))

    def _seal(self, plain: str) -> str:
        return base64.b64encode(self.keys.seal(plain.encode())).decode()

    def _open(self, sealed: str | None) -> str | None:
        try:
            return self.keys.open(base64.b64decode(sealed)).decode() if sealed else None
        except SealingError:
            return None  # the keys were exchanged meanwhile: as after a restart, there is nothing to show
