"""Paging staff, and albums kept as one message"""

import sqlalchemy as sa
from alembic import op

revision = "0005_alerts"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    state = sa.Enum("planned", "claimed", "sent", "failed", "dropped", name="pagestate", native_enum=False, length=20)
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ending", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_alerts_case_id", "alerts", ["case_id"], unique=False)
    op.create_index(
        "ix_alerts_one_under_way",
        "alerts",
        ["subject"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "pages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=20), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.String(length=40), nullable=True),
        sa.Column("failure", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("alert_id", "step", "address"),
    )
    op.create_index("ix_pages_alert_id", "pages", ["alert_id"], unique=False)
    op.create_index("ix_pages_state_due_at", "pages", ["state", "due_at"], unique=False)
    with op.batch_alter_table("attachments") as table:
        table.add_column(sa.Column("external_id", sa.String(length=120), nullable=True))
        table.create_unique_constraint("uq_attachments_external_id", ["external_id"])


def downgrade() -> None:
    with op.batch_alter_table("attachments") as table:
        table.drop_constraint("uq_attachments_external_id", type_="unique")
        table.drop_column("external_id")
    op.drop_table("pages")
    op.drop_table("alerts")
