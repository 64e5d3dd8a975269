"""Aftercare: the bot, its channels and the staff's console."""
