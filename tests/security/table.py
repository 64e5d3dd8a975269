"""Who may do what: every route, and the callers it lets in. A route that is not here fails the test."""

PATIENT, REVIEWER, CLINICIAN, ADMIN = "patient", "reviewer", "clinician", "admin"

ANYBODY = frozenset({"outsider", PATIENT, REVIEWER, CLINICIAN, ADMIN, "expired"})
STAFF = frozenset({REVIEWER, CLINICIAN, ADMIN})
ACTS = frozenset({CLINICIAN, ADMIN})
ADMINS = frozenset({ADMIN})
PATIENTS = frozenset({PATIENT})
NOBODY: frozenset[str] = frozenset()

CASE = "/console/conversations/{conversation_id}"
TABLE: dict[tuple[str, str], frozenset[str]] = {
    ("GET", "/"): ANYBODY,
    ("GET", "/healthz"): ANYBODY,
    ("GET", "/readyz"): ANYBODY,
    ("GET", "/metrics"): NOBODY,  # a bearer token of its own
    ("GET", "/widget/aftercare-widget.js"): ANYBODY,
    ("GET", "/console/static/console.css"): ANYBODY,
    ("GET", "/api/v1/openapi.json"): ANYBODY,
    # The widget's API: a conversation is opened by anybody, and then by its own token alone.
    ("GET", "/api/v1/widget"): ANYBODY,
    ("POST", "/api/v1/conversations"): ANYBODY,
    ("GET", "/api/v1/messages"): PATIENTS,
    ("POST", "/api/v1/messages"): PATIENTS,
    ("POST", "/api/v1/attachments"): PATIENTS,
    ("GET", "/api/v1/attachments/{attachment_id}"): PATIENTS,
    ("POST", "/api/v1/deletion"): PATIENTS,
    ("GET", "/api/v1/events"): PATIENTS,
    # The door.
    ("GET", "/console/sign-in"): ANYBODY,
    ("POST", "/console/sign-in"): ANYBODY,
    ("POST", "/console/sign-in/code"): ANYBODY,
    ("GET", "/console/welcome/{token}"): ANYBODY,
    ("POST", "/console/welcome/{token}"): ANYBODY,
    ("POST", "/console/sign-out"): STAFF,
    # One's own account.
    ("GET", "/console/account"): STAFF,
    ("POST", "/console/account/end-others"): STAFF,
    ("POST", "/console/account/factor/begin"): STAFF,
    ("POST", "/console/account/factor/codes"): STAFF,
    ("POST", "/console/account/factor/confirm"): STAFF,
    ("POST", "/console/account/factor/off"): STAFF,
    ("GET", "/console/session"): STAFF,
    ("POST", "/console/session"): STAFF,
    # Inbox and case.
    ("GET", "/console"): STAFF,
    ("GET", "/console/events"): STAFF,
    ("GET", "/console/shift"): STAFF,
    ("GET", "/console/search"): STAFF,
    ("POST", "/console/search"): STAFF,
    ("GET", "/console/attachments/{attachment_id}"): STAFF,
    ("GET", "/console/attachments/{attachment_id}/preview"): STAFF,
    ("GET", CASE): STAFF,
    ("GET", f"{CASE}/print"): STAFF,
    ("POST", f"{CASE}/presence"): STAFF,
    ("POST", f"{CASE}/seen"): ACTS,
    ("GET", f"{CASE}/replies"): ACTS,
    ("POST", f"{CASE}/acknowledge"): ACTS,
    ("POST", f"{CASE}/assign"): ACTS,
    ("POST", f"{CASE}/close"): ACTS,
    ("POST", f"{CASE}/draft"): ACTS,
    ("POST", f"{CASE}/files"): ACTS,
    ("POST", f"{CASE}/hand-back"): ACTS,
    ("POST", f"{CASE}/note"): ACTS,
    ("POST", f"{CASE}/reply"): ACTS,
    ("POST", f"{CASE}/snooze"): ACTS,
    ("POST", f"{CASE}/take-over"): ACTS,
    ("POST", f"{CASE}/tier"): ACTS,
    ("POST", f"{CASE}/treatment"): ACTS,
    ("POST", f"{CASE}/wake"): ACTS,
    ("GET", f"{CASE}/data"): ADMINS,
    ("POST", f"{CASE}/data/erase"): ADMINS,
    ("POST", f"{CASE}/data/export"): ADMINS,
    # Enrolment.
    ("GET", "/console/sessions"): ACTS,
    ("POST", "/console/sessions"): ACTS,
    ("GET", "/console/sessions/{enrolment_id}"): ACTS,
    ("POST", "/console/sessions/{enrolment_id}/link"): ACTS,
    ("POST", "/console/sessions/{enrolment_id}/person"): ACTS,
    ("GET", "/console/sessions/{enrolment_id}/sheet"): ACTS,
    # Review and reports.
    ("GET", "/console/review"): STAFF,
    ("GET", "/console/review/{message_id}"): STAFF,
    ("POST", "/console/review/{message_id}"): STAFF,
    ("POST", "/console/review/{message_id}/no-training"): ACTS,
    ("POST", "/console/review/{message_id}/take-back"): STAFF,
    ("GET", "/console/reports"): STAFF,
    ("GET", "/console/reports/{key}.csv"): STAFF,
    # Settings and staff.
    ("GET", "/console/settings"): ADMINS,
    ("GET", "/console/settings/data"): STAFF,
    ("GET", "/console/settings/protocol"): STAFF,
    ("GET", "/console/settings/telegram"): ADMINS,
    ("GET", "/console/settings/website"): ADMINS,
    ("GET", "/console/staff"): ADMINS,
    ("POST", "/console/staff"): ADMINS,
    ("POST", "/console/staff/{staff_id}/disable"): ADMINS,
    ("POST", "/console/staff/{staff_id}/enable"): ADMINS,
    ("POST", "/console/staff/{staff_id}/link"): ADMINS,
    ("POST", "/console/staff/{staff_id}/reset-factor"): ADMINS,
    ("POST", "/console/staff/{staff_id}/role"): ADMINS,
    ("POST", "/console/staff/{staff_id}/sign-out"): ADMINS,
    ("GET", "/console/{rest:path}"): STAFF,
}
STREAMS = {("GET", "/api/v1/events"), ("GET", "/console/events")}  # whom they let in they do not let go
