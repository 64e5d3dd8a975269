"""What is said to one message: from Rasa's turn, or where there is none, from what the message is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.care.advice import escalation_keys
from bot.care.clinic import Clinic
from bot.care.effects import CheckEffect, Effect
from bot.care.values import clinic_values
from bot.care.wording import Wording
from bot.clock import Clock
from bot.conversation.brain import Turn
from bot.conversation.limited import Limits
from bot.store.tables import Handling, Kind, Message
from bot.triage.tier import Tier
from bot.triage.verdict import NO_RISK, Verdict


@dataclass(frozen=True)
class Draft:
    """What a turn will write: replies as (text, buttons), effects, and the verdict of both layers."""

    replies: Sequence[tuple[str, Sequence[dict[str, Any]]]]
    effects: Sequence[Effect] = ()
    verdict: Verdict = NO_RISK
    topics: Sequence[str] = ()
    intent: str = ""
    doubtful: bool = False
    handling: Handling = Handling.HANDLED
    case: tuple[Tier, str] | None = None
    slots: dict[str, Any] | None = None  # None: the dialogue stands where it stood


class Drafting:
    """Drafts with the clinic's wording. Reads and writes nothing."""

    def __init__(self, clinic: Clinic, wording: Wording, clock: Clock, limits: Limits) -> None:
        self._clinic = clinic
        self._wording = wording
        self._clock = clock
        self._limits = limits

    def unread(self, message: Message) -> Draft | None:
        """The draft of a message that there is nothing in for Rasa to read; None where there is."""
        said = message.text.strip()
        if message.kind is Kind.OTHER or (message.kind not in (Kind.TEXT, Kind.BUTTON) and not said):
            return self._attachment(message)
        return None if said else Draft([self._say("utter_empty_message")])

    def of_turn(self, message: Message, turn: Turn) -> Draft:
        """The draft of what Rasa answered, with what a file beside the words needs."""
        replies = [(reply.text, [dict(button) for button in reply.buttons]) for reply in turn.replies]
        # The gate runs the same screen as reception, and the classifier beside it: its verdict is the whole one. What
        # a button says needs no reading, and reception has its verdict.
        verdict = _known_verdict(message) if message.payload else turn.verdict
        draft = Draft(replies, turn.effects, verdict, turn.topics, turn.intent, turn.doubtful, slots=dict(turn.slots))
        if message.kind not in (Kind.TEXT, Kind.BUTTON):
            attachment = self._attachment(message)
            draft = replace(draft, replies=[*draft.replies, *attachment.replies], case=attachment.case)
        return self._limited(message, draft)

    def fallback(self, message: Message) -> Draft:
        """An honest reply when Rasa does not answer; with the safety advice where the screen flagged the message."""
        verdict = _known_verdict(message)
        keys = escalation_keys(verdict, self._clinic, self._clock.now()) if verdict.tier >= Tier.URGENT else []
        advice = [self._say(key, **values) for key, values in keys]
        tier = max(verdict.tier, Tier.ROUTINE)
        return Draft(
            [*advice, self._say("utter_no_answer")],
            verdict=verdict,
            handling=Handling.UNANSWERED,
            case=(tier, "no_answer"),
        )

    def _limited(self, message: Message, draft: Draft) -> Draft:
        if not self._limits.hold(message.channel):
            return draft
        replies, effects = self._limits.apply(self._clock.now(), draft.replies, draft.effects, draft.verdict.tier)
        return replace(draft, replies=replies, effects=effects)

    def _attachment(self, message: Message) -> Draft:
        known = {Kind.PHOTO: "utter_photo", Kind.VOICE: "utter_voice"}
        key = known.get(message.kind, "utter_attachment")
        # What is neither words nor a file has a line that says what it is; a caption below it has been screened.
        verdict = _known_verdict(message)
        advice = escalation_keys(verdict, self._clinic, self._clock.now()) if verdict.tier >= Tier.URGENT else []
        replies = [*(self._say(key, **values) for key, values in advice), self._say(key)]
        if message.kind is not Kind.PHOTO or message.text.strip() or verdict.tier > Tier.NONE:
            return Draft(replies, verdict=verdict, case=(Tier.ROUTINE, "attachment"))
        # A photo alone says nothing of the signs, so they are asked about.
        check, _ = self._say("utter_check")
        text = f"{replies[-1][0]}\n\n{check}"
        replies[-1] = (text, list(self._wording.buttons("utter_button_check")))
        return Draft(replies, [CheckEffect("asked")], verdict, case=(Tier.ROUTINE, "attachment"))

    def _say(self, key: str, **values: Any) -> tuple[str, list[dict[str, Any]]]:
        text = self._wording.render(key, **{**clinic_values(self._clinic, self._clock.now()), **values})
        return text, list(self._wording.buttons(key))


def _known_verdict(message: Message) -> Verdict:
    return Verdict.from_dict(message.verdict) if message.verdict else NO_RISK
