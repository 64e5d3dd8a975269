"""What a message without words holds, in a line for the staff: a place, a contact, a sticker, a poll. Pure."""

from telegram import Message


def said_without_words(message: Message) -> str:
    """The line; empty for what is a file or not known to us. A poll's own words stand as they are."""
    if message.venue:
        return f"Place: {message.venue.title}, {message.venue.address}"
    if message.location:
        return f"Location: {message.location.latitude:.5f}, {message.location.longitude:.5f}"
    if message.contact:
        name = " ".join(part for part in (message.contact.first_name, message.contact.last_name) if part)
        return f"Contact: {name}, {message.contact.phone_number}"
    if message.poll:
        return "\n".join((message.poll.question, *(f"- {option.text}" for option in message.poll.options)))
    if message.sticker:
        return f"Sticker {message.sticker.emoji or ''}".rstrip()
    if message.dice:
        return f"Dice {message.dice.emoji} {message.dice.value}"
    return ""
