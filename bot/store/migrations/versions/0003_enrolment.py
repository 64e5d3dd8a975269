"""Enrolment: records of the clinic, links to them, and what patients agreed to"""

import sqlalchemy as sa
from alembic import op

revision = "0003_enrolment"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "care_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("called", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.add_column(
        "patients",
        sa.Column("record_id", sa.Integer(), sa.ForeignKey("care_records.id"), nullable=True),
        inline_references=True,
    )
    op.create_index("ix_patients_record_id", "patients", ["record_id"], unique=False)
    # SQLite cannot make a column nullable in place. Nothing refers to this table yet, so it can be made anew.
    with op.batch_alter_table("treatments", schema=None) as batch_op:
        batch_op.alter_column("patient_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("record_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("area", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("device", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("done_by", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("personal", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("set_aside", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_foreign_key("fk_treatments_record_id", "care_records", ["record_id"], ["id"])
        batch_op.create_index("ix_treatments_record_id", ["record_id"], unique=False)
    op.create_table(
        "enrolments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("treatment_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["care_records.id"]),
        sa.ForeignKeyConstraint(["treatment_id"], ["treatments.id"]),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"]),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("ix_enrolments_record_id", "enrolments", ["record_id"], unique=False)
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"]),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"]),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_consents_patient_id", "consents", ["patient_id"], unique=False)


def downgrade() -> None:
    op.drop_table("consents")
    op.drop_table("enrolments")
    op.execute("DELETE FROM treatments WHERE patient_id IS NULL")
    with op.batch_alter_table("treatments", schema=None) as batch_op:
        batch_op.drop_index("ix_treatments_record_id")
        batch_op.drop_constraint("fk_treatments_record_id", type_="foreignkey")
        for column in ("set_aside", "personal", "done_by", "device", "area", "record_id"):
            batch_op.drop_column(column)
        batch_op.alter_column("patient_id", existing_type=sa.Integer(), nullable=False)
    op.drop_index("ix_patients_record_id", table_name="patients")
    op.drop_column("patients", "record_id")
    op.drop_table("care_records")
