"""Rasa's custom actions: one module an action, each thin; what to say is decided in `bot.care`."""
