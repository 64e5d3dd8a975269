"""A chat on Telegram as a page, drawn from what the Bot API's double was told: for pictures, since no app runs here."""

from html import escape

from tests.doubles.telegram_people import Patient, Seen

STYLE = """
body { margin: 0; background: #dfe7d8; font: 15px/1.4 system-ui, sans-serif; color: #111 }
header { display: flex; align-items: center; gap: 12px; padding: 12px 16px; background: #fff;
  border-bottom: 1px solid #c9d2c2 }
header i { width: 40px; height: 40px; border-radius: 50%; background: #0f6b5f; color: #fff; display: grid;
  place-items: center; font: 600 17px system-ui }
header b { display: block } header span { color: #5b6a62; font-size: 13px }
main { display: grid; gap: 8px; padding: 14px 12px }
article { max-width: 82%; justify-self: start } article.own { justify-self: end }
p { margin: 0; padding: 8px 12px; border-radius: 14px; background: #fff; white-space: pre-wrap;
  box-shadow: 0 1px 1px rgb(0 0 0 / 12%) }
.own p { background: #e2f7cb }
q { display: block; quotes: none; margin: 0 0 6px; padding-left: 8px; border-left: 3px solid #0f6b5f; color: #46564d;
  font-size: 13px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
button { display: block; width: 100%; margin-top: 4px; padding: 9px; border: 0; border-radius: 10px; font: inherit;
  font-weight: 600; background: #5d7a63; color: #fff }
footer { padding: 4px 16px 14px; color: #46564d; font-size: 12px; text-align: center }
"""
NOTE = "Drawn from what was sent over the Bot API; Telegram's own apps look otherwise."


def telegram_page(chat: Patient, name: str) -> str:
    """The page's HTML. `name` is the bot's, as its profile has it."""
    transcript = chat.transcript
    words = {seen.message_id: seen.text for _, seen in transcript}
    said = "".join(_bubble(seen, words, own=not by_bot) for by_bot, seen in transcript)
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>Telegram</title><style>{STYLE}</style><header><i>{escape(name[:1])}</i><div><b>{escape(name)}</b>"
        f"<span>bot</span></div></header><main>{said}</main><footer>{NOTE}</footer></html>"
    )


def _bubble(seen: Seen, words: dict[int, str], *, own: bool) -> str:
    quoted = f"<q>{escape(words[seen.quotes])}</q>" if seen.quotes in words else ""
    buttons = "".join(f"<button>{escape(title)}</button>" for title in seen.buttons)
    return f"<article{' class=own' if own else ''}><p>{quoted}{escape(seen.text)}</p>{buttons}</article>"
