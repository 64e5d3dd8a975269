"""The risk factors that a patient has told of"""

import sqlalchemy as sa
from alembic import op

revision = "0016_risks"
down_revision = "0015_own_record"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("patients", sa.Column("risks", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("patients", "risks")
