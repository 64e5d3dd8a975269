"""Leases between bots, and the outbox's partial indexes on PostgreSQL"""

import sqlalchemy as sa
from alembic import op

revision = "0009_scale"
down_revision = "0008_sealing"
branch_labels = None
depends_on = None

PARTIAL = {"ix_messages_waiting": ("handling", "received"), "ix_messages_outbox": ("delivery", "pending")}


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("held_by", sa.String(length=40), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    if op.get_bind().dialect.name != "postgresql":
        return
    for name, (column, value) in PARTIAL.items():
        op.drop_index(name, table_name="messages")
        op.create_index(name, "messages", [column], postgresql_where=sa.text(f"{column} = '{value}'"))


def downgrade() -> None:
    op.drop_table("leases")
