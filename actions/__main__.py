"""The action server: `python -m actions --port 5055`.

It is rasa_sdk's, in one process. Under rasa_sdk's own command a manager starts it as a worker: that takes the memory of
two, and when the manager is killed, the worker stays behind on the port.
"""

from __future__ import annotations

import argparse
import logging.config
import os
from pathlib import Path

import yaml
from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor

from bot.ending import end_with_parent

LOGGING = Path(__file__).with_name("logging.yml")


def main() -> None:
    """Serve the actions of this package until told to stop, on SANIC_HOST or loopback."""
    parser = argparse.ArgumentParser(prog="actions", description="the action server")
    parser.add_argument("--port", type=int, default=5055)
    port = parser.parse_args().port
    write_logs()
    end_with_parent()
    executor = ActionExecutor()
    executor.register_package("actions")
    host = os.environ.get("SANIC_HOST", "127.0.0.1")
    create_app(executor).run(host=host, port=port, single_process=True, access_log=False, motd=False)


def write_logs() -> None:
    """Send the log where actions/logging.yml says."""
    logging.config.dictConfig(yaml.safe_load(LOGGING.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
