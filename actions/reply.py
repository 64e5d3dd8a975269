"""Gathers what one turn says into one message: paragraphs of rendered responses, and quick-reply buttons at the end."""

from __future__ import annotations

from collections.abc import Iterable

from rasa_sdk.executor import CollectingDispatcher

from actions.house import House
from bot.care.asking import Answer
from bot.care.values import Values


class Reply:
    """One reply in the making. Values of `base` are known to every response."""

    def __init__(self, home: House, base: Values) -> None:
        self._wording = home.wording
        self._base = base
        self._paragraphs: list[str] = []
        self._buttons: list[dict[str, str]] = []
        self._lead = ""

    def lead(self, *keys: str) -> Reply:
        """Put responses in front of the next paragraph."""
        self._lead = " ".join(self._wording.render(key, **self._base) for key in keys)
        return self

    def say(self, *keys: str, **values: str | None) -> Reply:
        """Add responses as one paragraph, with the buttons of the last that has some."""
        known = self._base | values
        self._add(" ".join(self._wording.render(key, **known) for key in keys))
        for key in keys:
            self.offer(self._wording.buttons(self._wording.key_for(key, known)))
        return self

    def say_all(self, said: Iterable[tuple[str, Values]]) -> Reply:
        """Add responses with values of their own, each as a paragraph."""
        for key, values in said:
            self.say(key, **values)
        return self

    def answer(self, answer: Answer) -> Reply:
        """Add an answer as one paragraph, with its buttons."""
        self._add(answer.text(self._wording))
        for key, values in answer.said:
            self.offer(self._wording.buttons(self._wording.key_for(key, values)))
        return self

    def offer(self, buttons: list[dict[str, str]]) -> Reply:
        """Put buttons under the reply; later ones take the place of earlier ones."""
        self._buttons = buttons or self._buttons
        return self

    def send(self, dispatcher: CollectingDispatcher) -> None:
        """Queue the reply, unless nothing was said."""
        if self._paragraphs:
            dispatcher.utter_message(text="\n\n".join(self._paragraphs), buttons=self._buttons)

    def append(self, dispatcher: CollectingDispatcher) -> None:
        """Put the reply under the one queued last, as one message; its buttons take the place of that one's."""
        queued = next((message for message in reversed(dispatcher.messages) if message.get("text")), None)
        if queued is None:
            self.send(dispatcher)
        elif self._paragraphs:
            queued["text"] = "\n\n".join((queued["text"], *self._paragraphs))
            queued["buttons"] = self._buttons or queued["buttons"]

    def _add(self, paragraph: str) -> None:
        paragraph, self._lead = f"{self._lead} {paragraph}".strip(), ""
        if paragraph not in self._paragraphs:
            self._paragraphs.append(paragraph)
