"""The sections of `clinic.yml`. A number's name ends in its unit: `_h` hours, `_d` days, `_mm`, `_minutes`."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from bot.care.opening import Opening, parse_day
from bot.care.quiet_hours import QuietHours, parse_quiet_hours

Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1)]
PhoneNumber = Annotated[str, StringConstraints(strict=True, pattern=r"^\+?[0-9(][0-9 ()\-]{1,22}[0-9]$")]
WebAddress = Annotated[str, StringConstraints(strict=True, pattern=r"^https?://\S+$")]
Number = Annotated[float, Field(strict=False, allow_inf_nan=False)]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Section(BaseModel):
    """A frozen part of the clinic's file; an unknown key is an error, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Tone(Section):
    """What things are called here: names that differ between countries and clinics."""

    bot_name: Text
    painkiller: Text = "paracetamol"
    minoxidil: Text = "minoxidil"
    emergency_department: Text = "A&E"
    clock: Literal["24h", "12h"] = "24h"


class Contacts(Section):
    """Who to call. Numbers are text in quotes, as a patient would dial them; left out, they are the country's."""

    phone: PhoneNumber
    out_of_hours_phone: PhoneNumber
    out_of_hours_name: Text
    address: Text
    website: WebAddress
    emergency_number: PhoneNumber
    poison_line: PhoneNumber
    crisis_line: PhoneNumber
    crisis_line_name: Text
    vet_line: PhoneNumber


class Hours(Section):
    """Opening hours per weekday in the clinic's own zone, and the dates it is closed."""

    monday: tuple[Opening, ...]
    tuesday: tuple[Opening, ...]
    wednesday: tuple[Opening, ...]
    thursday: tuple[Opening, ...]
    friday: tuple[Opening, ...]
    saturday: tuple[Opening, ...]
    sunday: tuple[Opening, ...]
    holidays: tuple[Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")], ...] = ()

    @field_validator(*WEEKDAYS, mode="before")
    @classmethod
    def _read_day(cls, value: object) -> tuple[Opening, ...]:
        return parse_day(value)

    @field_validator("holidays", mode="before")
    @classmethod
    def _dates_as_text(cls, value: Any) -> Any:
        # YAML reads an unquoted 2026-12-25 as a date.
        return tuple(str(day) for day in value) if isinstance(value, list) else value

    @field_validator("holidays")
    @classmethod
    def _real_dates(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for day in value:
            try:
                date.fromisoformat(day)
            except ValueError:
                raise ValueError(f"{day!r} is no date; write such as 2026-12-25") from None
        return value

    @model_validator(mode="after")
    def _open_some_day(self) -> Hours:
        if not any(self.on(day) for day in range(7)):
            raise ValueError("no weekday has opening hours; write at least one, such as monday: 09:00-18:00")
        return self

    def on(self, weekday: int) -> tuple[Opening, ...]:
        """Openings of a weekday; Monday is 0."""
        openings: tuple[Opening, ...] = getattr(self, WEEKDAYS[weekday])
        return openings


class Targets(Section):
    """Hours until staff respond, per tier. `urgent_counts` says which hours the urgent target counts.

    `takeover`: hours (clock) in which whoever took over has to answer a waiting patient, or it goes back to the queue.
    """

    emergency: Annotated[Number, Field(gt=0, le=1)] = 0.25
    urgent: Annotated[Number, Field(gt=0, le=12)] = 2
    routine: Annotated[Number, Field(gt=0, le=80)] = 18
    urgent_counts: Literal["clock", "opening_hours"] = "clock"
    takeover: Annotated[Number, Field(ge=0.1, le=8)] = 0.5


Group = Literal["staff", "backup", "group"]


class Paging(Section):
    """Who is paged about a case of one tier, and when again: minutes after the case while nobody acknowledges it."""

    first: tuple[Group, ...] = ("staff", "group")
    again_minutes: float
    backup_minutes: float

    @model_validator(mode="after")
    def _backup_comes_last(self) -> Paging:
        if self.backup_minutes <= self.again_minutes:
            raise ValueError("backup_minutes must be more than again_minutes: the backup is paged last")
        return self


class EmergencyPaging(Paging):
    """For emergencies."""

    again_minutes: Annotated[Number, Field(ge=1, le=15)] = 3
    backup_minutes: Annotated[Number, Field(ge=2, le=30)] = 6


class UrgentPaging(Paging):
    """For urgent cases."""

    again_minutes: Annotated[Number, Field(ge=5, le=120)] = 20
    backup_minutes: Annotated[Number, Field(ge=10, le=240)] = 45


class Alerts(Section):
    """Paging staff where no console is open. `routine_overdue`: who hears of a routine case that is overdue."""

    emergency: EmergencyPaging = EmergencyPaging()
    urgent: UrgentPaging = UrgentPaging()
    routine_overdue: tuple[Group, ...] = ("staff",)


class Channels(Section):
    """What may be talked about where. `telegram: limited`: general advice only, what is personal in the web chat."""

    telegram: Literal["full", "limited"] = "full"


class SymptomCheck(Section):
    """The question about signs that doubt asks. `wait_minutes`: silence after which a clinician is asked to look."""

    wait_minutes: Annotated[Number, Field(ge=5, le=240)] = 30


class FollowUp(Section):
    """Reminders and check-ins. Patients are asked first, and nobody is written to in the quiet hours of their zone."""

    offer: bool = True
    quiet_hours: QuietHours = QuietHours(time(21), time(8))
    check_in_hour: Annotated[int, Field(ge=6, le=20)] = 10

    @field_validator("quiet_hours", mode="before")
    @classmethod
    def _read_quiet_hours(cls, value: object) -> QuietHours:
        return value if isinstance(value, QuietHours) else parse_quiet_hours(value)

    @model_validator(mode="after")
    def _check_in_by_day(self) -> FollowUp:
        if self.quiet_hours.covers_clock(time(self.check_in_hour)):
            raise ValueError("check_in_hour falls into quiet_hours; choose an hour in which patients may be written to")
        return self


class Protocol(Section):
    """The waits and figures of this clinic. Null: the bot gives no number and refers to the clinic."""

    minox_before_h: Annotated[Number, Field(ge=0, le=48)] | None
    minox_after_h: Annotated[Number, Field(ge=24, le=72)] | None
    minox_after_h_deep: Annotated[Number, Field(ge=24, le=72)] | None
    deep_from_mm: Annotated[Number, Field(ge=0.25, le=3)] | None
    wash_h: Annotated[Number, Field(ge=8, le=48)] | None
    sweat_h: Annotated[Number, Field(ge=24, le=72)] | None
    pool_h: Annotated[Number, Field(ge=48, le=168)] | None
    sunscreen_h: Annotated[Number, Field(ge=24, le=72)] | None
    product_h: Annotated[Number, Field(ge=24, le=168)] | None
    dye_d: Annotated[Number, Field(ge=3, le=28)] | None
    nsaid_avoid_h: Annotated[Number, Field(ge=0, le=336)] | None
    alcohol_h: Annotated[Number, Field(ge=0, le=168)] | None
    worse_after_h: Annotated[Number, Field(ge=48, le=72)] | None
    shedding_weeks: Annotated[Number, Field(ge=2, le=8)] | None
    clinic_depth_min_mm: Annotated[Number, Field(ge=0.25, le=2.5)] | None
    clinic_depth_max_mm: Annotated[Number, Field(ge=0.25, le=2.5)] | None
    numbing_product: Text | None
    numbing_minutes: Annotated[Number, Field(ge=15, le=120)] | None
    session_minutes: Annotated[Number, Field(ge=10, le=180)] | None
    interval_d: Annotated[Number, Field(ge=7, le=90)] | None
    review_weeks: Annotated[Number, Field(ge=12, le=26)] | None
    cleaning_product: Text | None

    @model_validator(mode="after")
    def _deep_is_never_shorter(self) -> Protocol:
        if (self.minox_after_h_deep is None) != (self.deep_from_mm is None):
            raise ValueError("minox_after_h_deep and deep_from_mm go together: set both, or leave both null")
        if (self.clinic_depth_min_mm is None) != (self.clinic_depth_max_mm is None):
            raise ValueError("clinic_depth_min_mm and clinic_depth_max_mm go together: set both, or leave both null")
        if _above(self.minox_after_h, self.minox_after_h_deep):
            raise ValueError("minox_after_h_deep is shorter than minox_after_h; a deep session never waits less")
        if _above(self.clinic_depth_min_mm, self.clinic_depth_max_mm):
            raise ValueError("clinic_depth_min_mm is above clinic_depth_max_mm; swap them")
        return self


def _above(first: float | None, second: float | None) -> bool:
    return first is not None and second is not None and first > second


class Price(Section):
    """One line of the price list, in the clinic's own words and currency."""

    item: Text
    price: Text


class Stances(Section):
    """Where clinics differ. The bot says what stands here and nothing beyond it."""

    home_devices: Literal["avoid", "limited"] = "avoid"
    topical_finasteride: bool = False
    topical_steroid: bool = False
    prp_offered: bool = False
    radiofrequency_used: bool = False
    refuse: tuple[Text, ...] = ()
    defer: tuple[Text, ...] = ()
    prices: tuple[Price, ...] | None = None


class Privacy(Section):
    """How many days each kind of data is kept (None: until it is erased), and whom patients ask about it.

    Chats are cut by the age of each message, closed cases from their closing, links and sign-ins from their end,
    dialogue state from its last turn (hours). Nothing of a patient with an open case is removed.
    """

    chat_days: Annotated[Number, Field(ge=7, le=3650)] | None = None
    photo_days: Annotated[Number, Field(ge=7, le=3650)] | None = None
    case_days: Annotated[Number, Field(ge=30, le=3650)] | None = None
    event_days: Annotated[Number, Field(ge=7, le=3650)] | None = None
    audit_days: Annotated[Number, Field(ge=365, le=7300)] | None = None
    link_days: Annotated[Number, Field(ge=1, le=3650)] | None = 90
    sign_in_days: Annotated[Number, Field(ge=1, le=365)] | None = 30
    backup_days: Annotated[Number, Field(ge=1, le=3650)] | None = None
    contact: Text
    notice_url: WebAddress | None = None
