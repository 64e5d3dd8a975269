"""Reminders and check-ins: offered, planned off the care plan, and sent once, in time, where they still hold."""
