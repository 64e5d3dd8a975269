"""The token of an enrolment link: which enrolment it is for and until when, signed. Pure.

It fits Telegram's `start` parameter (64 characters, A-Z a-z 0-9 _ -) and holds nothing about the patient.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import struct
from dataclasses import dataclass
from datetime import UTC, datetime

_FORM = re.compile(r"[A-Za-z0-9_-]{55}")
_HEAD = struct.Struct(">BII")  # version, enrolment, end (Unix seconds)
_VERSION = 1
_CHANCE = 16  # bytes
_SEAL = 16  # bytes of the signature


@dataclass(frozen=True)
class TokenFacts:
    """What a genuine token says."""

    enrolment_id: int
    expires_at: datetime


class Tokens:
    """Makes tokens and tells its own from others. `secret` is the signing secret of this house."""

    def __init__(self, secret: str) -> None:
        self._key = hmac.digest(secret.encode(), b"enrolment link", hashlib.sha256)

    def make(self, enrolment_id: int, expires_at: datetime) -> str:
        """A new token; no two are alike."""
        head = _HEAD.pack(_VERSION, enrolment_id, int(expires_at.timestamp())) + secrets.token_bytes(_CHANCE)
        return base64.urlsafe_b64encode(head + self._seal(head)).decode().rstrip("=")

    def read(self, token: str) -> TokenFacts | None:
        """What a token says; None when it is not one of ours."""
        if not _FORM.fullmatch(token):
            return None
        try:
            whole = base64.urlsafe_b64decode(token + "=")
        except binascii.Error:
            return None
        head, seal = whole[:-_SEAL], whole[-_SEAL:]
        if not hmac.compare_digest(seal, self._seal(head)):
            return None
        version, enrolment_id, ends = _HEAD.unpack_from(head)
        return TokenFacts(enrolment_id, datetime.fromtimestamp(ends, UTC)) if version == _VERSION else None

    def _seal(self, head: bytes) -> bytes:
        return hmac.digest(self._key, head, hashlib.sha256)[:_SEAL]


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_token_of(token: str, kept: str) -> bool:
    """Whether a token is the one whose hash was kept, in constant time."""
    return hmac.compare_digest(token_hash(token), kept)
