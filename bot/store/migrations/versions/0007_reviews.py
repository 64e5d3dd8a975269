"""Reviews of what the assistant understood, how it understood, and consent to learn from messages"""

import sqlalchemy as sa
from alembic import op

revision = "0007_reviews"
down_revision = "0006_desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("patients", sa.Column("training_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("messages", sa.Column("intent", sa.String(length=40), nullable=True))
    op.add_column("messages", sa.Column("doubtful", sa.Boolean(), nullable=False, server_default=sa.false()))
    finding = sa.Enum(
        "fine", "wrong_topic", "missed_sign", "false_alarm", name="finding", native_enum=False, length=20
    )  # fmt: skip
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("finding", finding, nullable=False),
        sa.Column("about", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_id", "finding", "about"),
    )


def downgrade() -> None:
    op.drop_table("reviews")
    op.drop_column("messages", "doubtful")
    op.drop_column("messages", "intent")
    op.drop_column("patients", "training_at")
