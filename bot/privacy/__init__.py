"""What the clinic owes its patients about their data: giving it out, erasing it, and keeping it no longer than said."""
