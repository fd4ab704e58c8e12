"""What curation needs: a sealed history, ends of quotes, old slugs, kept answers, and how sure a proposal is.

The history gains the seal of each change: SHA-256 over the seal before it and everything that the change says. Its
table is made anew, as a column cannot be filled where nothing may be edited.
"""

import hashlib
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_WHAT = " OR ".join(f"what = '{what}'" for what in ("source", "speaker", "topic", "quote", "annotation", "link"))
_COLUMNS = ("seq", "what", "name", "version", "at", "who", "before", "after")
_NAMES = ", ".join(f'"{name}"' for name in _COLUMNS)
_TRIGGERS = {
    "change_not_edited": "BEFORE UPDATE ON change BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END",
    "change_not_deleted": "BEFORE DELETE ON change BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END",
    "change_not_replaced": "BEFORE INSERT ON change WHEN EXISTS (SELECT 1 FROM change WHERE seq = NEW.seq) "
    "BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END",
}


def seal(before: str, fields: Sequence[str | int | None]) -> str:
    parts = [before, *("" if field is None else str(field) for field in fields)]
    return hashlib.sha256("".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest()


def _change(*more: sa.Column[str]) -> None:
    op.create_table(
        "change_new",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=True),
        *more,
        sa.CheckConstraint(_WHAT, name="what_known"),
        sa.CheckConstraint("before IS NOT NULL OR after IS NOT NULL", name="something"),
        *([sa.CheckConstraint("length(seal) = 64 AND seal NOT GLOB '*[^0-9a-f]*'", name="seal_hex")] if more else []),
        sa.PrimaryKeyConstraint("seq"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )


def _put_in_place() -> None:
    for name in _TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")
    op.drop_index("change_of", "change")
    op.drop_table("change")
    op.rename_table("change_new", "change")
    op.create_index("change_of", "change", ["what", "name", "version"])
    for name, body in _TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {body}")


def upgrade() -> None:
    _change(sa.Column("seal", sa.String(), nullable=False))
    connection = op.get_bind()
    marks = ", ".join("?" * (len(_COLUMNS) + 1))
    rows = connection.exec_driver_sql(f"SELECT {_NAMES} FROM change ORDER BY seq")
    sealed = ""
    while batch := rows.fetchmany(5_000):
        made = []
        for row in batch:
            sealed = seal(sealed, tuple(row))
            made.append((*row, sealed))
        connection.exec_driver_sql(f"INSERT INTO change_new ({_NAMES}, seal) VALUES ({marks})", made)
    _put_in_place()
    op.create_table(
        "quote_end",
        sa.Column("quote", sa.Integer(), sa.ForeignKey("quote.seq"), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("successor", sa.Integer(), sa.ForeignKey("quote.seq"), nullable=True),
        sa.CheckConstraint("length(reason) > 0", name="reason_given"),
        sa.CheckConstraint("successor <> quote", name="successor_another"),
        sa.PrimaryKeyConstraint("quote"),
        sqlite_strict=True,
    )
    op.create_table(
        "moved",
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.CheckConstraint("what = 'source' OR what = 'speaker' OR what = 'topic'", name="what_known"),
        sa.PrimaryKeyConstraint("what", "slug"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "kept_answer",
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("who", "key"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("kept_answer_at", "kept_answer", ["at"])
    op.create_table(
        "proposal",
        sa.Column("quote", sa.Integer(), sa.ForeignKey("quote.seq"), nullable=False),
        sa.Column("confidence", sa.REAL(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence_share"),
        sa.PrimaryKeyConstraint("quote"),
        sqlite_strict=True,
    )
    op.create_index("proposal_surest", "proposal", ["confidence", "quote"])


def downgrade() -> None:
    for name in ("proposal", "kept_answer", "moved", "quote_end"):
        op.drop_table(name)
    _change()
    op.execute(f"INSERT INTO change_new SELECT {_NAMES} FROM change")
    _put_in_place()
