"""Runs in Rasa's environment: reads texts as JSON, prints the screen's verdicts as JSON (test_same_verdict.py)."""

import json
import sys

from bot.triage.catalogue import load_catalogue
from bot.triage.screen import Screen
from bot.understanding.gate import RED_FLAGS

if __name__ == "__main__":
    screen = Screen(load_catalogue(RED_FLAGS))
    print(json.dumps([screen(text).as_dict() for text in json.load(sys.stdin)]))
