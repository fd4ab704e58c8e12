"""Whom a proposed quote names, where that is nobody on the record yet.

A table of its own beside `proposal`, which says how sure the quote is: a reviewer may take back one without the other.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "new_speaker",
        sa.Column("quote", sa.Integer(), sa.ForeignKey("quote.seq"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind = 'person' OR kind = 'organization' OR kind = 'group' OR kind = 'unnamed'", name="kind_known"
        ),
        sa.CheckConstraint("length(name) > 0", name="name_given"),
        sa.PrimaryKeyConstraint("quote"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("new_speaker")
