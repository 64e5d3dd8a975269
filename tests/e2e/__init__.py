"""The whole of it: real Rasa, real actions, real bot, patients on the web and on Telegram, staff in the console."""
