"""Sessions that an enrolment took along from other patients' chats go back to their own"""

import sqlalchemy as sa
from alembic import op

revision = "0015_own_record"
down_revision = "0014_wished_away"
branch_labels = None
depends_on = None


def upgrade() -> None:
    treatments = sa.table("treatments", sa.column("patient_id", sa.Integer), sa.column("record_id", sa.Integer))
    patients = sa.table("patients", sa.column("id", sa.Integer), sa.column("record_id", sa.Integer))
    own = sa.select(patients.c.record_id).where(patients.c.id == treatments.c.patient_id).scalar_subquery()
    op.execute(treatments.update().where(treatments.c.patient_id.is_not(None)).values(record_id=own))


def downgrade() -> None:
    """What was put right stays so."""
