"""A Rasa on loopback that speaks `/webhooks/aftercare/turn` and `/parse`, and fails in every way a real one can."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator
from typing import Any, Literal

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

# "speechless": it is up and understands nothing, as while its model loads.
Mode = Literal["answers", "slow", "hangs", "drips", "500", "empty", "malformed", "speechless"]
Json = dict[str, Any]


class RasaDouble:
    """Says "heard: <text>" unless told what to say; keeps every request it got."""

    def __init__(self, port: int = 0) -> None:
        """`port`: where to listen; 0 is any that is free."""
        self.reset()
        self._server = uvicorn.Server(
            uvicorn.Config(self._application(), host="127.0.0.1", port=port, log_level="critical", lifespan="off")
        )
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def reset(self) -> None:
        """Forget everything and answer."""
        self.heard: list[Json] = []
        self.parses = 0  # how often it was asked to understand without dialogue
        self.mode: Mode = "answers"
        self.modes: dict[str, Mode] = {}  # by text, for one message alone
        self.answers: dict[str, Json] = {}  # by text: what to answer instead of an echo
        self.raw: Any = ["not", "an", "answer"]  # what "malformed" sends
        self.pause = 0.8  # seconds that "slow" takes

    @property
    def texts(self) -> list[str]:
        """What it was asked, in order."""
        return [body["text"] for body in self.heard]

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"

    def __enter__(self) -> "RasaDouble":
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(5)

    def _application(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/webhooks/aftercare/turn", self._turn, methods=["POST"]),
                Route("/webhooks/aftercare/parse", self._parse, methods=["POST"]),
                Route("/", self._hello),
                Route("/health", self._health),  # the action server's, where a test needs one that answers
            ]
        )

    async def _turn(self, request: Request) -> Response:
        body = await request.json()
        self.heard.append(body)
        answer = self.answers.get(body["text"], said(f"heard: {body['text']}"))
        match self.modes.get(body["text"], self.mode):
            case "slow":
                await asyncio.sleep(self.pause)
            case "hangs":
                await asyncio.sleep(4)  # longer than any test waits
            case "drips":
                return StreamingResponse(_drops(json.dumps(answer)), media_type="application/json")
            case "500" | "speechless":
                return Response("Internal Server Error", 500)
            case "empty":
                return JSONResponse(
                    {
                        "replies": [],
                        "intent": "",
                        "topics": [],
                        "slots": {},
                        "triage": {"tier": "none", "signs": [], "lowered": []},
                    }
                )
            case "malformed":
                return JSONResponse(self.raw)
        return JSONResponse(answer)

    async def _hello(self, _request: Request) -> Response:
        if self.mode == "hangs":
            await asyncio.sleep(4)
        return Response("Internal Server Error", 500) if self.mode == "500" else Response("Hello from Rasa")

    async def _health(self, _request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def _parse(self, request: Request) -> Response:
        self.parses += 1
        if self.mode in ("500", "speechless"):
            return Response("Internal Server Error", 500)
        if self.mode == "malformed":
            return JSONResponse(self.raw)
        lines = (await request.json())["lines"]
        none = {"tier": "none", "signs": [], "lowered": []}
        return JSONResponse({"lines": [{"intent": "greet", "topics": ["greet"], "triage": none} for _ in lines]})


def said(*texts: str, effects: tuple[Json, ...] = (), **more: Any) -> Json:
    """An answer as our channel in Rasa gives it. `more`: buttons of the last text, intent, topics or triage."""
    replies: list[Json] = [{"recipient_id": "x", "text": text} for text in texts]
    if buttons := more.pop("buttons", None):
        replies[-1]["buttons"] = buttons
    replies += [{"recipient_id": "x", "custom": effect} for effect in effects]
    return {
        "replies": replies,
        "intent": "greet",
        "topics": ["greet"],
        "slots": {},
        "triage": {"tier": "none", "signs": [], "lowered": []},
        **more,
    }


async def _drops(text: str) -> AsyncIterator[str]:
    for letter in text:
        yield letter
        await asyncio.sleep(0.05)
