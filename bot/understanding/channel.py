"""The bot's door into Rasa: a turn of dialogue with its verdict, and understanding without dialogue. Loopback only."""

import gc
import hmac
import logging
import os
from typing import Any, Awaitable, Callable, Dict, List, Optional, Text

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.core.events import UserUttered
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.understanding.dialogue import answer
from bot.understanding.graph import run_in_order, understood
from bot.understanding.remote import call_lightly
from bot.understanding.trackers import slots_of, tracker_with

log = logging.getLogger(__name__)

Handler = Callable[[UserMessage], Awaitable[Any]]


class AftercareInput(InputChannel):
    """Unlike Rasa's REST channel it answers an error with an error, and says how the message was understood."""

    @classmethod
    def name(cls) -> Text:
        """The last part of the channel's address: /webhooks/aftercare."""
        return "aftercare"

    def blueprint(self, _on_new_message: Handler) -> Blueprint:
        """The routes `turn` and `parse`."""
        call_lightly()
        run_in_order()
        routes = Blueprint("aftercare", url_prefix=None)
        wanted = f"Bearer {os.environ['AFTERCARE_RASA_TOKEN']}".encode()

        @routes.middleware("request")
        async def refuse_strangers(request: Request) -> Optional[HTTPResponse]:
            given = request.headers.get("authorization", "").encode("utf-8", "surrogateescape")
            return None if hmac.compare_digest(given, wanted) else json({"error": "token"}, status=401)

        @routes.listener("after_server_start")
        async def settle(_app: Sanic, _loop: Any) -> None:
            # Model and catalogue never become garbage, and looking through them for some halts every answer a moment.
            gc.collect()
            gc.freeze()

        @routes.route("/turn", methods=["POST"])
        async def turn(request: Request) -> HTTPResponse:
            body, processor = request.json, request.app.ctx.agent.processor
            text, metadata = body["text"], body["metadata"]
            parsed = understood(processor, UserMessage(text, metadata=metadata))
            tracker = tracker_with(body["sender"], body["slots"], processor.domain)
            said = UserUttered(text, parsed["intent"], parsed["entities"], parsed, metadata=metadata)
            try:
                replies = await answer(processor, tracker, said)
            except (RasaException, ValueError) as error:
                log.error("the actions cannot be asked: %s", type(error).__name__)  # noqa: TRY400 - it may quote words
                return json({"error": "actions"}, status=502)
            return json({"replies": replies, "slots": slots_of(tracker), **_reading(parsed)})

        @routes.route("/parse", methods=["POST"])
        async def parse(request: Request) -> HTTPResponse:
            processor = request.app.ctx.agent.processor
            readings: List[Dict[Text, Any]] = []
            for line in request.json["lines"]:
                message = UserMessage(line["text"], metadata=line["metadata"])
                readings.append(_reading(understood(processor, message)))
            return json({"lines": readings})

        return routes


def _reading(parsed: Dict[Text, Any]) -> Dict[Text, Any]:
    return {
        "intent": (parsed.get("intent") or {}).get("name") or "",
        "topics": parsed.get("topics") or [],
        "triage": parsed.get("triage"),
        "risk": parsed.get("risk"),
        "doubtful": bool(parsed.get("doubtful")),
    }
