"""Private notes, drafts, snoozing, and takeovers that nobody answered"""

import sqlalchemy as sa
from alembic import op

revision = "0006_desk"
down_revision = "0005_alerts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("owner_since", sa.DateTime(timezone=True), nullable=True))
    # Whoever has a conversation as this is installed gets the whole of the time to answer.
    op.execute("UPDATE conversations SET owner_since = CURRENT_TIMESTAMP WHERE owner = 'clinician'")
    op.add_column("cases", sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("cases", sa.Column("snoozed_after", sa.Integer(), nullable=True))
    op.add_column(
        "cases",
        sa.Column("returned_from_id", sa.Integer(), sa.ForeignKey("staff.id"), nullable=True),
        inline_references=True,
    )
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_notes_conversation_id", "notes", ["conversation_id"], unique=False)
    op.create_table(
        "drafts",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("staff_id", "conversation_id", "kind"),
    )


def downgrade() -> None:
    op.drop_table("drafts")
    op.drop_table("notes")
    with op.batch_alter_table("cases") as batch_op:
        for column in ("returned_from_id", "snoozed_after", "snoozed_until"):
            batch_op.drop_column(column)
    op.drop_column("conversations", "owner_since")
