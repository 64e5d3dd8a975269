"""Patients whom the clinic's own portal has signed in: a token that the portal's server signs, checked here.

The token is a JWT (HS256) with `sub`, the clinic's id of the patient, and `exp`, until when it counts (Unix seconds).
"""

import base64
import hashlib
import hmac
from datetime import datetime

import jwt
from jwt.types import Options

MAX_ID = 200  # characters
_OURS: Options = {"require": ["sub", "exp"], "verify_exp": False, "verify_iat": False, "verify_nbf": False}  # our clock


class IdentityError(Exception):
    """The token does not say who this is: not signed with our secret, run out, or without an id."""


def verified(token: str, secret: str, now: datetime) -> str:
    """The clinic's id of the patient. Raises IdentityError; always where there is no secret."""
    if not secret:
        raise IdentityError
    try:
        claims = jwt.decode(token, secret, algorithms=["HS256"], options=_OURS)
        expires = float(claims["exp"])
    except (jwt.InvalidTokenError, TypeError, ValueError) as error:
        raise IdentityError from error
    patient_id = claims["sub"]
    if not 0 < len(patient_id) <= MAX_ID or expires <= now.timestamp():
        raise IdentityError
    return str(patient_id)


def mark_of(patient_id: str, secret: str) -> str:
    """What this patient's one conversation is known by: the same on each of their devices, and guessed by nobody."""
    digest = hmac.new(secret.encode(), f"widget identity:{patient_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
