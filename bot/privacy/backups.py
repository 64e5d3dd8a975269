"""What whoever erases somebody has to know about the clinic's backups."""

from bot.care.clinic import Clinic


def backup_words(clinic: Clinic) -> str:
    """That backups still hold the person, for how long, and what to do after putting one back."""
    days = clinic.privacy.backup_days
    until = f" for {days:g} days" if days is not None else ""
    return f"Backups made before still hold them{until}. Whoever puts one back erases them again."
