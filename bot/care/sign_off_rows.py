"""The rows a clinician signs: each key of clinic.yml that decides what patients are told, in plain words.

Defaults, ranges and sources are those of docs/clinical-facts.md; the ranges themselves stand with the sections.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One row: its dotted key, what it means ({value} stands for the value), unit, proposed default and sources.

    `careful`: what holds while it must not be said. `always`: it is in force even unapproved, since it brings help.
    """

    key: str
    says: str
    unit: str
    default: Any
    sources: tuple[str, ...]
    careful: Any = None
    always: bool = False

    @property
    def section(self) -> str:
        """The section of clinic.yml it stands in."""
        return self.key.partition(".")[0]

    @property
    def name(self) -> str:
        """The key within its section."""
        return self.key.partition(".")[2]


def _figure(name: str, says: str, unit: str, default: Any, *sources: str) -> Row:
    return Row(f"protocol.{name}", says, unit, default, sources)


def _stance(name: str, says: str, default: Any, *sources: str) -> Row:
    return Row(f"stances.{name}", says, "", default, sources, careful=default)


def _line(name: str, says: str, *sources: str) -> Row:
    return Row(f"contacts.{name}", says, "", None, sources, always=True)


ROWS: tuple[Row, ...] = (
    _line("emergency_number", "In an emergency patients are told to call {value}.", "SEP", "ANA"),
    _line("poison_line", "After swallowing something they are told to call {value}.", "MNX", "POI"),
    _line("crisis_line", "In a crisis they are told to call {value}.", "K"),
    _line("vet_line", "Where a pet licked minoxidil they are told to call {value}.", "PET"),
    _line("out_of_hours_phone", "What needs a clinician today, while you are closed, goes to {value}.", "K"),
    Row(
        "symptom_check.wait_minutes",
        "A patient who does not answer the symptom check for {value} minutes becomes a case for you.",
        "minutes", 30, ("house",), always=True,
    ),
    _figure("minox_before_h", "No minoxidil for {value} hours before a session.", "hours", 24, "SAS", "K"),
    _figure(
        "minox_after_h", "No minoxidil for {value} hours after a session, and then only on calm, closed skin.",
        "hours", 24, "SAS", "POR", "MNX", "K",
    ),
    _figure(
        "minox_after_h_deep", "After a deep session no minoxidil for {value} hours.", "hours", 48, "SAS", "POR", "K"
    ),
    _figure("deep_from_mm", "A session counts as deep from a needle length of {value} mm.", "mm", 1, "SAS", "K"),
    _figure("wash_h", "First hair wash {value} hours after the session.", "hours", 24, "K"),
    _figure("sweat_h", "No sweaty exercise for {value} hours.", "hours", 48, "SKP", "DEV"),
    _figure("pool_h", "No pool, sea, sauna, hot tub or hot bath for {value} hours.", "hours", 72, "SKP", "DEV"),
    _figure(
        "sunscreen_h", "No sunscreen on the scalp for {value} hours, then only on closed skin.",
        "hours", 24, "SUN", "SKP",
    ),
    _figure("product_h", "No styling products, fibres or leave-on serums for {value} hours.", "hours", 72, "K"),
    _figure("dye_d", "No dye, bleach or relaxer for {value} days.", "days", 7, "K"),
    _figure(
        "nsaid_avoid_h", "No ibuprofen and the like for {value} hours; prescribed blood thinners are never stopped.",
        "hours", 48, "SKP", "K",
    ),
    _figure("alcohol_h", "No alcohol for {value} hours.", "hours", 24, "K"),
    _figure(
        "worse_after_h", "Getting worse instead of better after {value} hours is not expected.",
        "hours", 48, "CHU", "SKP", "ENG",
    ),
    _figure("shedding_weeks", "Some shedding for up to {value} weeks is no surprise.", "weeks", 8, "K"),
    _figure("clinic_depth_min_mm", "The shortest needles you use on the scalp: {value} mm.", "mm", 0.5, "ENG", "FAG"),
    _figure("clinic_depth_max_mm", "The longest needles you use on the scalp: {value} mm.", "mm", 1.5, "ENG", "DHU"),
    _figure("numbing_product", "The numbing product you use: {value}.", "", None, "EML", "FDA2"),
    _figure("numbing_minutes", "Numbing cream works for {value} minutes beforehand.", "minutes", 45, "HLS", "K"),
    _figure("session_minutes", "The needling takes about {value} minutes.", "minutes", 30, "HLS"),
    _figure("interval_d", "Sessions are {value} days apart.", "days", 28, "ENG", "DHU"),
    _figure("review_weeks", "The result is judged after {value} weeks.", "weeks", 12, "ENG", "DHU"),
    _figure("cleaning_product", "The one product you want on the scalp: {value}.", "", None, "K"),
    _stance("home_devices", "Home devices: {value}.", "avoid", "YAH", "FDA1", "K"),
    _stance("topical_finasteride", "Finasteride on the scalp beside needling allowed: {value}.", False, "FIN", "K"),
    _stance("topical_steroid", "Steroid on the scalp, only from a specialist, allowed: {value}.", False, "HLN", "K"),
    _stance("prp_offered", "PRP is offered: {value}.", False, "PRP", "HIV"),
    _stance("radiofrequency_used", "Radiofrequency needling is used: {value}.", False, "RFM"),
    _stance("refuse", "You do not treat: {value}.", (), "DEV", "CHU", "ISO"),
    _stance("defer", "You treat only after asking a doctor, or later: {value}.", (), "DEV", "CHU", "ISO"),
)  # fmt: skip
