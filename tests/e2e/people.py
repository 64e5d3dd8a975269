"""Those who use the house in these tests, over HTTP alone: patients with the widget's API, staff with the console."""

import contextlib
import json
import re
import secrets
import socket
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from types import TracebackType
from typing import Any

import httpx

from .stack import Stack, until

PASSWORD = "correct horse battery staple"
_numbers = count(1)


@dataclass(frozen=True)
class Event:
    """One server-sent event; `id` is None for those that are not replayed."""

    id: int | None
    kind: str
    data: dict[str, Any]


class Stream:
    """A patient's event stream, read in the background from the event after `last` on."""

    def __init__(self, url: str, token: str, last: int | None = None) -> None:
        self.events: list[Event] = []
        headers = {"Authorization": f"Bearer {token}"} | ({} if last is None else {"Last-Event-ID": str(last)})
        self._client = httpx.Client(trust_env=False, timeout=httpx.Timeout(10, read=60))
        self._request = self._client.build_request("GET", f"{url}/api/v1/events", headers=headers)
        self._open = threading.Event()
        self._response: httpx.Response | None = None
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> "Stream":
        self._thread.start()
        assert self._open.wait(20), "the event stream did not open"
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._response is not None:
            # The reader waits in recv, which closing alone would not end.
            network = self._response.extensions["network_stream"].get_extra_info("socket")
            with contextlib.suppress(OSError):
                network.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._client.close()

    def _read(self) -> None:
        try:
            self._response = self._client.send(self._request, stream=True)
            self._open.set()
            given: dict[str, str] = {}
            for line in self._response.iter_lines():
                name, _, value = line.partition(": ")
                if line and name:
                    given[name] = value
                elif not line and "event" in given:
                    number = given.get("id")
                    self.events.append(
                        Event(int(number) if number else None, given["event"], json.loads(given["data"]))
                    )
                    given = {}
        except (httpx.HTTPError, httpx.StreamError, OSError, RuntimeError, ValueError):
            return  # closed at the end of the test, or by a bot that was killed

    @property
    def lasting(self) -> list[Event]:
        """Those with an id, which are replayed."""
        return [event for event in list(self.events) if event.id is not None]

    @property
    def texts(self) -> list[str]:
        """The words of every message so far, both directions."""
        return [event.data["text"] for event in self.lasting if event.kind == "message"]


class WebPatient:
    """Somebody with the widget: a conversation of their own."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        # New conversations of one address are paced; patients come from addresses of their own.
        address = f"127.1.{next(_numbers) % 250}.1" if sys.platform == "linux" else None
        transport = httpx.HTTPTransport(local_address=address)
        self.http = httpx.Client(base_url=stack.url, transport=transport, timeout=20)
        opened = self.http.post("/api/v1/conversations").raise_for_status().json()
        self.token: str = opened["token"]
        self.conversation_id: str = opened["conversation_id"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"

    def posts(self, text: str, client_id: str | None = None) -> httpx.Response:
        """Send a message. Out: the answer, whatever it is."""
        return self.http.post(
            "/api/v1/messages", json={"client_message_id": client_id or secrets.token_hex(8), "text": text}
        )

    def sends(self, text: str) -> int:
        """Send a message that has to be taken. Out: its id."""
        answer = self.posts(text)
        assert answer.status_code == 202, answer.text
        message_id: int = answer.json()["message_id"]
        return message_id

    def asks(self, text: str) -> list[str]:
        """Send a message and wait until it is seen to. Out: what the bot said to it, in order."""
        message_id = self.sends(text)
        self.stack.handled(message_id)
        return [row["text"] for row in self.stack.messages(self.conversation_id, "bot") if row["id"] > message_id]

    def attaches(self, content: bytes, name: str, kind: str = "image/jpeg", text: str = "") -> httpx.Response:
        """Send a file."""
        form = {"client_message_id": secrets.token_hex(8), "text": text}
        return self.http.post("/api/v1/attachments", data=form, files={"file": (name, content, kind)})

    def stream(self, last: int | None = None) -> Stream:
        """Open the event stream; use it with `with`."""
        return Stream(self.stack.url, self.token, last)


class Clerk:
    """A member of staff at the console, without a browser."""

    def __init__(self, stack: Stack, name: str, title: str, link: str, email: str) -> None:
        self.stack, self.name, self.title = stack, name, title
        self.http = httpx.Client(base_url=stack.url, trust_env=False, timeout=20)
        form = {"name": name, "title": title, "email": email, "password": PASSWORD}
        answer = self.http.post(link, data=form)
        assert answer.status_code == 303, answer.text
        found = re.search(r'name="csrf" content="([^"]+)"', self.http.get("/console").text)
        assert found
        self.csrf = found[1]

    @property
    def called(self) -> str:
        """As patients see them."""
        return f"{self.title} {self.name}"

    def page(self, conversation_id: str) -> str:
        """A conversation's page."""
        return self.http.get(f"/console/conversations/{conversation_id}").raise_for_status().text

    def does(self, conversation_id: str, verb: str, form: Mapping[str, str] | None = None) -> None:
        """One verb of the desk: take-over, hand-back, acknowledge, close."""
        answer = self.http.post(
            f"/console/conversations/{conversation_id}/{verb}", data={"csrf": self.csrf, **(form or {})}
        )
        assert answer.status_code == 303, answer.text

    def replies(self, conversation_id: str, text: str) -> None:
        """Write to the patient, having read everything."""
        seen = max(row["id"] for row in self.stack.messages(conversation_id, "patient"))
        self.does(conversation_id, "reply", {"key": secrets.token_hex(8), "last_seen": str(seen), "text": text})

    def closes(self, conversation_id: str, outcome: str) -> None:
        """Close the open case."""
        case = next(row for row in self.stack.cases(conversation_id) if row["state"] != "closed")
        self.does(conversation_id, "close", {"case_id": str(case["id"]), "outcome": outcome})


def hire(stack: Stack, name: str, title: str = "Nurse", role: str = "clinician") -> tuple[str, str]:
    """Add a member of staff with the command. Out: their one-time link and their e-mail address."""
    email = f"{name.lower().replace(' ', '.')}.{secrets.token_hex(3)}@clinic.example"
    return stack.aftercare("staff", "add", email, "--name", name, "--title", title, "--role", role), email


def telegram_conversation(stack: Stack, chat_id: int) -> str:
    """The conversation of a Telegram chat, once its first message is stored."""
    query = "SELECT c.id FROM conversations c JOIN patients p ON p.id = c.patient_id WHERE p.channel_key = ?"
    found = until(lambda: stack.rows(query, str(chat_id)), f"chat {chat_id} has written")
    conversation_id: str = found[0]["id"]
    return conversation_id
