"""Rasa's own command, `python -m bot.understanding run ...`, whose libraries warn in the log and not at the terminal.

Sanic and Rasa turn warnings on again whatever PYTHONWARNINGS says, so they are logged, at the level asked of libraries.
"""

import logging
import os

logging.captureWarnings(True)
logging.getLogger("py.warnings").setLevel(os.environ.get("LOG_LEVEL_LIBRARIES", "ERROR"))

from rasa.__main__ import main  # noqa: E402 - its imports are what warns

from bot.ending import end_with_parent  # noqa: E402

if __name__ == "__main__":
    end_with_parent()
    main()
