"""Our own Bot API server, as strict as Telegram, over loopback in a thread: patients write, press, block and read.

    with TelegramDouble() as double:
        settings = Settings(telegram_token=double.token, telegram_api_base=double.base_url, ...)
        ana = double.patient(1001)
        ana.sends("may I swim?")
        double.wait_until(lambda: ana.texts)
        ana.presses(ana.messages[-1], "Yes")

What it refuses it refuses with Telegram's own words; `telegram_rules.py` holds them. Faults come on demand: `flood`,
`fail`, `redeliver`. It speaks http on 127.0.0.1 alone and, like a local Bot API server, takes http webhooks there.
"""

import asyncio
import secrets
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import uvicorn

from tests.doubles.telegram_people import Group, Patient
from tests.doubles.telegram_server import TAKEN, application
from tests.doubles.telegram_state import Call, Fault, State


class TelegramDouble:
    """The server and everybody who uses it. Start it with `with`; everything here may be called from any thread."""

    def __init__(self) -> None:
        self.state = State(token=f"{secrets.randbelow(10**10):010d}:{secrets.token_urlsafe(26)}")
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            application(self.state), log_level="critical", lifespan="on", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    def __enter__(self) -> "TelegramDouble":
        self._thread.start()
        self.wait_until(lambda: self._server.started)
        return self

    def __exit__(self, *_: object) -> None:
        self.state.closing = True
        self._server.should_exit = True
        self._thread.join(5)
        self._socket.close()

    def reset(self) -> None:
        """Forget everybody and everything, as if just started; the token and the address stay."""
        self.state.reset()

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.state.token

    @property
    def base_url(self) -> str:
        """For AFTERCARE_TELEGRAM_API_BASE."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def patient(self, chat_id: int, first_name: str = "Ana", language: str = "en") -> Patient:
        """A person in their private chat with the bot. Until they write, the bot may not write to them."""
        return Patient(self.state, chat_id, first_name, language)

    def group(self, chat_id: int = -1009, title: str = "Hair friends") -> Group:
        """A group the bot is in."""
        return Group(self.state, chat_id, title)

    def sends_update(self, **kind: Any) -> int:
        """An update of any kind, known or not: `sends_update(poll_answer={...})`. Out: its id."""
        return self.state.push(0, **kind)

    @property
    def unconfirmed(self) -> list[int]:
        """Ids of the updates that the bot has not confirmed yet."""
        with self.state.lock:
            return [update["update_id"] for _, update in self.state.pending]

    def redeliver(self, *update_ids: int) -> None:
        """Deliver confirmed updates once more; without ids all of them."""
        self.state.redeliver(set(update_ids))

    def flood(
        self, retry_after: int = 1, times: int = 1, chat_id: int | None = None, method: str = "sendMessage"
    ) -> None:
        """Answer the next calls with 429; of one chat only where `chat_id` is given."""
        self.state.faults.append(Fault(method, times, 429, chat_id, retry_after))

    def fail(self, method: str, status: int = 502, times: int = 1, chat_id: int | None = None) -> None:
        """Answer the next calls of a method ("*": of any) with an HTTP error."""
        self.state.faults.append(Fault(method, times, status, chat_id))

    def stall(self, method: str, seconds: float, *, taken: bool, times: int = 1) -> None:
        """Answer the next calls of a method so late; `taken` says whether what was asked is done at last."""
        self.state.faults.append(Fault(method, times, TAKEN if taken else 504, pause=seconds))

    def calls(self, method: str) -> list[Call]:
        """The calls of a method so far, refused ones too."""
        with self.state.lock:
            return [call for call in self.state.calls if call.method == method]

    def wait_until(self, condition: Callable[[], Any], seconds: float = 30.0) -> None:
        """Wait, blocking, until the condition holds. Raises AssertionError when it does not come to."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"did not happen within {seconds} s")
            time.sleep(0.01)

    async def until(self, condition: Callable[[], Any], seconds: float = 30.0) -> None:
        """The same for asynchronous tests."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"did not happen within {seconds} s")
            await asyncio.sleep(0.01)
