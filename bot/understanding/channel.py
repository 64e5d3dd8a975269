"""The bot's door into Rasa: a turn of dialogue with its verdict, and understanding without dialogue. Loopback only."""

import gc
import hmac
import os
from typing import Any, Awaitable, Callable, Dict, List, Optional, Text

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.understanding.remote import call_lightly
from bot.understanding.trackers import slots_of, tracker_with

Handler = Callable[[UserMessage], Awaitable[Any]]


class AftercareInput(InputChannel):
    """Unlike Rasa's REST channel it answers an error with an error, and says how the message was understood."""

    @classmethod
    def name(cls) -> Text:
        """The last part of the channel's address: /webhooks/aftercare."""
        return "aftercare"

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The routes `turn` and `parse`."""
        call_lightly()
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
            body, agent = request.json, request.app.ctx.agent
            replies = CollectingOutputChannel()
            message = UserMessage(
                body["text"], replies, body["sender"], input_channel=self.name(), metadata=body["metadata"]
            )
            # Parsed here, once, and handed on: the dialogue uses the same reading that is reported back.
            message.parse_data = await agent.processor.parse_message(message)
            await agent.tracker_store.save(tracker_with(body["sender"], body["slots"], agent.domain))
            await on_new_message(message)
            after = await agent.tracker_store.retrieve(body["sender"])
            return json({"replies": replies.messages, "slots": slots_of(after), **_reading(message.parse_data)})

        @routes.route("/parse", methods=["POST"])
        async def parse(request: Request) -> HTTPResponse:
            processor = request.app.ctx.agent.processor
            readings: List[Dict[Text, Any]] = []
            for line in request.json["lines"]:
                message = UserMessage(line["text"], metadata=line["metadata"])
                readings.append(_reading(await processor.parse_message(message)))
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
