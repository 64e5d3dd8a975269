"""Asking Rasa, over loopback, with a deadline. Back come replies, effects and how the message was understood."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot import measures
from bot.care.effects import Effect, EffectError, parse_effect
from bot.errors import MendableError
from bot.triage.verdict import NO_RISK, Verdict

PROVEN = 30.0  # seconds for which one parse proves that Rasa understands, as long as it answers at all
IDLE = 2.0  # seconds for which a connection is kept; Rasa closes its end after five
PARSES_WITHIN = 120.0  # seconds, for however many lines
MALFORMED = (ValueError, LookupError, TypeError, AttributeError)  # what reading a wrongly shaped answer raises


class BrainUnavailable(MendableError):
    """Rasa did not answer in time, or not with anything that can be used. Says why, without text of patients."""


@dataclass(frozen=True)
class Reply:
    """One message for the patient. Buttons as Rasa gives them: title and payload."""

    text: str
    buttons: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Turn:
    """Rasa's answer to one message: what to say, what to write down, the verdict of both layers, and the slots of the
    dialogue to ask the next turn with."""

    replies: tuple[Reply, ...]
    effects: tuple[Effect, ...]
    verdict: Verdict
    intent: str = ""
    topics: tuple[str, ...] = field(default=())
    doubtful: bool = False
    slots: Mapping[str, Any] = field(default_factory=dict)


class Brain:
    """Rasa, asked through our own channel in its process (`bot/understanding/channel.py`), which wants a token."""

    def __init__(self, url: str, timeout: float, token: str = "") -> None:
        self._timeout = timeout
        self._proven_until = 0.0  # on the monotonic clock
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._kept: aiohttp.ClientSession | None = None

    async def turn(
        self, conversation_id: str, text: str, metadata: Mapping[str, Any], slots: Mapping[str, Any]
    ) -> Turn:
        """One turn of dialogue, going on from the slots of the last. Raises BrainUnavailable when there is nothing to
        say to the patient."""
        body = {"sender": conversation_id, "text": text, "metadata": dict(metadata), "slots": dict(slots)}
        try:
            with measures.RASA_SECONDS.time():
                answer = await self._ask("turn", body, self._timeout)
            turn = _read(answer, pressed=text.startswith("/"))
        except (aiohttp.ClientError, TimeoutError, *MALFORMED) as error:
            self._proven_until = 0.0
            measures.RASA_FAILURES.labels(_fault(error)).inc()
            raise BrainUnavailable(f"{type(error).__name__} from Rasa") from error
        if not turn.replies:
            measures.RASA_FAILURES.labels("silent").inc()
            raise BrainUnavailable("Rasa gave no reply")
        return turn

    async def parse(self, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Understand lines [{"text", "metadata"}] without dialogue. Out: intent, topics and triage, in order."""
        try:
            parsed: list[dict[str, Any]] = (await self._ask("parse", {"lines": lines}, PARSES_WITHIN))["lines"]
        except (aiohttp.ClientError, TimeoutError, *MALFORMED) as error:
            raise BrainUnavailable(f"{type(error).__name__} from Rasa") from error
        return parsed

    async def ready(self) -> bool:
        """Whether Rasa answers now, and has understood a message since it last failed to.

        That it answers is asked each time, so one that died or hangs is never called ready; a parse, which would take
        its time from patients, only at first, after a failure and twice a minute.
        """
        try:
            async with asyncio.timeout(self._timeout):
                async with self._session().get("/") as response:
                    response.raise_for_status()
                if time.monotonic() >= self._proven_until:
                    await self._prove()
        except (aiohttp.ClientError, TimeoutError, BrainUnavailable):
            self._proven_until = 0.0
            return False
        return True

    async def _prove(self) -> None:
        """Have one message understood. The first of a Rasa that has just started is slow, and it is not a patient's."""
        if len(await self.parse([{"text": "hello", "metadata": {}}])) != 1:
            raise BrainUnavailable("Rasa did not understand one line as one")
        self._proven_until = time.monotonic() + PROVEN

    async def close(self) -> None:
        """Close the connections."""
        if self._kept is not None:
            await self._kept.close()

    async def _ask(self, what: str, body: Mapping[str, Any], seconds: float) -> Any:
        async with asyncio.timeout(seconds), self._session().post(f"/webhooks/aftercare/{what}", json=body) as response:
            response.raise_for_status()
            return await response.json(content_type=None)

    def _session(self) -> aiohttp.ClientSession:
        """The connections, opened on the event loop that uses them first."""
        if self._kept is None:
            self._kept = aiohttp.ClientSession(
                self._url,
                headers=self._headers,
                timeout=aiohttp.ClientTimeout(),
                connector=aiohttp.TCPConnector(keepalive_timeout=IDLE),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._kept


def _fault(error: Exception) -> measures.RasaFault:
    if isinstance(error, TimeoutError):
        return "late"
    if isinstance(error, aiohttp.ClientResponseError):
        return "refused"
    return "unreachable" if isinstance(error, aiohttp.ClientError) else "unreadable"


def _read(answer: Mapping[str, Any], *, pressed: bool) -> Turn:
    replies: list[Reply] = []
    effects: list[Effect] = []
    for item in answer["replies"]:
        if item.get("custom"):
            try:
                effects.append(parse_effect(item["custom"]))
            except EffectError as error:
                raise ValueError(str(error)) from error
        if item.get("text"):
            buttons = [
                {"title": str(one["title"]), "payload": str(one["payload"])} for one in item.get("buttons") or ()
            ]
            replies.append(Reply(str(item["text"]), tuple(buttons)))
    # Rasa drops what the gate said of a button's payload. Of words a verdict must be there.
    unjudged = pressed and answer["triage"] is None
    return Turn(
        tuple(replies),
        tuple(effects),
        NO_RISK if unjudged else Verdict.from_dict(answer["triage"]),
        answer.get("intent", ""),
        tuple(answer.get("topics") or ()),
        bool(answer.get("doubtful")),
        dict(answer["slots"]),
    )
