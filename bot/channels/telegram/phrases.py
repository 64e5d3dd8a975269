"""What the channel itself says to patients, by key of domain.yml; in Spanish by key of es.yml beside this file."""

from collections.abc import Mapping
from pathlib import Path

from bot.care.plan import RULES
from bot.care.values import clinic_values
from bot.care.wording import Wording, WordingError
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
SETTINGS_ON = "utter_telegram_settings_on"
SETTINGS_OFF = "utter_telegram_settings_off"
SETTINGS_NONE = "utter_telegram_settings_none"
LIMITED = "utter_telegram_limited"
LIMITED_START = "utter_telegram_limited_start"
GROUP_ID = "utter_telegram_group_id"
DESCRIPTION = "utter_telegram_description"
SHORT_DESCRIPTION = "utter_telegram_short_description"

KEYS = (
    *(START, START_KNOWN, HELP, CLOUD, STORED, STOP, PRIVATE_ONLY),
    *(FILE_TOO_BIG, FILE_FAILED, BUTTON_STALE, BUTTON_AS_TEXT),
    *(TODAY_UNKNOWN, DESCRIPTION, SHORT_DESCRIPTION, SETTINGS_ON, SETTINGS_OFF, SETTINGS_NONE),
    *(LIMITED, LIMITED_START, GROUP_ID),
    *(f"utter_telegram_menu_{name}" for name in sorted(COMMANDS)),
    *(f"utter_activity_{name}" for name in RULES),
)


OTHER_LANGUAGES = {"es": Path(__file__).with_name("es.yml")}


class Phrases:
    """The channel's responses, with the clinic's values filled in."""

    def __init__(self, services: Services) -> None:
        """Raises WordingError naming every response that domain.yml lacks."""
        missing = [key for key in KEYS if key not in services.wording]
        if missing:
            raise WordingError(f"domain.yml lacks responses of the Telegram channel: {', '.join(missing)}")
        self._services = services
        self._others = {code: Wording.load(path) for code, path in OTHER_LANGUAGES.items()}

    @property
    def languages(self) -> tuple[str, ...]:
        """Two-letter codes of the languages beside the clinic's own."""
        return tuple(self._others)

    def text(self, key: str, values: Mapping[str, object] | None = None, language: str = "") -> str:
        """The text of a response, in a language such as "es" or "es-MX" where there is one of it."""
        services = self._services
        known = {
            **clinic_values(services.clinic, services.clock.now()),
            "web_chat": services.settings.enrolment_page,
            **(values or {}),
        }
        other = self._others.get(language[:2].lower())
        return (other if other and key in other else services.wording).render(key, **known)

    def line(self, key: str, language: str = "") -> Line:
        """A response as the outbox takes it."""
        return self.text(key, language=language), list(self._services.wording.buttons(key))
