"""Second factors with recovery codes, sessions that end when idle, and widget tokens that end and are exchanged"""

import sqlalchemy as sa
from alembic import op

revision = "0012_security"
down_revision = "0011_slots"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_factors",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("staff_id"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("code_hash"),
    )
    op.create_index("ix_recovery_codes_staff_id", "recovery_codes", ["staff_id"], unique=False)
    op.create_table(
        "web_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("exchanged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_web_tokens_patient_id", "web_tokens", ["patient_id"], unique=False)
    in_90_days = (
        "datetime(CURRENT_TIMESTAMP, '+90 days')"
        if op.get_bind().dialect.name == "sqlite"
        else "CURRENT_TIMESTAMP + INTERVAL '90 days'"
    )
    # Until now a visitor's token was never exchanged, and its hash was the patient's key.
    op.execute(
        "INSERT INTO web_tokens (token_hash, patient_id, made_at, expires_at)"  # noqa: S608 - words of our own
        f" SELECT channel_key, id, CURRENT_TIMESTAMP, {in_90_days} FROM patients WHERE channel = 'web'"
    )
    op.execute("DELETE FROM staff_sessions")  # staff sign in anew once
    with op.batch_alter_table("staff_sessions") as sessions:
        sessions.add_column(sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False))
        sessions.add_column(sa.Column("browser", sa.String(length=60), nullable=False))


def downgrade() -> None:
    op.execute("DELETE FROM staff_sessions")
    with op.batch_alter_table("staff_sessions") as sessions:
        sessions.drop_column("browser")
        sessions.drop_column("seen_at")
    for name in ("web_tokens", "recovery_codes", "staff_factors"):
        op.drop_table(name)
