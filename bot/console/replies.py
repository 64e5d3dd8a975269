"""The clinic's canned replies: `replies.yml` beside clinic.yml, filled in with a patient's own dates.

A file and no table: it is read, signed and versioned like every other wording of the clinic.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.care.clinic import Clinic, ClinicError
from bot.care.local_time import say_instant
from bot.care.plan import Activity, CarePlan, care_plan
from bot.care.treatment import Treatment
from bot.care.values import clinic_values, session_values
from bot.yaml_file import read_yaml

FILE = "replies.yml"
BY_HAND = "write_"
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
DATES = {
    "wash_from": "washing",
    "minoxidil_from": "minoxidil",
    "sweat_from": "sweat",
    "pool_from": "pool_sauna",
    "sunscreen_from": "sunscreen",
    "styling_from": "styling",
    "dye_from": "dye",
    "alcohol_from": "alcohol",
    "nsaid_from": "nsaid",
    "next_session_from": "next_session",
}
_PERSONAL = frozenset({"called", "me", "ended", "day", *DATES})
_Words = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1)]


class Reply(BaseModel):
    """One canned reply as the clinic wrote it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9][a-z0-9-]{0,30}$")]
    title: Annotated[_Words, Field(max_length=80)]
    text: Annotated[_Words, Field(max_length=2000)]


class Replies(BaseModel):
    """All of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True)
class Filled:
    """A reply for one patient. `missing` are the placeholders that are left, each with the reason."""

    name: str
    title: str
    text: str
    missing: Mapping[str, str]


def load_replies(clinic_file: Path, clinic: Clinic) -> Replies:
    """Read the file beside the clinic's; where there is none the clinic has no canned replies.

    Raises ClinicError naming the file, the reply and the mend.
    """
    path = clinic_file.with_name(FILE)
    if not path.exists():
        return Replies()
    try:
        found = Replies.model_validate(read_yaml(path) or {})
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ClinicError(
            f"{path}: cannot be read ({error}). Mend it, or remove it to have no canned replies."
        ) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ClinicError(f"{path}: {where}: {first['msg']}. Write it like the others in the file.") from None
    _check(path, found, clinic)
    return found


def _check(path: Path, found: Replies, clinic: Clinic) -> None:
    known = {*_PERSONAL, *clinic_values(clinic, datetime(2026, 1, 1, tzinfo=UTC))}
    names: set[str] = set()
    for reply in found.replies:
        if reply.name in names:
            raise ClinicError(f"{path}: {reply.name}: this name is there twice. Give one of the two another name.")
        names.add(reply.name)
        for name in PLACEHOLDER.findall(reply.text):
            if name not in known and not name.startswith(BY_HAND):
                mend = f"Use one of those at the top of the file, or {{{BY_HAND}{name}}} to fill it in by hand."
                raise ClinicError(f"{path}: {reply.name}: {{{name}}} is not known. {mend}")


@dataclass(frozen=True)
class Known:
    """What is known of the patient who gets a reply, and of who sends it."""

    called: str
    me: str
    treatment: Treatment | None
    personal: Mapping[str, float]


def fill(replies: Sequence[Reply], clinic: Clinic, known: Known, now: datetime) -> list[Filled]:
    """The replies for one patient at `now`; what is not known stays a placeholder."""
    values: dict[str, str | None] = {**clinic_values(clinic, now), "called": known.called or None, "me": known.me}
    if known.treatment is not None:
        values |= session_values(known.treatment, clinic, now)
        plan = care_plan(clinic, known.treatment, now, known.personal)
        values |= {name: _from(plan, plan[activity], clinic) for name, activity in DATES.items()}
    return [_filled(reply, values, known) for reply in replies]


def _from(plan: CarePlan, activity: Activity, clinic: Clinic) -> str | None:
    """From when something is allowed, to follow the word "from"."""
    if activity.allowed_from is None:
        return None
    if activity.allowed:
        return "now on"
    return say_instant(activity.allowed_from, plan.now, clinic.tz, clinic.tone.clock, coarse=plan.vague)


def _filled(reply: Reply, values: Mapping[str, str | None], known: Known) -> Filled:
    text = PLACEHOLDER.sub(lambda found: values.get(found[1]) or found[0], reply.text)
    return Filled(reply.name, reply.title, text, {name: why_missing(name, known) for name in left_in(text)})


def left_in(text: str) -> list[str]:
    """The placeholders that nobody has filled in yet."""
    return list(dict.fromkeys(PLACEHOLDER.findall(text)))


def why_missing(name: str, known: Known) -> str:
    """Why a placeholder is not filled in, and what to do."""
    if name.startswith(BY_HAND):
        return "write it in yourself"
    if name == "called":
        return "the patient is not enrolled, so the clinic's name for them is not known"
    if name in _PERSONAL and known.treatment is None:
        return "the care plan needs to know when the session ended: record it, or write it in yourself"
    return "clinic.yml has no figure for it: write it in yourself"
