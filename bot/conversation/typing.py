"""Who is typing where, in this process, for a few seconds. Never stored."""

from collections.abc import Callable

Watcher = Callable[[str, str, bool], None]  # conversation id, author ("bot" or "clinician"), on


class Typing:
    """Tells those who watch a conversation that somebody writes, and when they stopped."""

    def __init__(self) -> None:
        self._watchers: dict[str, set[Watcher]] = {}

    def show(self, conversation_id: str, *, on: bool, author: str = "bot") -> None:
        """Tell the watchers of a conversation."""
        for watcher in tuple(self._watchers.get(conversation_id, ())):
            watcher(conversation_id, author, on)

    def watch(self, conversation_id: str, watcher: Watcher) -> Callable[[], None]:
        """Be told from now on. Out: what to call to stop."""
        watchers = self._watchers.setdefault(conversation_id, set())
        watchers.add(watcher)

        def stop() -> None:
            watchers.discard(watcher)
            if not watchers:
                self._watchers.pop(conversation_id, None)

        return stop
