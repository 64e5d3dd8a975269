"""The second factor of the staff: six digits from an authenticator app (TOTP, RFC 6238), and codes for a lost phone.

Nothing here asks for a password or counts tries: whoever calls does (see sign_in_routes.py).
"""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot.staff import StaffError, digest
from bot.store.tables import RecoveryCode, Staff, StaffFactor

STEP = 30  # seconds
DRIFT = 1  # steps that a phone's clock may be off, either way
SECRET = 20  # bytes, as RFC 4226 advises
SET_UP = timedelta(minutes=15)  # so long the code to scan is shown
RECOVERY = 10  # codes
ISSUER = "Aftercare"
WRONG = "That code is not right, or was used already. Wait for the next one and write that."


@dataclass(frozen=True)
class Setup:
    """What the authenticator app is given: an address for its QR code, and the same key to type."""

    address: str
    key: str


def is_on(session: Session, staff_id: int) -> bool:
    """Whether a member of staff has to give a code to sign in."""
    query = select(StaffFactor.staff_id).where(StaffFactor.staff_id == staff_id, StaffFactor.confirmed_at.is_not(None))
    return session.scalar(query) is not None


def begin(session: Session, now: datetime, staff_id: int) -> None:
    """Make a secret, which counts once `confirm` has seen a code of it. Raises StaffError where one counts already."""
    if is_on(session, staff_id):
        raise StaffError("Your second factor is on already.")
    session.execute(delete(StaffFactor).where(StaffFactor.staff_id == staff_id))
    secret = base64.b32encode(secrets.token_bytes(SECRET)).decode()
    session.add(StaffFactor(staff_id=staff_id, secret=secret, begun_at=now, last_step=0))


def setup(session: Session, now: datetime, staff: Staff) -> Setup | None:
    """What to show for a secret that waits to be confirmed; None when there is none, or it waited too long."""
    row = session.get(StaffFactor, staff.id)
    if row is None or row.confirmed_at is not None or row.begun_at <= now - SET_UP:
        return None
    key = " ".join(row.secret[at : at + 4] for at in range(0, len(row.secret), 4))
    return Setup(_totp(row.secret).get_provisioning_uri(staff.email, ISSUER), key)


def confirm(session: Session, now: datetime, staff: Staff, code: str) -> list[str]:
    """Turn the factor on with a first code. Out: the recovery codes, in plain for this once. Raises StaffError."""
    if setup(session, now, staff) is None:
        raise StaffError("The code to scan is out of date: begin again.")
    if not _spend(session, now, staff.id, code):
        raise StaffError(WRONG, "code")
    session.execute(update(StaffFactor).where(StaffFactor.staff_id == staff.id).values(confirmed_at=now))
    return make_recovery_codes(session, staff.id)


def check(session: Session, now: datetime, staff_id: int, code: str) -> bool:
    """Whether a code of the app or a recovery code is right; it is used up with this."""
    if not is_on(session, staff_id):
        return False
    if _spend(session, now, staff_id, code):
        return True
    used = delete(RecoveryCode).where(
        RecoveryCode.staff_id == staff_id, RecoveryCode.code_hash == digest(_plain(code).upper())
    )
    return bool(session.execute(used).rowcount)  # type: ignore[attr-defined]


def make_recovery_codes(session: Session, staff_id: int) -> list[str]:
    """New recovery codes of 80 bits each; the old ones stop working."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    plain = [base64.b32encode(secrets.token_bytes(10)).decode() for _ in range(RECOVERY)]
    session.add_all(RecoveryCode(code_hash=digest(code), staff_id=staff_id) for code in plain)
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in plain]


def recovery_codes_left(session: Session, staff_id: int) -> int:
    """How many recovery codes are unused."""
    return session.scalar(select(func.count()).where(RecoveryCode.staff_id == staff_id)) or 0


def turn_off(session: Session, staff_id: int) -> None:
    """Forget a member's factor and recovery codes."""
    session.execute(delete(StaffFactor).where(StaffFactor.staff_id == staff_id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))


def _spend(session: Session, now: datetime, staff_id: int, code: str) -> bool:
    """Whether the app shows this code now, give or take a step. No step's code, nor an older one, works again."""
    row = session.get(StaffFactor, staff_id)
    given = _plain(code)
    if row is None or not (len(given) == 6 and given.isascii() and given.isdigit()):
        return False
    step = int(now.timestamp()) // STEP
    shown = [one for one in range(step - DRIFT, step + DRIFT + 1) if _shows(row.secret, one, given)]
    if not shown:
        return False
    newer = update(StaffFactor).where(StaffFactor.staff_id == staff_id, StaffFactor.last_step < max(shown))
    return bool(session.execute(newer.values(last_step=max(shown))).rowcount)  # type: ignore[attr-defined]


def _shows(secret: str, step: int, code: str) -> bool:
    try:
        _totp(secret).verify(code.encode(), step * STEP)
    except InvalidToken:
        return False
    return True


def _totp(secret: str) -> TOTP:
    # SHA-1 is what authenticator apps know; as an HMAC it is sound.
    return TOTP(base64.b32decode(secret), 6, SHA1(), STEP)  # noqa: S303


def _plain(code: str) -> str:
    return "".join(code.replace("-", "").split())[:64]
