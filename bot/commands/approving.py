"""`aftercare clinic check`: the protocol in plain words for a clinician to sign, and the signing."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import yaml

from bot.care.approvals import Approval, Approvals, approvals_file, read_approvals
from bot.care.clinic import Clinic, ClinicError, load_clinic
from bot.care.sign_off import RowState, approve, row_states, unapproved, value_words
from bot.care.sign_off_rows import ROWS

ALL = "all"
_HEAD = "# Written by `aftercare clinic check --approve`. Keep it with clinic.yml; do not write in it by hand.\n"


def sheet(clinic_file: Path) -> str:
    """Every row with value, unit, range, sources, status and approval. Raises ClinicError."""
    clinic, approvals = load_clinic(clinic_file), read_approvals(clinic_file)
    states = row_states(clinic, approvals)
    said = "\n\n".join("\n".join(_row(state, clinic)) for state in states)
    return f"{clinic.name}, as {clinic_file} has it\n\n{said}\n\n{_summary(clinic, approvals)}"


def sign(clinic_file: Path, by: str, key: str, now: datetime) -> str:
    """Approve one row, or all, as they stand now, and say so. `now` is aware. Raises ClinicError."""
    clinic, approvals = load_clinic(clinic_file), read_approvals(clinic_file)
    if not by.strip():
        raise ClinicError("write the name of the clinician who approves: --approve 'Dr Ana Silva'")
    keys = _keys(key, clinic, approvals)
    file = write_approvals(clinic_file, approve(clinic, approvals, keys, by.strip(), now))
    rows = "\n".join(f"  {state.row.key}: {_value(state)}" for state in row_states(clinic, {}) if state.row.key in keys)
    return f"Approved by {by.strip()}, kept in {file}:\n{rows}\nStart the bot again to put it in force."


def warning(clinic_file: Path) -> str | None:
    """Which rows lack approval, in one line; None where none does. Raises ClinicError."""
    clinic = load_clinic(clinic_file)
    lacking = unapproved(clinic, read_approvals(clinic_file))
    if not lacking:
        return None
    strict, lax = "the bot says none but the numbers to call", "the bot says them all the same"
    effect = strict if clinic.require_approval else lax
    return f"Not approved by a clinician ({effect}): {', '.join(lacking)}. See: aftercare clinic check"


def write_approvals(clinic_file: Path, approvals: Approvals) -> Path:
    """Write the approvals beside the clinic's file, whole and in one step. Out: their file."""
    path = approvals_file(clinic_file)
    rows = {key: _kept(one) for key, one in sorted(approvals.items())}
    draft = path.with_suffix(".tmp")
    draft.write_text(_HEAD + yaml.safe_dump(rows, sort_keys=False, allow_unicode=True), encoding="utf-8")
    draft.replace(path)
    return path


def _kept(approval: Approval) -> dict[str, object]:
    return {"value": approval.value, "by": approval.by, "at": approval.at.isoformat(timespec="seconds")}


def _keys(key: str, clinic: Clinic, approvals: Approvals) -> Sequence[str]:
    if key == ALL:
        return unapproved(clinic, approvals)
    found = [row.key for row in ROWS if key in (row.key, row.name)]
    if not found:
        raise ClinicError(f"there is no row {key!r}: aftercare clinic check lists them; or write {ALL}")
    return found


def _row(state: RowState, clinic: Clinic) -> Iterable[str]:
    row = state.row
    yield f"{row.key} = {_value(state)}   [{state.status}]"
    if state.status == "not set":
        yield "  Not set: the bot says nothing of it and refers to you."
    else:
        yield f"  {row.says.format(value=value_words(state.value))}"
    yield f"  Allowed: {state.allowed}. Sources: {', '.join(row.sources)} (docs/clinical-facts.md)."
    yield f"  {_approval(state, clinic)}"


def _approval(state: RowState, clinic: Clinic) -> str:
    if state.approval is not None:
        return f"Approved by {state.approval.by} on {state.approval.at.astimezone(clinic.tz):%Y-%m-%d %H:%M}."
    if state.lapsed is not None:
        was, day = value_words(state.lapsed.value), f"{state.lapsed.at.astimezone(clinic.tz):%Y-%m-%d}"
        return f"NOT APPROVED: {state.lapsed.by} approved {was} on {day}; it was changed since."
    return "Nothing to approve." if state.status == "not set" else "NOT APPROVED."


def _summary(clinic: Clinic, approvals: Approvals) -> str:
    lacking = len(unapproved(clinic, approvals))
    strict, lax = "says none of them but the numbers to call, and refers to you", "says them all the same"
    mode = strict if clinic.require_approval else lax
    if not lacking:
        return "Every row is approved."
    return f"{lacking} of {len(ROWS)} rows are not approved; the bot {mode} (require_approval in clinic.yml)."


def _value(state: RowState) -> str:
    unit = f" {state.row.unit}" if state.row.unit and state.value is not None else ""
    return f"{value_words(state.value)}{unit}"
