"""What a process counts as it works, for /metrics. No label ever holds what somebody wrote, nor who they are."""

from typing import Literal, get_args

from prometheus_client import Counter, Histogram

RasaFault = Literal["late", "unreachable", "refused", "unreadable", "silent"]
Outcome = Literal["retried", "given_up"]

CHANNELS = ("web", "telegram")
AUTHORS = ("patient", "bot", "clinician", "system")
TIERS = ("none", "routine", "urgent", "emergency")

MESSAGES = Counter("aftercare_messages", "Messages stored", ["channel", "author"], registry=None)
VERDICTS = Counter("aftercare_verdicts", "Patients' messages judged, by tier", ["tier"], registry=None)
REPLY_SECONDS = Histogram(
    "aftercare_reply_seconds",
    "From a patient's message to the reply in the outbox",
    buckets=(0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 300),
    registry=None,
)
RASA_SECONDS = Histogram(
    "aftercare_rasa_seconds",
    "One turn asked of Rasa, failed ones too",
    buckets=(0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 5, 8, 15),
    registry=None,
)
RASA_FAILURES = Counter("aftercare_rasa_failures", "Turns that Rasa did not answer", ["fault"], registry=None)
DELIVERY_FAILURES = Counter(
    "aftercare_delivery_failures",
    "Tries to deliver a message to a patient that failed",
    ["channel", "outcome"],
    registry=None,
)
DATABASE_ERRORS = Counter(
    "aftercare_database_errors", "Errors of the database but for rows that were there", registry=None
)

ALL = (MESSAGES, VERDICTS, REPLY_SECONDS, RASA_SECONDS, RASA_FAILURES, DELIVERY_FAILURES, DATABASE_ERRORS)


def _from_nought() -> None:
    """Every series is there from the start: a rule on one that is missing never fires."""
    for channel in CHANNELS:
        for author in AUTHORS:
            MESSAGES.labels(channel, author)
        for outcome in get_args(Outcome):
            DELIVERY_FAILURES.labels(channel, outcome)
    for tier in TIERS:
        VERDICTS.labels(tier)
    for fault in get_args(RasaFault):
        RASA_FAILURES.labels(fault)


_from_nought()
