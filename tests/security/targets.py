"""What reads what others wrote, as functions of one input that may not raise; and inputs that nobody would write."""

import base64
import random
import string
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image
from telegram import Bot

from bot.care.check_words import read_answer
from bot.care.denials import all_denied, names_sign, without_denied
from bot.care.effects import EffectError, parse_effect
from bot.care.language import language_of
from bot.care.proposed_time import parse_proposed_time
from bot.care.session_time import parse_session_time, without_session_time
from bot.care.time_words import past_moments
from bot.care.topic_words import is_small_amount, names_nsaid, subjects
from bot.care.zone_words import zone_said
from bot.channels.telegram.unreadable import update_from
from bot.channels.telegram.webhook import _json
from bot.conversation.choices import Choice
from bot.conversation.enrolment_token import Tokens
from bot.conversation.inbound import clean
from bot.conversation.sniffing import content_type
from bot.conversation.uploads import without_metadata
from bot.services import RED_FLAGS
from bot.store.search_words import words_of
from bot.triage.catalogue import load_catalogue
from bot.triage.days import day_in
from bot.triage.numbers import numbers_in
from bot.triage.pulse import fast_pulses_in
from bot.triage.screen import Context, Screen
from bot.triage.temperature import temperatures_in
from bot.triage.words import word_set

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Madrid")
MOST = 4000  # characters, as the widget's API takes

Target = Callable[[Any], object]


def text_targets() -> dict[str, Target]:
    """Readers of text."""
    screen, tokens = Screen(load_catalogue(RED_FLAGS)), Tokens("s" * 64)
    return {
        "screen": lambda text: screen(clean(text), Context(day=3)),  # as Reception hands it on
        "session time": lambda text: parse_session_time(text, NOW, ZONE, asked=True),
        "session time, American": lambda text: parse_session_time(text, NOW, ZONE, "MDY"),
        "past moments": lambda text: past_moments(text, NOW, ZONE),
        "without session time": lambda text: without_session_time(text, NOW, ZONE),
        "proposed time": lambda text: parse_proposed_time(text, NOW, ZONE),
        "zone": zone_said,
        "temperatures": temperatures_in,
        "numbers": numbers_in,
        "pulses": fast_pulses_in,
        "day": day_in,
        "check answer": read_answer,
        "denials": lambda text: (all_denied(text), names_sign(text), without_denied(text)),
        "topic words": lambda text: (subjects(text), is_small_amount(text), names_nsaid(text)),
        "language": language_of,
        "search words": words_of,
        "cleaning": clean,
        "payload": Choice.read,
        "enrolment token": tokens.read,
    }


def byte_targets() -> dict[str, Target]:
    """Readers of files and of what is posted."""
    bot = Bot("1:fuzz")

    def update(body: bytes) -> object:
        data = _json(body)
        return None if data is None else update_from(data, bot)

    return {
        "sniffing": lambda content: content_type(content[:16]),
        "metadata of pictures": without_metadata,
        "Telegram update": update,
    }


def effect(custom: dict[str, Any]) -> object:
    """An effect of an action; a wrong one is refused with its own error."""
    try:
        return parse_effect(custom)
    except EffectError:
        return None


_WORDS = sorted(
    word_set(
        "yesterday today tomorrow morning at noon midnight am pm o'clock half past quarter to monday tuesday "
        "last next week days hours ago since session treatment microneedling fever temperature 39.2 38,5 °C "
        "°F 101 degrees celsius no not never without don't can't won't neither nor but and or however pus "
        "oozing bleeding swelling face throat breathe chest pain spreading red streaks worse better is are "
        "my the a it feel feeling hot cold sweats minoxidil ibuprofen wash hair ayer mañana fiebre sin tengo "
        "dolor 11/12 12.11.2026 2026-11-12 31/02/2026 24:61 11pm 3h 72 november 31st nov 3rd first "
        "thirty-one hundred CET UTC+14 pulse 120 bpm couple few several /start {}"
    )
)
_ODD = "\u0000\u200b\u200d\u202e\u0301\ufeff\ud83d\ude00İıßΩ٣९½²⅞𝟗𝓐\u2028\t\n\r'\"\\/<>&%$#@!?.,;:-–—()[]{}|~^`*+="


def texts(chance: random.Random) -> Iterator[str]:
    """Sentences of our words, the same piece again and again, odd characters, and all of it mixed."""
    while True:
        size = chance.choice((1, 3, 8, 20, 60))
        pieces = [chance.choice(_WORDS) for _ in range(size)]
        match chance.randrange(6):
            case 0:
                yield " ".join(pieces)
            case 1:  # what makes a bad pattern go back and forth
                joint = chance.choice((" ", "", ", ", "-", ".", "\n"))
                again = joint.join(pieces[:3]) + joint
                yield (again * chance.choice((20, 200, 1000)))[:MOST] + chance.choice(("", "!", "x"))
            case 2:
                yield "".join(chance.choice(_ODD) for _ in range(size * 4))
            case 3:
                yield "".join(chance.choice(string.digits + " .,:/-") for _ in range(chance.choice((5, 40, 400, MOST))))
            case 4:
                yield chance.choice([*_WORDS, *_ODD]) * chance.choice((50, 500, MOST // 8))
            case _:
                yield "".join(piece + chance.choice((" ", "", chance.choice(_ODD))) for piece in pieces)


def contents(chance: random.Random) -> Iterator[bytes]:
    """Beginnings of every kind of file, small pictures with bytes changed, JSON that is nearly an update."""
    heads = [
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"%PDF-",
        b"RIFF0000WEBP",
        b"0000ftypheic",
        b"0000ftypavif",
    ]
    pictures = [_picture(kind) for kind in ("JPEG", "PNG", "WEBP", "GIF")]
    updates = [
        b'{"update_id":1,"message":{"message_id":1,"date":1,"chat":{"id":1,"type":"private"},"text":"hello"}}',
        b'{"update_id":2,"callback_query":{"id":"1","chat_instance":"1","data":"x","from":{"id":1,"is_bot":false,"first_name":"A"}}}',
        b'{"update_id":3,"message":{"message_id":1,"date":99999999999999,"chat":{"id":1,"type":"private"}}}',
    ]
    while True:
        match chance.randrange(4):
            case 0:
                yield chance.choice(heads) + chance.randbytes(chance.choice((0, 3, 30, 300)))
            case 1:
                yield _changed(chance, chance.choice(pictures))
            case 2:
                yield _changed(chance, chance.choice(updates))
            case _:
                depth = chance.choice((1, 100, 100_000))
                yield b'{"update_id":1,"message":' + b"[" * depth + b"]" * depth + b"}"


def _picture(kind: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, kind)
    return out.getvalue()


def _changed(chance: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 8))):
        at = chance.randrange(len(changed))
        match chance.randrange(3):
            case 0:
                changed[at] = chance.randrange(256)
            case 1:
                del changed[at : at + chance.choice((1, 4))]
            case _:
                changed[at:at] = chance.choice((b"0", b"null", b"[]", b"-1", b'"', chance.randbytes(4)))
        if not changed:
            break
    return bytes(changed)


def tokens_nearly(chance: random.Random) -> Iterator[str]:
    """An enrolment token with a letter changed, cut short or grown."""
    good = Tokens("s" * 64).make(7, NOW + timedelta(days=14))
    while True:
        at = chance.randrange(len(good) - 1)  # the last letter has bits that say nothing; the kept hash has them all
        changed = good[:at] + chance.choice(string.ascii_letters + "=-_+/ é") + good[at + chance.choice((0, 1, 5)) :]
        if changed != good:
            yield changed
        yield base64.urlsafe_b64encode(chance.randbytes(chance.randrange(60))).decode()
