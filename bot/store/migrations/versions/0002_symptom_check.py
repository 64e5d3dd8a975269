"""The symptom check of a conversation"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("check_step", sa.String(length=10), nullable=True))
    op.add_column("conversations", sa.Column("check_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("conversations", sa.Column("check_due_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_conversations_check_due_at", "conversations", ["check_due_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_conversations_check_due_at", table_name="conversations")
    for column in ("check_due_at", "check_at", "check_step"):
        op.drop_column("conversations", column)
