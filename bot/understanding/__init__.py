"""What runs inside Rasa: sentence meaning, the red-flag gate and the channel the bot speaks to. Python 3.10."""
