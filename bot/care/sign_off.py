"""The protocol in plain words, row by row, for a clinician to sign, and the protocol as far as it is signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from bot.care.approvals import Approval, Approvals, read_approvals
from bot.care.clinic import Clinic, load_clinic
from bot.care.clinic_errors import allowed_words
from bot.care.countries import contacts_of
from bot.care.sign_off_rows import ROWS, Row

Status = Literal["default", "clinic's own", "not set"]

# Whether a session counts as deep decides which wait holds after it, so one cannot be said without the others.
_TOGETHER = {"protocol.minox_after_h": ("protocol.minox_after_h_deep", "protocol.deep_from_mm")}


def load_in_force(clinic_file: Path) -> Clinic:
    """The clinic's file as the bot may speak of it (see `in_force`); raises ClinicError."""
    return in_force(load_clinic(clinic_file), read_approvals(clinic_file))


@dataclass(frozen=True)
class RowState:
    """A row as it stands: its value, the range the bot accepts, its status, and its approval where that still holds.

    `lapsed`: it was approved with another value.
    """

    row: Row
    value: Any
    allowed: str
    status: Status
    approval: Approval | None
    lapsed: Approval | None


def row_states(clinic: Clinic, approvals: Approvals) -> list[RowState]:
    """Every row of the clinic's file as written, in the file's order."""
    return [_state(row, clinic, approvals) for row in ROWS]


def unapproved(clinic: Clinic, approvals: Approvals) -> list[str]:
    """Keys of the rows that nobody has approved as they stand now. What is not set needs no approval."""
    return [one.row.key for one in row_states(clinic, approvals) if one.approval is None and one.status != "not set"]


def approve(clinic: Clinic, approvals: Approvals, keys: Sequence[str], by: str, at: datetime) -> dict[str, Approval]:
    """The approvals with `keys` signed as they stand now; raises KeyError on a key that is no row."""
    rows = {row.key: row for row in ROWS}
    signed = {key: Approval(_plain(_value(clinic, rows[key].key)), by, at) for key in keys}
    return {**approvals, **signed}


def value_words(value: object) -> str:
    """A row's value in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "nothing"
    return "not set" if value is None else f"{value}"


def in_force(clinic: Clinic, approvals: Approvals) -> Clinic:
    """The clinic as the bot may speak of it: where approval is required, without what nobody has approved.

    Figures become null and stances their careful default. Numbers to call stay: help is never held back.
    """
    if not clinic.require_approval:
        return clinic
    open_rows = set(unapproved(clinic, approvals))
    withheld = {row.key for row in ROWS if row.key in open_rows and not row.always}
    withheld |= {key for key, others in _TOGETHER.items() if withheld & set(others)}
    return clinic.without({row.key: row.careful for row in ROWS if row.key in withheld})


def _state(row: Row, clinic: Clinic, approvals: Approvals) -> RowState:
    value = _plain(_value(clinic, row.key))
    default = contacts_of(clinic.country).get(row.name) if row.key.startswith("contacts.") else _plain(row.default)
    status: Status = "not set" if value in (None, []) else "default" if value == default else "clinic's own"
    approval = approvals.get(row.key)
    holds = approval is not None and _plain(approval.value) == value
    section = type(getattr(clinic, row.section))
    allowed = allowed_words(section, row.name)
    return RowState(row, value, allowed, status, approval if holds else None, None if holds else approval)


def _value(clinic: Clinic, key: str) -> Any:
    section, _, name = key.partition(".")
    return getattr(getattr(clinic, section), name)


def _plain(value: Any) -> Any:
    """A value as the file of approvals keeps it; 24 and 24.0 are one figure."""
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
