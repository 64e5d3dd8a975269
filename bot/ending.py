"""Ending with the process that started us: however it went, nothing of it stays behind on a port."""

import os
import signal
import threading
import time

PARENT = "AFTERCARE_ENDS_WITH"  # set by `bot.processes.start` to its own process id
LOOK_EVERY = 1.0  # seconds


def end_with_parent() -> None:
    """Have this process told to stop (SIGTERM) once the one that started it as a part is gone, by `kill -9` too."""
    parent = int(os.environ.pop(PARENT, "0"))
    if parent:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)
