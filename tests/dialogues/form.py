"""What a dialogue's turn is expected to bring: facts, never whole sentences. A key that is not known is an error."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.care.clinic import Clinic
from bot.commands.dialogues import Dialogue, Setup, Turn
from bot.commands.passing import Line
from bot.commands.playing import Played
from bot.commands.stack import local
from bot.triage.tier import Tier, TierLabel

Fact = Annotated[str, Field(min_length=2)]
Facts = Annotated[tuple[Fact, ...], Field(min_length=1)]


class Exact(BaseModel):
    """A part of an expectation: nothing misspelt, and never empty."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("is empty, so nothing could fail")
        return self


class CaseFact(Exact):
    """The open case."""

    tier: TierLabel | None = None
    state: Literal["open", "acknowledged", "with_clinician"] | None = None
    reason: str | None = None


class Event(Exact):
    """One message or note that came by itself between two turns; `at` as the transcript says it: Wed 11 Jun 10:00."""

    at: str
    says: Facts | None = None
    not_says: Facts | None = None
    buttons: Facts | None = None
    author: Literal["bot", "system", "note"] = "bot"


class TodayFact(Exact):
    """The day's plan: ids of activities under `fine` and `wait`; `held` while an urgent case is open."""

    fine: Facts | None = None
    wait: Facts | None = None
    held: bool | None = None


class Expect(Exact):
    """What holds once a turn is over. `says` and `not_says` are looked for in the replies, whatever the case."""

    says: Facts | None = None
    not_says: Facts | None = None
    buttons: Facts | None = None
    replies: int | None = Field(None, ge=0)
    tier: TierLabel | None = None
    case: Literal["none"] | CaseFact | None = None
    owner: Literal["bot", "clinician"] | None = None
    between: tuple[Event, ...] | None = None
    today: Literal["none"] | TodayFact | None = None


class ExactSetup(Setup):
    """A setup without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ExpectedTurn(Turn):
    """A turn with what is expected of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    expect: Expect

    @model_validator(mode="after")
    def _has_a_tier(self) -> Self:
        if self.expect.tier is not None and self.patient is None and self.press is None:
            raise ValueError("expects a tier, which only a patient's message has")
        return self


class Expected(Dialogue):
    """A dialogue that is a test."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z0-9-]+$")
    title: str = Field(min_length=10)
    misread: str | None = Field(None, min_length=4)  # what the message is taken for as yet, so that the dialogue fails
    setup: ExactSetup = ExactSetup()
    turns: Annotated[tuple[ExpectedTurn, ...], Field(min_length=2, max_length=8)]


def problems(dialogue: Expected, clinic: Clinic, played: Sequence[Played]) -> list[str]:
    """Every expectation that does not hold, each with the number of its turn."""
    found = []
    for number, (turn, one) in enumerate(zip(dialogue.turns, played, strict=True), 1):
        found += [f"turn {number}: {problem}" for problem in _problems(turn.expect, one, clinic)]
    return found


def _problems(expect: Expect, one: Played, clinic: Clinic) -> Iterator[str]:
    yield from (line.text for line in one.replies if line.author == "note")
    yield from _in_words(expect.says, expect.not_says, expect.buttons, one.replies)
    if expect.replies is not None and expect.replies != len(one.replies):
        yield f"{len(one.replies)} replies, not {expect.replies}"
    if expect.tier is not None and (one.tier is None or one.tier.label != expect.tier):
        yield f"tier {one.tier.label if one.tier is not None else None}, not {expect.tier}"
    yield from _in_case(expect.case, one)
    if expect.owner is not None and expect.owner != one.owner:
        yield f"owner {one.owner}, not {expect.owner}"
    if expect.between is not None:
        yield from _in_between(expect.between, one.between, clinic)
    yield from _in_plan(expect.today, one)


def _in_words(
    says: Iterable[str] | None, not_says: Iterable[str] | None, buttons: Iterable[str] | None, lines: Sequence[Line]
) -> Iterator[str]:
    heard = _plain(" ".join(line.text for line in lines))
    offered = {title for line in lines for title in line.buttons}
    yield from (f"does not say {fact!r}" for fact in says or () if _plain(fact) not in heard)
    yield from (f"says {fact!r}" for fact in not_says or () if _plain(fact) in heard)
    yield from (f"does not offer [{title}]" for title in buttons or () if title not in offered)


def _in_case(expected: Literal["none"] | CaseFact | None, one: Played) -> Iterator[str]:
    case = one.case
    if expected is None:
        return
    if expected == "none" or case is None:
        if (expected == "none") != (case is None):
            yield f"case {case.reason if case else None}, not {expected}"
        return
    found = {"tier": Tier(case.tier).label, "state": str(case.state), "reason": case.reason}
    for key, value in expected.model_dump(exclude_none=True).items():
        if found[key] != value:
            yield f"the case's {key} is {found[key]}, not {value}"


def _in_between(expected: Sequence[Event], lines: Sequence[Line], clinic: Clinic) -> Iterator[str]:
    found = [(local(line.at, clinic), line.author) for line in lines]
    if found != [(event.at, event.author) for event in expected]:
        yield f"in between came {found}"
        return
    for event, line in zip(expected, lines, strict=True):
        for problem in _in_words(event.says, event.not_says, event.buttons, [line]):
            yield f"in between, {event.at}: {problem}"


def _in_plan(expected: Literal["none"] | TodayFact | None, one: Played) -> Iterator[str]:
    plan = one.today
    if expected is None:
        return
    if expected == "none" or plan is None:
        if (expected == "none") != (plan is None):
            yield "there is a plan for today" if plan else "there is no plan for today"
        return
    for name, items in (("fine", plan.fine), ("wait", plan.wait)):
        missing = set(getattr(expected, name) or ()) - {item.id for item in items}
        if missing:
            yield f"today's plan does not have {', '.join(sorted(missing))} under {name}"
    if expected.held is not None and expected.held != bool(plan.held):
        yield f"today's plan is {'held' if plan.held else 'not held'}"


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())
