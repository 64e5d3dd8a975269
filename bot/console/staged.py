"""Files added to a reply that is not sent yet: kept sealed at once, and claimed by the reply with a pass.

A pass holds which file it is, for whom and until when, sealed: nothing about it is stored. A file whose reply is never
sent is removed with what belongs to no message (bot/privacy/retention.py).
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.conversation.desk_rules import DeskError
from bot.conversation.inbound import Upload
from bot.store.keys import KeyRing, SealingError

GOOD_FOR = timedelta(hours=8)  # shorter than a file without a message is kept
MOST = 4  # files of one reply


@dataclass(frozen=True)
class Staged:
    """Makes passes and reads them."""

    keys: KeyRing
    clock: Clock

    def pass_for(self, staff_id: int, conversation_id: str, upload: Upload) -> str:
        """A pass for a file, for this member of staff and conversation alone."""
        until = (self.clock.now() + GOOD_FOR).isoformat()
        told = [staff_id, conversation_id, until, upload.stored_name, upload.content_type, upload.size]
        return base64.urlsafe_b64encode(self.keys.seal(json.dumps(told).encode())).decode()

    def claim(self, staff_id: int, conversation_id: str, passes: str) -> tuple[Upload, ...]:
        """The files of passes, separated by spaces. Raises DeskError for one that is not theirs, or too old."""
        found = tuple(self._read(staff_id, conversation_id, one) for one in passes.split())
        if len(found) > MOST:
            raise DeskError(f"One reply takes {MOST} files. Send the others with another.")
        return found

    def _read(self, staff_id: int, conversation_id: str, given: str) -> Upload:
        try:
            told = json.loads(self.keys.open(base64.urlsafe_b64decode(given)))
        except (SealingError, ValueError, binascii.Error):
            told = [0, "", "", "", "", 0]
        whose, where, until, name, kind, size = told
        if (whose, where) != (staff_id, conversation_id) or datetime.fromisoformat(until) <= self.clock.now():
            raise DeskError("A file has waited here too long. Remove it and add it again: your text is kept.")
        return Upload(name, kind, size)
