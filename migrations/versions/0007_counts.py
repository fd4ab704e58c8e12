"""Counts within: how the quotes of each speaker, and on each topic, are spread over the facets.

They are counted here once from what the record holds; from then on each write keeps them (app/store/tallies.py).
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_OPEN = 2
"""The precision of a date that is not known."""

_MANY = "facet = 'source' OR facet = 'speaker'"

_FILL = """
INSERT INTO {whose}_tally ({whose}, facet, key, n)
WITH counted AS MATERIALIZED ({counted})
SELECT thing, 'speaker', speaker, count(*) FROM counted JOIN quote USING (seq)
WHERE speaker IS NOT NULL GROUP BY thing, speaker
UNION ALL SELECT thing, 'source', source, count(*) FROM counted JOIN quote USING (seq) GROUP BY thing, source
UNION ALL SELECT thing, 'kind', kind, count(*) FROM counted JOIN quote USING (seq) GROUP BY thing, kind
UNION ALL SELECT thing, 'year', CASE WHEN grain = {open} THEN '' ELSE substr(said_order, 1, 4) END AS year, count(*)
FROM counted JOIN quote USING (seq) GROUP BY thing, year
UNION ALL SELECT thing, 'topic', topic, count(*) FROM counted JOIN topic_entry ON topic_entry.quote = seq
GROUP BY thing, topic
"""
_COUNTED = {
    "speaker": """
        SELECT speaker AS thing, seq FROM quote
        WHERE public = 1 AND polarity = 'asserted' AND speaker IS NOT NULL""",
    "topic": "SELECT topic AS thing, quote AS seq FROM topic_entry WHERE asserted = 1",
}


def upgrade() -> None:
    for whose, counted in _COUNTED.items():
        op.create_table(
            f"{whose}_tally",
            sa.Column(whose, sa.Integer(), sa.ForeignKey(f"{whose}.seq"), nullable=False),
            sa.Column("facet", sa.Text(), nullable=False),
            sa.Column("key", sa.String(), nullable=False),
            sa.Column("n", sa.Integer(), nullable=False),
            sa.CheckConstraint(
                "facet = 'speaker' OR facet = 'topic' OR facet = 'source' OR facet = 'kind' OR facet = 'year'",
                name="facet_known",
            ),
            sa.PrimaryKeyConstraint(whose, "facet", "key"),
            sqlite_strict=True,
            sqlite_with_rowid=False,
        )
        op.create_index(f"{whose}_tally_most", f"{whose}_tally", [whose, "facet", "n"], sqlite_where=sa.text(_MANY))
        op.execute(_FILL.format(whose=whose, counted=counted, open=_OPEN))


def downgrade() -> None:
    for whose in _COUNTED:
        op.drop_index(f"{whose}_tally_most", f"{whose}_tally")
        op.drop_table(f"{whose}_tally")
