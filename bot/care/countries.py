"""Numbers to call by country, for what `clinic.yml` leaves out, and how dates in figures are read there.

A line of the clinic's own file always comes first. Only lines that answer day and night stand here, because the bot
names them at any hour; where a country has none the clinic must write its own. Each line names its operator's page.
Tags are those of docs/clinical-facts.md: R the source was read, R2 read as reported by somebody else, K general
knowledge, unchecked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.care.calendar_words import DateOrder

Tag = Literal["R", "R2", "K"]


@dataclass(frozen=True)
class Line:
    """A telephone line: the number as dialled in its country, whose it is, and its source (an address) with its tag."""

    number: str
    name: str
    source: str
    tag: Tag = "K"


@dataclass(frozen=True)
class Country:
    """The lines of a country; None where no line answers day and night, or none is for the public."""

    emergency: Line
    crisis: Line | None = None
    poison: Line | None = None
    vet: Line | None = None
    out_of_hours: Line | None = None


_EU = Line("112", "emergency", "https://digital-strategy.ec.europa.eu/en/policies/112")
_HELSENORGE = "https://www.helsenorge.no/en/help-services-in-the-health-services/emergency-healthcare/"
_ANIMALS_AU = "https://animalpoisons.com.au/calling-the-animal-poisons-centre"

COUNTRIES: Mapping[str, Country] = {
    "GB": Country(
        Line("999", "emergency", "https://www.nhs.uk/nhs-services/urgent-and-emergency-care-services/"),
        Line("116 123", "Samaritans", "https://www.samaritans.org"),
        Line("111", "NHS 111", "https://111.nhs.uk"),
        Line("01202 509000", "Animal PoisonLine", "https://www.animalpoisonline.co.uk"),
        Line("111", "NHS urgent care", "https://111.nhs.uk"),
    ),
    "IE": Country(
        Line("112", "emergency", "https://www2.hse.ie/services/emergency/"),
        Line("116 123", "Samaritans", "https://www.samaritans.org/ireland/"),
    ),
    "US": Country(
        Line("911", "emergency", "https://www.911.gov"),
        Line("988", "Suicide and Crisis Lifeline", "https://988lifeline.org"),
        Line("1-800-222-1222", "Poison Help", "https://poisonhelp.hrsa.gov"),
        Line("1-888-426-4435", "ASPCA Poison Control", "https://www.aspca.org/pet-care/aspca-poison-control", "R2"),
    ),
    "CA": Country(
        Line("911", "emergency", "https://crtc.gc.ca/eng/phone/911/"),
        Line("988", "Suicide Crisis Helpline", "https://988.ca"),
        Line("1-844-764-7669", "Poison Centre", "https://infopoison.ca", "R2"),
        Line("1-855-764-7661", "Pet Poison Helpline", "https://www.petpoisonhelpline.com"),
    ),
    "AU": Country(
        Line("000", "emergency", "https://www.triplezero.gov.au", "R2"),
        Line("13 11 14", "Lifeline", "https://www.lifeline.org.au", "R2"),
        Line("13 11 26", "Poisons Information Centre", "https://www.poisonsinfo.health.nsw.gov.au", "R2"),
        Line("1300 869 738", "Animal Poisons Helpline", _ANIMALS_AU, "R"),
        Line("1800 022 222", "healthdirect", "https://www.healthdirect.gov.au", "R2"),
    ),
    "NZ": Country(
        Line("111", "emergency", "https://www.govt.nz/browse/law-crime-and-justice/emergency-services/", "R2"),
        Line("1737", "1737", "https://1737.org.nz"),
        Line("0800 764 766", "National Poisons Centre", "https://poisons.co.nz"),
        Line("0800 869 738", "Animal Poisons Helpline", _ANIMALS_AU, "R"),
        Line("0800 611 116", "Healthline", "https://info.health.nz/services-support/healthline/"),
    ),
    "DE": Country(
        _EU,
        Line("0800 111 0 111", "TelefonSeelsorge", "https://www.telefonseelsorge.de", "R2"),
        Line("030 19240", "Giftnotruf", "https://giftnotruf.charite.de", "R2"),
        None,
        Line("116 117", "Ärztlicher Bereitschaftsdienst", "https://www.116117.de"),
    ),
    "AT": Country(
        _EU,
        Line("142", "Telefonseelsorge", "https://www.telefonseelsorge.at"),
        Line("01 406 43 43", "Vergiftungsinformationszentrale", "https://goeg.at/Vergiftungsinformation"),
        None,
        Line("1450", "Gesundheitsberatung", "https://www.1450.at"),
    ),
    "CH": Country(
        Line("144", "emergency", "https://www.ch.ch/en/health/emergency-numbers/"),
        Line("143", "Die Dargebotene Hand", "https://www.143.ch", "R2"),
        Line("145", "Tox Info Suisse", "https://www.toxinfo.ch", "R"),
        Line("145", "Tox Info Suisse", "https://www.toxinfo.ch", "R2"),
    ),
    "FR": Country(
        _EU,
        Line("3114", "numéro national de prévention du suicide", "https://3114.fr"),
        Line("01 40 05 48 48", "centre antipoison de Paris", "https://centres-antipoison.net"),
    ),
    "ES": Country(
        _EU,
        Line("024", "Línea 024", "https://www.sanidad.gob.es/linea024/home.htm"),
        Line("91 562 04 20", "Servicio de Información Toxicológica", "https://sit-muysegura.mjusticia.gob.es"),
    ),
    "IT": Country(
        _EU,
        None,
        Line("02 66101029", "Centro Antiveleni Niguarda", "https://www.ospedaleniguarda.it"),
    ),
    "NO": Country(
        Line("113", "emergency", _HELSENORGE),
        Line("116 123", "Mental Helse", "https://mentalhelse.no/hjelpetelefonen"),
        Line("22 59 13 00", "Giftinformasjonen", "https://www.fhi.no/ki/giftinformasjonen/"),
        None,
        Line("116 117", "legevakt", _HELSENORGE),
    ),
    "SE": Country(
        _EU,
        Line("90101", "Självmordslinjen", "https://mind.se/hitta-hjalp/sjalvmordslinjen/"),
        Line("010-456 67 00", "Giftinformationscentralen", "https://giftinformation.se"),
        None,
        Line("1177", "1177", "https://www.1177.se"),
    ),
}  # fmt: skip
_MONTH_FIRST = {"US", "PH", "CN", "JP", "KR", "TW"}
_BOTH_WAYS = {"CA"}


def contacts_of(country: str) -> dict[str, str]:
    """The keys of `contacts` in clinic.yml that are known for a country; nothing for one that is not listed."""
    known = COUNTRIES.get(country)
    if known is None:
        return {}
    lines = {
        "emergency_number": known.emergency,
        "poison_line": known.poison,
        "crisis_line": known.crisis,
        "vet_line": known.vet,
        "out_of_hours_phone": known.out_of_hours,
    }
    names = {"crisis_line_name": known.crisis, "out_of_hours_name": known.out_of_hours}
    numbers = {key: line.number for key, line in lines.items() if line is not None}
    return numbers | {key: line.name for key, line in names.items() if line is not None}


def date_order(country: str) -> DateOrder:
    """How a date such as 5/6 is read in a country; `unsure` where people write it both ways."""
    return "MDY" if country in _MONTH_FIRST else "unsure" if country in _BOTH_WAYS else "DMY"
