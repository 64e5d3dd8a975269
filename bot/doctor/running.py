"""What runs: the bot, Rasa, the actions and Redis. Where the bot does not run, whether their ports are free."""

import asyncio
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
from redis import Redis
from redis.exceptions import RedisError

from bot.console.setting_telegram import Check
from bot.conversation.brain import Brain
from bot.processes import answers
from bot.settings import Settings, SettingsError

PATIENCE = 5.0  # seconds


def running_checks(settings: Settings) -> Iterator[Check]:
    """A line for each process and for Redis."""
    here = f"http://127.0.0.1:{settings.port}"
    runs = _is_ours(here)
    if runs:
        yield _ready_check(here)
    else:
        yield _port_check("Bot", settings.port, "AFTERCARE_PORT", otherwise="It does not run; its port is free.")
    logs = settings.data_dir / "log"
    for name, url, variable, well in (
        ("Rasa", settings.rasa_url, "AFTERCARE_RASA_URL", asyncio.run(_rasa_answers(settings))),
        ("Actions", settings.actions_url, "AFTERCARE_ACTIONS_URL", answers(f"{settings.actions_url}/health")),
    ):
        if well:
            yield Check(name, "good", f"It answers at {url}.")
        elif runs:
            mend = f"Start it again and look at its log (with aftercare run: on the screen, else {logs})."
            yield Check(name, "bad", f"The bot runs, but nothing answers at {url}.", mend)
        else:
            yield _port_check(name, urlsplit(url).port or 80, variable, otherwise="It does not run; its port is free.")
    if address := settings.redis_url.get_secret_value():
        yield _redis_check(address)


def _is_ours(url: str) -> bool:
    try:
        answer = httpx.get(f"{url}/healthz", timeout=PATIENCE, trust_env=False)
        return answer.is_success and "status" in answer.json()
    except (httpx.HTTPError, ValueError):
        return False


def _ready_check(url: str) -> Check:
    try:
        parts = httpx.get(f"{url}/readyz", timeout=4 * PATIENCE, trust_env=False).json()
    except (httpx.HTTPError, ValueError) as error:
        return Check("Bot", "bad", f"It runs, but does not say how it is ({type(error).__name__}).", "Start it again.")
    down = sorted(name for name, well in parts.items() if well is False)
    if down:
        return Check("Bot", "bad", f"It runs, but not these parts: {', '.join(down)}.", "Look at its log; start again.")
    return Check("Bot", "good", "It runs, and all its parts with it.")


def _port_check(name: str, port: int, variable: str, *, otherwise: str) -> Check:
    with socket.socket() as probe:
        taken = probe.connect_ex(("127.0.0.1", port)) == 0
    if taken:
        mend = f"Stop what listens there (ss -ltnp 'sport = :{port}'), or set {variable} in .env."
        return Check(name, "bad", f"Something else listens on port {port}.", mend)
    return Check(name, "good", otherwise)


async def _rasa_answers(settings: Settings) -> bool:
    if not settings.has_secret:
        return False  # nothing has run here yet, and looking makes no secret
    try:
        brain = Brain(settings.rasa_url, PATIENCE, settings.rasa_pass())
    except SettingsError:  # told with the keys
        return False
    try:
        return await brain.ready()
    finally:
        await brain.close()


def _redis_check(address: str) -> Check:
    parts = urlsplit(address)
    place = f"{parts.hostname}:{parts.port or 6379}" if parts.hostname else parts.path
    try:
        with Redis.from_url(address, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) as redis:
            redis.ping()
    except RedisError as error:
        mend = "Start it, or mend AFTERCARE_REDIS_URL in .env. The bots go on without it, a second slower."
        return Check("Redis", "bad", f"{place} does not answer: {type(error).__name__}.", mend)
    return Check("Redis", "good", f"It answers at {place}.")
