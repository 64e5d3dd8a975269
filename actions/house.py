"""What every action needs and no patient changes: the clinic and the wording. Read once, when first needed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.care.clinic import Clinic
from bot.care.sign_off import load_in_force
from bot.care.wording import Wording

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class House:
    """The clinic's file and the domain's wording."""

    clinic: Clinic
    wording: Wording


@cache
def house() -> House:
    """The house in force: AFTERCARE_CLINIC_FILE, else clinic.yml at the root, and domain.yml."""
    clinic_file = Path(os.environ.get("AFTERCARE_CLINIC_FILE") or ROOT / "clinic.yml")
    return House(load_in_force(clinic_file), Wording.load(ROOT / "domain.yml"))
