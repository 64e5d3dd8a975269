"""The catalogue of the repository, loaded once for all tests of the screen."""

from pathlib import Path

from bot.triage import Screen, load_catalogue

CATALOGUE = load_catalogue(Path(__file__).parents[2] / "data" / "red_flags")
SCREEN = Screen(CATALOGUE)
