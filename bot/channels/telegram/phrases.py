"""What the channel itself says to patients, by key of domain.yml."""

from collections.abc import Mapping

from bot.care.plan import RULES
from bot.care.values import clinic_values
from bot.care.wording import WordingError
from bot.channels.telegram.updates import COMMANDS
from bot.conversation.outbox import Line
from bot.services import Services

START = "utter_telegram_start"
START_KNOWN = "utter_telegram_start_known"
HELP = "utter_telegram_help"
CLOUD = "utter_telegram_cloud"
STORED = "utter_privacy_stored"
STOP = "utter_telegram_stop"
PRIVATE_ONLY = "utter_telegram_private_only"
FILE_TOO_BIG = "utter_telegram_file_too_big"
FILE_FAILED = "utter_telegram_file_failed"
BUTTON_STALE = "utter_telegram_button_stale"
BUTTON_AS_TEXT = "utter_telegram_button_as_text"
TODAY_UNKNOWN = "utter_telegram_today_unknown"
DESCRIPTION = "utter_telegram_description"
SHORT_DESCRIPTION = "utter_telegram_short_description"

KEYS = (
    *(START, START_KNOWN, HELP, CLOUD, STORED, STOP, PRIVATE_ONLY),
    *(FILE_TOO_BIG, FILE_FAILED, BUTTON_STALE, BUTTON_AS_TEXT),
    *(TODAY_UNKNOWN, DESCRIPTION, SHORT_DESCRIPTION),
    *(f"utter_telegram_menu_{name}" for name in sorted(COMMANDS)),
    *(f"utter_activity_{name}" for name in RULES),
)


class Phrases:
    """The channel's responses, with the clinic's values filled in."""

    def __init__(self, services: Services) -> None:
        """Raises WordingError naming every response that domain.yml lacks."""
        missing = [key for key in KEYS if key not in services.wording]
        if missing:
            raise WordingError(f"domain.yml lacks responses of the Telegram channel: {', '.join(missing)}")
        self._services = services

    def text(self, key: str, values: Mapping[str, object] | None = None) -> str:
        """The text of a response."""
        services = self._services
        known = clinic_values(services.clinic, services.clock.now())
        return services.wording.render(key, **{**known, **(values or {})})

    def line(self, key: str) -> Line:
        """A response as the outbox takes it."""
        return self.text(key), list(self._services.wording.buttons(key))
