"""Reminders and check-ins"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003_enrolment"
branch_labels = None
depends_on = None


def upgrade() -> None:
    wish = sa.Enum("asked", "on", "off", name="reminders", native_enum=False, length=20)
    state = sa.Enum("planned", "sent", "missed", "dropped", name="followupstate", native_enum=False, length=20)
    op.add_column("patients", sa.Column("zone", sa.String(length=50), nullable=True))
    op.add_column("conversations", sa.Column("reminders", wish, nullable=True))
    op.add_column("conversations", sa.Column("reminders_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("messages", sa.Column("send_by", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_h", sa.Integer(), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("conversation_id", "kind", "due_at"),
    )
    op.create_index("ix_follow_up_message_id", "follow_up", ["message_id"], unique=False)
    op.create_index("ix_follow_up_conversation_id", "follow_up", ["conversation_id"], unique=False)
    op.create_index(
        "ix_follow_up_planned",
        "follow_up",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'planned'"),
        postgresql_where=sa.text("state = 'planned'"),
    )


def downgrade() -> None:
    op.drop_table("follow_up")
    op.drop_column("messages", "send_by")
    for column in ("reminders_at", "reminders"):
        op.drop_column("conversations", column)
    op.drop_column("patients", "zone")
