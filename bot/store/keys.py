"""The keys that seal what patients say: several, newest first, so that they can be exchanged."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import MendableError

NONCE = 12  # bytes
KEY_ID = 4  # bytes, before the nonce in every sealed value


class SealingError(MendableError):
    """A key is wrong or missing. The message names the mend."""


@dataclass(frozen=True)
class Key:
    """One secret of 32 bytes. What is used is derived from it: one key for each purpose."""

    secret: bytes

    @classmethod
    def read(cls, text: str) -> "Key":
        """A key as it stands in the environment or the key file: 64 hexadecimal digits. Raises SealingError."""
        try:
            secret = bytes.fromhex(text)
        except ValueError:
            secret = b""
        if len(secret) != 32:
            raise SealingError("an encryption key is not 64 hexadecimal digits: make one with `openssl rand -hex 32`")
        return cls(secret)

    @cached_property
    def id(self) -> bytes:
        """Names the key beside what it sealed, and tells nothing of it."""
        return self.derived("id", KEY_ID)

    @cached_property
    def cipher(self) -> AESGCM:
        """Seals and opens."""
        return AESGCM(self.derived("seal", 32))

    @cached_property
    def index(self) -> bytes:
        """The key under which the search index hashes words."""
        return self.derived("search", 32)

    def derived(self, purpose: str, length: int) -> bytes:
        """Bytes for one purpose; nobody gets from one to the other or back to the secret."""
        return HKDF(SHA256(), length, salt=None, info=b"aftercare " + purpose.encode()).derive(self.secret)


@dataclass(frozen=True)
class KeyRing:
    """Seals with the newest key and opens with whichever sealed. AES-256-GCM: what was changed does not open."""

    keys: Sequence[Key]

    @classmethod
    def read(cls, text: str) -> "KeyRing":
        """Keys divided by commas, spaces or lines, newest first. Raises SealingError."""
        keys = tuple(Key.read(word) for word in text.replace(",", " ").split())
        if not keys:
            raise SealingError("there is no encryption key: make one with `openssl rand -hex 32`")
        return cls(keys)

    @property
    def newest(self) -> Key:
        """The key that seals."""
        return self.keys[0]

    def seal(self, plain: bytes) -> bytes:
        """The id of the key, a nonce, and the text made unreadable."""
        nonce = os.urandom(NONCE)
        return self.newest.id + nonce + self.newest.cipher.encrypt(nonce, plain, None)

    def open(self, sealed: bytes) -> bytes:
        """What was sealed. Raises SealingError where its key is missing or it was changed."""
        key_id = sealed[:KEY_ID]
        key = next((key for key in self.keys if key.id == key_id), None)
        if key is None:
            raise SealingError(
                f"the encryption key {key_id.hex()} is missing: put it back into AFTERCARE_ENCRYPTION_KEYS"
            )
        try:
            return key.cipher.decrypt(sealed[KEY_ID : KEY_ID + NONCE], sealed[KEY_ID + NONCE :], None)
        except InvalidTag:
            raise SealingError(f"something sealed with the key {key_id.hex()} was changed or cut off") from None
