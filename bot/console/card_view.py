"""The patient card: the little that is known of a patient, each fact with where it comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.care.local_time import say_clock
from bot.care.treatment import Treatment
from bot.console.people import CERTAINTY, CHANNELS, identity_of
from bot.console.times import Times
from bot.console.told_facts import Facts, facts_of
from bot.services import RED_FLAGS
from bot.store.tables import Message, Patient, TreatmentRow

_INSTRUCTIONS = {
    "minox_after_h": ("No minoxidil for", "h"),
    "minox_before_h": ("No minoxidil before a session for", "h"),
    "wash_h": ("First wash after", "h"),
    "sweat_h": ("No sweating for", "h"),
    "pool_h": ("No pool or sauna for", "h"),
    "sunscreen_h": ("No sunscreen for", "h"),
    "product_h": ("No styling products for", "h"),
    "dye_d": ("No dye for", "days"),
    "alcohol_h": ("No alcohol for", "h"),
    "nsaid_avoid_h": ("No ibuprofen and the like for", "h"),
    "interval_d": ("Next session after", "days"),
}


@dataclass(frozen=True)
class Card:
    """Who the patient is. `photos` are ids of image attachments with the message each came with, newest first."""

    called: str
    identity: tuple[str, ...]
    channel: str
    zone: str
    treatment: str
    instructions: tuple[str, ...]
    facts: Facts
    photos: tuple[tuple[int, int], ...]


def card_of(
    patient: Patient,
    row: TreatmentRow | None,
    treatment: Treatment | None,
    personal: Mapping[str, float],
    messages: Sequence[Message],
    times: Times,
) -> Card:
    """The card of a patient, from the messages shown."""
    photos = [
        (one.id, message.id)
        for message in reversed(messages)
        for one in message.attachments
        if one.content_type.startswith("image/")
    ]
    return Card(
        called=patient.record.called if patient.record else "",
        identity=identity_of(patient.record, times),
        channel=CHANNELS.get(patient.channel, patient.channel).split()[0],
        zone=_zone(patient, times),
        treatment=_treatment(row, treatment),
        instructions=tuple(_instruction(key, figure) for key, figure in personal.items()),
        facts=facts_of(RED_FLAGS, messages),
        photos=tuple(photos[:12]),
    )


def _zone(patient: Patient, times: Times) -> str:
    if not patient.zone or patient.zone == times.clinic.zone:
        return f"the clinic's, {times.clinic.zone}"
    local = times.now.astimezone(ZoneInfo(patient.zone))
    return f"{patient.zone}, now {say_clock(local.time(), times.clinic.tone.clock)}"


def _treatment(row: TreatmentRow | None, treatment: Treatment | None) -> str:
    if row is None or treatment is None:
        return ""
    facts = [f"{row.depth_mm:g} mm" if row.depth_mm else "", row.area or "", row.device or ""]
    return ", ".join([one for one in facts if one] + [CERTAINTY[treatment.certainty]])


def _instruction(key: str, figure: float) -> str:
    words, unit = _INSTRUCTIONS.get(key, (key.replace("_", " "), ""))
    return f"{words} {figure:g} {unit}".strip()
