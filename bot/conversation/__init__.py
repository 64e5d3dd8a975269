"""A message's way, and who owns the conversation: the bot or a clinician."""
