"""What a member of staff did outside any one conversation, for the audit log."""

from bot.console.auth import Member
from bot.console.console import Console
from bot.conversation.events import audit


def note_down(console: Console, member: Member, action: str, **detail: int) -> None:
    """Add a line to the audit log, in a transaction of its own; `detail` holds ids alone."""
    services = console.services
    with services.store.write() as session:
        audit(
            session,
            services.clock.now(),
            f"staff:{member.staff.id}",
            action,
            conversation_id=None,
            case_id=None,
            **detail,
        )
