"""What the columns of the tables may say."""

import enum


class Author(enum.StrEnum):
    """Who a message is from. SYSTEM lines are ours to both sides ("Ana has joined")."""

    PATIENT = "patient"
    BOT = "bot"
    CLINICIAN = "clinician"
    SYSTEM = "system"


class Kind(enum.StrEnum):
    """What a message is."""

    TEXT = "text"
    BUTTON = "button"
    PHOTO = "photo"
    VOICE = "voice"
    DOCUMENT = "document"
    OTHER = "other"


class Handling(enum.StrEnum):
    """What became of a patient's message."""

    RECEIVED = "received"
    HANDLED = "handled"
    HELD = "held"  # a clinician owns the conversation: it waits for them
    UNANSWERED = "unanswered"  # Rasa did not answer: the patient was told and staff have a case


class Delivery(enum.StrEnum):
    """Where one of our messages is on its way to the patient."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"


class Owner(enum.StrEnum):
    """Who answers in a conversation."""

    BOT = "bot"
    CLINICIAN = "clinician"


class CaseState(enum.StrEnum):
    """The life of a case."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    WITH_CLINICIAN = "with_clinician"
    CLOSED = "closed"


class Outcome(enum.StrEnum):
    """What a case turned out to be."""

    TRUE_ALARM = "true_alarm"
    FALSE_ALARM = "false_alarm"
    ADVICE_GIVEN = "advice_given"
    SEEN = "seen"
    REFERRED = "referred"


class Reminders(enum.StrEnum):
    """Whether a patient wants to be reminded and asked how it goes."""

    ASKED = "asked"  # offered, and not answered
    ON = "on"
    OFF = "off"


class FollowUpState(enum.StrEnum):
    """What became of a reminder or check-in."""

    PLANNED = "planned"
    SENT = "sent"
    MISSED = "missed"  # its window passed before it could be sent
    DROPPED = "dropped"  # it was not to be sent any more: `reason` says why


class PageState(enum.StrEnum):
    """What became of one page to one address."""

    PLANNED = "planned"
    CLAIMED = "claimed"  # on its way; `Page.due_at` is when another process may take it
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"  # somebody has the case, or a later step says it all


class Finding(enum.StrEnum):
    """What a reviewer found about how the assistant understood a message."""

    FINE = "fine"
    WRONG_TOPIC = "wrong_topic"
    MISSED_SIGN = "missed_sign"
    FALSE_ALARM = "false_alarm"


class Role(enum.StrEnum):
    """What a member of staff may do: reviewers read, clinicians act, admins also manage staff."""

    ADMIN = "admin"
    CLINICIAN = "clinician"
    REVIEWER = "reviewer"
