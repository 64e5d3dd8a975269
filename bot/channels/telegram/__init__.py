"""The Telegram channel: updates in by polling or webhook, the outbox's messages out, over the Bot API."""
