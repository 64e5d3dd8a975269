"""When a chat is erased that its patient wants deleted"""

import sqlalchemy as sa
from alembic import op

revision = "0014_wished_away"
down_revision = "0013_identity"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("erase_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_conversations_erase_at", "conversations", ["erase_at"])


def downgrade() -> None:
    op.drop_index("ix_conversations_erase_at", "conversations")
    with op.batch_alter_table("conversations") as conversations:
        conversations.drop_column("erase_at")
