"""Settings: environment variables prefixed AFTERCARE_, also read from `.env`. One table, for code and docs alike."""

import hashlib
import hmac
import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import MendableError
from bot.store.keys import KeyRing, SealingError

ROOT = Path(__file__).resolve().parent.parent
PLACEHOLDER = "CHANGE-ME"  # stands in the sample files of deploy/ where there is no default


class SettingsError(MendableError):
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
    database_url: str = Field(
        "", description="postgresql://USER:PASSWORD@HOST/DATABASE; empty: SQLite in the data folder"
    )
    redis_url: SecretStr = Field(
        SecretStr(""), description="redis://:PASSWORD@HOST:6379/0, for several bots at once; empty: there is one"
    )
    clinic_file: Path = Field(ROOT / "clinic.yml", description="the clinic's own protocol, hours, contacts and wording")
    rasa_url: str = Field("http://127.0.0.1:5005", description="where Rasa listens")
    rasa_timeout: float = Field(8.0, gt=0, le=15, description="seconds Rasa has to answer before the patient is told")
    rasa_token: SecretStr = Field(
        SecretStr(""), description="what the bot shows Rasa with each call; empty: made from the secret key"
    )
    actions_url: str = Field("http://127.0.0.1:5055", description="where the action server listens")
    secret_key: SecretStr = Field(
        SecretStr(""), description="signs cookies; empty: made once and kept in the data folder"
    )
    encryption_keys: SecretStr = Field(
        SecretStr(""),
        description="seal what patients write, newest first, comma-separated; empty: made once in the data folder",
    )
    secure_cookies: bool | None = Field(
        None, description="send cookies over https only; unset: when public_url is https"
    )
    require_totp: bool = Field(False, description="staff must set up a second factor (authenticator app) to go on")
    session_idle_minutes: int = Field(
        120, ge=5, le=720, description="minutes without a click or a word after which staff sign in again"
    )
    telegram_token: SecretStr = Field(SecretStr(""), description="bot token from @BotFather; empty: no Telegram")
    telegram_api_base: str = Field("https://api.telegram.org", description="Bot API server")
    telegram_mode: Literal["polling", "webhook"] = Field("polling", description="how updates come in")
    telegram_webhook_secret: SecretStr = Field(
        SecretStr(""), description="secret Telegram sends with each webhook call"
    )
    telegram_staff_group: int | None = Field(
        None, description="chat id of your staff's Telegram group for alerts; /connect in the group says it"
    )
    alert_urls: SecretStr = Field(
        SecretStr(""), description="where staff are paged: Apprise addresses, separated by spaces"
    )
    alert_backup_urls: SecretStr = Field(
        SecretStr(""), description="where the backup is paged: Apprise addresses, separated by spaces"
    )
    metrics_token: SecretStr = Field(SecretStr(""), description="bearer token for /metrics; empty: /metrics is closed")
    log_format: Literal["plain", "json"] = Field("plain", description="json: one object a line, for log collectors")
    widget_origins: str = Field(
        "", description="origins that may embed the widget, comma-separated; empty: our own only"
    )
    identity_secret: SecretStr = Field(
        SecretStr(""), description="signs who is signed in on your own portal (JWT, HS256); empty: visitors only"
    )
    widget_page: str = Field(
        "", description="page of your site with the chat, where enrolment links lead; empty: the demo page"
    )

    @field_validator("data_dir", "clinic_file")
    @classmethod
    def _in_the_project(cls, path: Path) -> Path:
        """A relative path is the project's, wherever a command is given."""
        return ROOT / path

    @field_validator("identity_secret")
    @classmethod
    def _is_long(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < 32:
            raise ValueError("is shorter than 32 characters: use `openssl rand -hex 32`")
        return value

    @field_validator("public_url", "rasa_url", "actions_url", "telegram_api_base")
    @classmethod
    def _is_http(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _is_known_database(cls, value: str) -> str:
        if value and not value.startswith(("postgresql://", "postgresql+psycopg://", "sqlite://")):
            raise ValueError("must start with postgresql:// or sqlite://")
        return value

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, value: SecretStr) -> SecretStr:
        if value and not value.get_secret_value().startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must start with redis://, rediss:// or unix://")
        return value

    @model_validator(mode="before")
    @classmethod
    def _has_no_placeholder(cls, given: dict[str, Any]) -> dict[str, Any]:
        left = sorted(name for name, value in given.items() if isinstance(value, str) and PLACEHOLDER in value)
        if left:
            names = ", ".join(f"AFTERCARE_{name.upper()}" for name in left)
            raise ValueError(f"{names} still holds {PLACEHOLDER}: put your own value there")
        return given

    @field_validator("widget_origins")
    @classmethod
    def _are_origins(cls, value: str) -> str:
        for origin in (one.strip().rstrip("/") for one in value.split(",") if one.strip()):
            parts = urlsplit(origin)
            if origin == "null":  # sandboxed frames; said on purpose, and worth no more than a bearer token
                continue
            if parts.scheme not in ("http", "https") or origin != f"{parts.scheme}://{parts.netloc}" or "*" in origin:
                raise ValueError(f"{origin} is no origin: write https://www.your-clinic.example, without a path or *")
        return value

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
        secret = given or _made_once(self.secret_file)
        if len(secret) < 32:
            where = "AFTERCARE_SECRET_KEY" if given else str(self.secret_file)
            raise SettingsError(
                f"{where} is shorter than 32 characters: put the output of `openssl rand -hex 32` there"
            )
        return secret

    @property
    def secret_file(self) -> Path:
        """Where the signing secret lies when the environment gives none."""
        return self.data_dir / "secret.key"

    @property
    def has_secret(self) -> bool:
        """Whether there is a signing secret already, so that asking for it makes none."""
        return bool(self.secret_key.get_secret_value()) or self.secret_file.exists()

    def rasa_pass(self) -> str:
        """What the bot shows Rasa, which answers nobody else."""
        made = hmac.new(self.secret().encode(), b"the bot's pass at Rasa", hashlib.sha256).hexdigest()
        return self.rasa_token.get_secret_value() or made

    @property
    def encryption_file(self) -> Path:
        """Where the encryption keys lie when the environment gives none: a key a line, newest first."""
        return self.data_dir / "encryption.key"

    @property
    def has_encryption_key(self) -> bool:
        """Whether there is an encryption key already, so that asking for it makes none."""
        return bool(self.encryption_keys.get_secret_value()) or self.encryption_file.exists()

    @property
    def keys_lie_apart(self) -> bool:
        """Whether the encryption keys come from elsewhere than the folder that holds what they seal."""
        return bool(self.encryption_keys.get_secret_value())

    def key_ring(self) -> KeyRing:
        """The encryption keys: from the environment, else made once and kept in the data folder (mode 0600).

        Raises SettingsError naming where a wrong key stands.
        """
        given = self.encryption_keys.get_secret_value()
        try:
            return KeyRing.read(given or _made_once(self.encryption_file))
        except SealingError as error:
            raise SettingsError(f"{'AFTERCARE_ENCRYPTION_KEYS' if given else self.encryption_file}: {error}") from error


def _made_once(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        with suppress(FileExistsError):  # another process was quicker: its key is the one
            os.link(beside, path)
        beside.unlink()
    return path.read_text().strip()


def load_settings() -> Settings:
    """Read the settings. Raises SettingsError naming each wrong variable, what is wrong and what it is for."""
    try:
        return Settings()
    except ValidationError as error:
        lines = []
        for problem in error.errors():
            if not problem["loc"]:  # it names the variables itself
                lines.append(problem["msg"])
                continue
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
