"""`aftercare staff reset-factor`: the way back in for a sole admin without phone and codes."""

import base64
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import func, select

from bot.commands.staffing import reset_factor
from bot.console import second_factor
from bot.console.second_factor import STEP
from bot.settings import Settings
from bot.staff import StaffError
from bot.store.tables import RecoveryCode, Role, Staff, StaffFactor, StaffSession
from tests.house import KEY, House


@pytest.fixture
def settings(house: House) -> Settings:
    """The house's settings, as the command reads them beside the running bot."""
    return house.services.settings.model_copy(update={"database_url": house.store.url, "encryption_keys": KEY_OF})


KEY_OF = Settings(_env_file=None, encryption_keys=KEY).encryption_keys


def with_factor(house: House) -> Staff:
    """The only admin, signed in with a second factor."""
    admin, now = house.staff(role=Role.ADMIN), house.clock.now()
    with house.store.write() as session:
        second_factor.begin(session, now, admin.id)
        session.flush()
        secret = session.get_one(StaffFactor, admin.id).secret
        code = TOTP(base64.b32decode(secret), 6, SHA1(), STEP).generate(int(now.timestamp())).decode()  # noqa: S303
        second_factor.confirm(session, now, admin, code)
        session.add(
            StaffSession(
                token_hash="0" * 64, staff_id=admin.id, csrf="x", created_at=now, seen_at=now,
                expires_at=now + timedelta(hours=12), browser="Firefox",
            )
        )  # fmt: skip
    return admin


def test_the_factor_and_its_codes_go_the_sessions_end_and_the_log_says_so(house: House, settings: Settings):
    admin = with_factor(house)
    said = reset_factor(settings, f" {admin.email.upper()} ")
    assert "password alone" in said
    with house.store.read() as session:
        assert not second_factor.is_on(session, admin.id)
        for table in (StaffFactor, RecoveryCode, StaffSession):
            assert session.scalar(select(func.count()).select_from(table)) == 0, table
    line = house.audit()[-1]
    assert (line.actor, line.action, line.detail) == ("command", "factor_reset", {"staff_id": admin.id})


def test_who_is_unknown_or_has_none_is_told_so(house: House, settings: Settings):
    with pytest.raises(StaffError, match=r"no account of nobody@clinic\.example"):
        reset_factor(settings, "nobody@clinic.example")
    other = house.staff()
    with pytest.raises(StaffError, match="has no second factor"):
        reset_factor(settings, other.email)
    assert [line.action for line in house.audit()] == []
