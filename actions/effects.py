"""Sends effects to the bot process, which owns the database."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from bot.care.effects import Effect, to_message


def send_effect(dispatcher: CollectingDispatcher, effect: Effect) -> None:
    """Queue an effect as a custom message; patients never see it."""
    dispatcher.utter_message(json_message=to_message(effect))
