"""The Rasa environment and the trained model, where Rasa runs on this machine."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.commands.training import is_of_today
from bot.console.setting_telegram import Check
from bot.doctor.configuration import AT_HOME
from bot.processes import MODEL, RASA_PYTHON
from bot.settings import Settings


def model_checks(settings: Settings) -> Iterator[Check]:
    """Whether both are there, and the model was trained from the data there is now."""
    host = urlsplit(settings.rasa_url).hostname
    if host not in AT_HOME:
        yield Check("Model", "good", f"Rasa runs on {host}: look there.")
        return
    if RASA_PYTHON.exists():
        yield Check("Rasa's environment", "good", f"{RASA_PYTHON.parent.parent} is there.")
    else:
        yield Check("Rasa's environment", "bad", f"{RASA_PYTHON.parent.parent} is missing.", "make setup")
    if not MODEL.exists():
        yield Check("Model", "bad", f"{MODEL} is missing.", "make train")
    elif not is_of_today():
        yield Check("Model", "note", "It was trained before data, domain.yml or config.yml changed.", "make train")
    else:
        yield Check("Model", "good", "Trained from today's data, domain and configuration.")
