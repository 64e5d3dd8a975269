"""Who is typing where, for a few seconds. Never stored."""

from collections.abc import Callable

from bot.live import Alone, Wire

Watcher = Callable[[str, str, bool], None]  # conversation id, author ("bot" or "clinician"), on


class Typing:
    """Tells those who watch a conversation, at whichever bot, that somebody writes, and when they stopped."""

    def __init__(self, wire: Wire | None = None) -> None:
        self._watchers: dict[str, set[Watcher]] = {}
        self._wire = wire or Alone()
        self._wire.hear("typing", lambda news: self._tell(news["conversation_id"], news["author"], news["on"]))

    def show(self, conversation_id: str, *, on: bool, author: str = "bot") -> None:
        """Tell the watchers of a conversation."""
        self._tell(conversation_id, author, on)
        self._wire.tell("typing", conversation_id=conversation_id, author=author, on=on)

    def watch(self, conversation_id: str, watcher: Watcher) -> Callable[[], None]:
        """Be told from now on. Out: what to call to stop."""
        watchers = self._watchers.setdefault(conversation_id, set())
        watchers.add(watcher)

        def stop() -> None:
            watchers.discard(watcher)
            if not watchers:
                self._watchers.pop(conversation_id, None)

        return stop

    def _tell(self, conversation_id: str, author: str, on: bool) -> None:
        for watcher in tuple(self._watchers.get(conversation_id, ())):
            watcher(conversation_id, author, on)
