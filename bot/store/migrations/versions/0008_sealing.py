"""Sealed columns: they become text, and the next start seals what is in them (bot/store/sealing.py)"""

import sqlalchemy as sa
from alembic import op

revision = "0008_sealing"
down_revision = "0007_reviews"
branch_labels = None
depends_on = None

SEALED = {  # column: whether it may be NULL
    "care_records": {"called": False},
    "treatments": {"area": True, "device": True, "done_by": True},
    "messages": {"text": False, "buttons": False, "payload": True, "verdict": True},
    "cases": {"signs": False, "closing_note": False},
}


def upgrade() -> None:
    op.create_table("sealing_keys", sa.Column("id", sa.String(length=8), nullable=False), sa.PrimaryKeyConstraint("id"))
    for table, columns in SEALED.items():
        for column, nullable in columns.items():
            _make_text(table, column, nullable)
    op.execute("UPDATE messages SET verdict = NULL WHERE verdict = 'null'")


def _make_text(table: str, column: str, nullable: bool) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(table, column, type_=sa.Text(), postgresql_using=f"{column}::text")
        return
    # Making the table anew, as SQLite does it otherwise, fails where others refer to it.
    default = None if nullable else sa.text("''")
    op.add_column(table, sa.Column(f"{column}_sealed", sa.Text(), nullable=nullable, server_default=default))
    op.execute(f"UPDATE {table} SET {column}_sealed = {column}")  # noqa: S608 - names of our own
    op.drop_column(table, column)
    op.execute(f"ALTER TABLE {table} RENAME COLUMN {column}_sealed TO {column}")


def downgrade() -> None:
    # The columns stay text and their values sealed: an older version needs the copy made before the upgrade.
    op.drop_table("sealing_keys")
