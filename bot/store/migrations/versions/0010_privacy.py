"""The search index, the daily clearing of what is kept too long, and an audit log that only grows"""

import sqlalchemy as sa
from alembic import op

revision = "0010_privacy"
down_revision = "0009_scale"
branch_labels = None
depends_on = None

# See bot/store/audit_guard.py.
_MAY_REMOVE = "EXISTS (SELECT 1 FROM audit_openings o WHERE OLD.at < o.remove_before)"
_MAY_RENAME = """EXISTS (SELECT 1 FROM audit_openings o WHERE o.rename = OLD.conversation_id)
  AND NEW.id = OLD.id AND NEW.at = OLD.at AND NEW.actor = OLD.actor AND NEW.action = OLD.action
  AND COALESCE(NEW.case_id, -1) = COALESCE(OLD.case_id, -1) AND CAST(NEW.detail AS TEXT) = CAST(OLD.detail AS TEXT)"""
_REFUSAL = "the audit log only grows"


def upgrade() -> None:
    _words("message_words", "message_id", "messages")
    _words("name_words", "record_id", "care_records")
    op.create_table(
        "retention_runs",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_table(
        "audit_openings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("remove_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rename", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    _guard(op.get_bind())


def _words(name: str, column: str, of: str) -> None:
    op.create_table(
        name,
        sa.Column("word", sa.BigInteger(), nullable=False),
        sa.Column(column, sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint([column], [f"{of}.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("word", column),
        sqlite_with_rowid=False,
    )
    op.create_index(f"ix_{name}_{column}", name, [column], unique=False)


def _guard(connection: sa.Connection) -> None:
    for verb, may in (("DELETE", _MAY_REMOVE), ("UPDATE", _MAY_RENAME)):
        name = f"audit_no_{verb.lower()}"
        if connection.dialect.name == "sqlite":
            connection.execute(
                sa.text(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON audit WHEN NOT ({may})"
                    f" BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
                )
            )
            continue
        back = "OLD" if verb == "DELETE" else "NEW"
        connection.execute(
            sa.text(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                f" IF NOT ({may}) THEN RAISE EXCEPTION '{_REFUSAL}'; END IF; RETURN {back}; END $$"
            )
        )
        connection.execute(
            sa.text(f"CREATE TRIGGER {name} BEFORE {verb} ON audit FOR EACH ROW EXECUTE FUNCTION {name}()")
        )


def _unguard(connection: sa.Connection) -> None:
    for verb in ("delete", "update"):
        on = "" if connection.dialect.name == "sqlite" else " ON audit"
        connection.execute(sa.text(f"DROP TRIGGER IF EXISTS audit_no_{verb}{on}"))
        if on:
            connection.execute(sa.text(f"DROP FUNCTION IF EXISTS audit_no_{verb}()"))


def downgrade() -> None:
    _unguard(op.get_bind())
    for name in ("audit_openings", "retention_runs", "name_words", "message_words"):
        op.drop_table(name)
