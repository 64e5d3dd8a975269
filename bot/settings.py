"""Settings: environment variables prefixed AFTERCARE_, also read from `.env`. One table, for code and docs alike."""

import os
import secrets
import sys
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """A setting is missing or wrong. The message names the variable and the mend."""


class Settings(BaseSettings):
    """All settings, with their defaults. Every field is the variable AFTERCARE_<NAME IN CAPITALS>."""

    model_config = SettingsConfigDict(
        env_prefix="AFTERCARE_", env_file=ROOT / ".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    host: str = Field("127.0.0.1", description="address the bot listens on; 0.0.0.0 behind a proxy or in a container")
    port: int = Field(8000, ge=1, le=65535, description="port the bot listens on")
    public_url: str = Field(
        default_factory=lambda known: f"http://localhost:{known.get('port', 8000)}",
        description="how patients and staff reach the bot from outside; unset: localhost and the port",
    )
    data_dir: Path = Field(ROOT / "var", description="folder of the database, the uploads and the generated secret")
    database_url: str = Field("", description="SQLAlchemy address; empty: SQLite in the data folder")
    clinic_file: Path = Field(ROOT / "clinic.yml", description="the clinic's own protocol, hours, contacts and wording")
    rasa_url: str = Field("http://127.0.0.1:5005", description="where Rasa listens")
    rasa_timeout: float = Field(8.0, gt=0, le=15, description="seconds Rasa has to answer before the patient is told")
    actions_url: str = Field("http://127.0.0.1:5055", description="where the action server listens")
    secret_key: SecretStr = Field(
        SecretStr(""), description="signs cookies; empty: made once and kept in the data folder"
    )
    secure_cookies: bool | None = Field(
        None, description="send cookies over https only; unset: when public_url is https"
    )
    telegram_token: SecretStr = Field(SecretStr(""), description="bot token from @BotFather; empty: no Telegram")
    telegram_api_base: str = Field("https://api.telegram.org", description="Bot API server")
    telegram_mode: Literal["polling", "webhook"] = Field("polling", description="how updates come in")
    telegram_webhook_secret: SecretStr = Field(
        SecretStr(""), description="secret Telegram sends with each webhook call"
    )
    metrics_token: SecretStr = Field(SecretStr(""), description="bearer token for /metrics; empty: /metrics is closed")
    widget_origins: str = Field(
        "", description="origins that may embed the widget, comma-separated; empty: our own only"
    )
    widget_page: str = Field(
        "", description="page of your site with the chat, where enrolment links lead; empty: the demo page"
    )

    @field_validator("public_url", "rasa_url", "actions_url", "telegram_api_base")
    @classmethod
    def _is_http(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")

    @field_validator("widget_page")
    @classmethod
    def _is_page(cls, value: str) -> str:
        if value and (not value.startswith(("http://", "https://")) or "#" in value):
            raise ValueError("must start with http:// or https:// and have no #")
        return value

    @property
    def enrolment_page(self) -> str:
        """The page that an enrolment link for the web opens; the token follows in its fragment."""
        return self.widget_page or f"{self.public_url}/"

    @property
    def database(self) -> str:
        """The SQLAlchemy address in force."""
        return self.database_url or f"sqlite:///{self.data_dir / 'aftercare.db'}"

    @property
    def uploads(self) -> Path:
        """Folder of patients' photos; outside anything that is served as files."""
        return self.data_dir / "uploads"

    @property
    def cookies_are_secure(self) -> bool:
        """Whether cookies carry the Secure attribute."""
        if self.secure_cookies is None:
            return self.public_url.startswith("https://")
        return self.secure_cookies

    @property
    def embedding_origins(self) -> list[str]:
        """Origins allowed to use the widget API from a browser."""
        return [origin.strip().rstrip("/") for origin in self.widget_origins.split(",") if origin.strip()]

    def secret(self) -> str:
        """The signing secret: from the environment, else made once and kept in the data folder (mode 0600)."""
        given = self.secret_key.get_secret_value()
        if given:
            if len(given) < 32:
                raise SettingsError("AFTERCARE_SECRET_KEY is shorter than 32 characters: use `openssl rand -hex 32`")
            return given
        kept = self.data_dir / "secret.key"
        if not kept.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
        return kept.read_text().strip()


def load_settings() -> Settings:
    """Read the settings. Raises SettingsError naming each wrong variable, what is wrong and what it is for."""
    try:
        return Settings()
    except ValidationError as error:
        lines = []
        for problem in error.errors():
            name = str(problem["loc"][0])
            purpose = Settings.model_fields[name].description if name in Settings.model_fields else ""
            lines.append(f"AFTERCARE_{name.upper()}: {problem['msg']} ({purpose})")
        raise SettingsError("; ".join(lines)) from error


def env_example() -> str:
    """The text of `.env.example`: every setting, what it is for and its default. `python -m bot.settings` prints it."""
    lines = ["# Every setting with its default. Copy this file to .env and uncomment the lines you change.", ""]
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True, validated_data={})
        if isinstance(default, SecretStr) or default is None:
            default = ""
        elif isinstance(default, Path):
            default = default.relative_to(ROOT)
        lines += [f"# {field.description}", f"#AFTERCARE_{name.upper()}={default}", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(env_example())
