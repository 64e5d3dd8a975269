"""The example clinic, the wording, and a clinic that has set no figure at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.care.clinic import Clinic, load_clinic
from bot.care.clinic_sections import Protocol
from bot.care.wording import Wording

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def clinic() -> Clinic:
    return load_clinic(ROOT / "clinic.yml")


@pytest.fixture(scope="session")
def silent_clinic(clinic: Clinic) -> Clinic:
    """Every figure null: the bot must answer without one."""
    protocol = Protocol.model_validate(dict.fromkeys(Protocol.model_fields))
    privacy = clinic.privacy.model_copy(update={"chat_days": None, "notice_url": None})
    return clinic.model_copy(update={"protocol": protocol, "privacy": privacy})


@pytest.fixture(scope="session")
def wording() -> Wording:
    return Wording.load(ROOT / "domain.yml")
