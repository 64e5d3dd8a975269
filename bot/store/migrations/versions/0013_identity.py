"""Who a patient is, where the clinic says so: their number and birth date; and wrong birth dates given to a link"""

import sqlalchemy as sa
from alembic import op

revision = "0013_identity"
down_revision = "0012_security"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("care_records", sa.Column("patient_number", sa.Text(), nullable=True))
    op.add_column("care_records", sa.Column("birth_date", sa.Text(), nullable=True))
    op.add_column("enrolments", sa.Column("wrong_dates", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("enrolments", "wrong_dates")
    op.drop_column("care_records", "birth_date")
    op.drop_column("care_records", "patient_number")
