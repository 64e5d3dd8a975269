"""The slots of the dialogue, which Rasa no longer keeps"""

import sqlalchemy as sa
from alembic import op

revision = "0011_slots"
down_revision = "0010_privacy"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("slots", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("conversations", "slots")
