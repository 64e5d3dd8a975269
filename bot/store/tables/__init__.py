"""The tables. What patients and staff write stands in sealed columns alone (see sealed.py); nothing else holds text."""

from bot.store.tables.base import Base
from bot.store.tables.cases import Alert, Case, Draft, Note, Page
from bot.store.tables.keeping import Audit, AuditOpening, Lease, MessageWord, NameWord, RetentionRun, SealingKey
from bot.store.tables.kinds import (
    Author,
    CaseState,
    Delivery,
    Finding,
    FollowUpState,
    Handling,
    Kind,
    Outcome,
    Owner,
    PageState,
    Reminders,
    Role,
)
from bot.store.tables.patients import CareRecord, Consent, Enrolment, Patient, TreatmentRow
from bot.store.tables.staff import RecoveryCode, SignInLink, Staff, StaffFactor, StaffSession
from bot.store.tables.talk import Attachment, Conversation, Event, FollowUp, Message, Review, WebToken

__all__ = [
    "Alert",
    "Attachment",
    "Audit",
    "AuditOpening",
    "Author",
    "Base",
    "CareRecord",
    "Case",
    "CaseState",
    "Consent",
    "Conversation",
    "Delivery",
    "Draft",
    "Enrolment",
    "Event",
    "Finding",
    "FollowUp",
    "FollowUpState",
    "Handling",
    "Kind",
    "Lease",
    "Message",
    "MessageWord",
    "NameWord",
    "Note",
    "Outcome",
    "Owner",
    "Page",
    "PageState",
    "Patient",
    "RecoveryCode",
    "Reminders",
    "RetentionRun",
    "Review",
    "Role",
    "SealingKey",
    "SignInLink",
    "Staff",
    "StaffFactor",
    "StaffSession",
    "TreatmentRow",
    "WebToken",
]
