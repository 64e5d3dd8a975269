"""The clinic's protocol row by row, as clinic.yml has it now, with who approved what and when. Read-only."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.care.approvals import read_approvals
from bot.care.clinic import load_clinic
from bot.care.sign_off import RowState, row_states, value_words
from bot.console.times import Times

SECTIONS = {
    "contacts": "Numbers to call",
    "symptom_check": "Symptom check",
    "protocol": "Waits and figures",
    "stances": "Where clinics differ",
}


@dataclass(frozen=True)
class ShownRow:
    """One row: its key, what patients are told, what else it may be, and how its approval stands."""

    key: str
    says: str
    value: str
    allowed: str
    sources: str
    own: bool  # the clinic has another value than the proposed default
    state: str  # approved, changed, open or unset
    approval: str


@dataclass(frozen=True)
class Sheet:
    """All rows by section. `lacking`: how many nobody has approved as they stand; `strict`: those are not said."""

    sections: Sequence[tuple[str, Sequence[ShownRow]]]
    rows: int
    lacking: int
    strict: bool


def read_sheet(clinic_file: Path, times: Times) -> Sheet:
    """The protocol as it is written now; a start of the bot puts it in force. Raises ClinicError."""
    clinic, approvals = load_clinic(clinic_file), read_approvals(clinic_file)
    rows = [(state.row.section, _row(state, times)) for state in row_states(clinic, approvals)]
    sections = {section: [row for of, row in rows if of == section] for section in dict(rows)}
    lacking = sum(row.state in ("open", "changed") for _, row in rows)
    named = [(SECTIONS.get(key, key.replace("_", " ").capitalize()), found) for key, found in sections.items()]
    return Sheet(named, len(rows), lacking, clinic.require_approval)


def _row(state: RowState, times: Times) -> ShownRow:
    row, unset = state.row, state.status == "not set"
    value = value_words(state.value)
    unit = f" {row.unit}" if row.unit and state.value is not None else ""
    says = "Not set: the assistant says nothing of it and refers to you." if unset else row.says.format(value=value)
    kind, words = _approval(state, times, unset=unset)
    own = state.status == "clinic's own"
    return ShownRow(row.key, says, value + unit, state.allowed, ", ".join(row.sources), own, kind, words)


def _approval(state: RowState, times: Times, *, unset: bool) -> tuple[str, str]:
    if state.approval is not None:
        return "approved", f"{state.approval.by}, {times.moment(state.approval.at)}"
    if state.lapsed is not None:
        was = value_words(state.lapsed.value)
        return "changed", f"{state.lapsed.by} approved {was} ({times.moment(state.lapsed.at)}); it was changed since"
    return ("unset", "Nothing to approve") if unset else ("open", "Not approved")
