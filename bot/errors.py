"""What a person can put right."""


class MendableError(Exception):
    """Its message names what is wrong, where, and the mend: a command shows it as one line, without a traceback."""
