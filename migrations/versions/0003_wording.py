"""Full text by folded words, and quotes by their wording.

The index is given words as searches have them, so that both fold every script alike; what it held is filled anew. The
functions `indexed` and `wording` are the connection's own (app/tables/db.py).
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_FILL_QUOTES = """
INSERT INTO quote_fts (rowid, words, names, topics, notes)
SELECT quote.seq, {given}(quote.text),
    (SELECT {given}(group_concat(name, ' ¶ ')) FROM (
        SELECT speaker.name FROM speaker WHERE speaker.seq = quote.speaker
        UNION SELECT speaker_name.name FROM speaker_name WHERE speaker_name.speaker = quote.speaker)),
    (SELECT {given}(group_concat(label, ' ¶ ')) FROM (
        SELECT topic.label FROM quote_topic JOIN topic ON topic.seq = quote_topic.topic
        WHERE quote_topic.quote = quote.seq
        UNION SELECT topic_label.label FROM quote_topic JOIN topic_label ON topic_label.topic = quote_topic.topic
        WHERE quote_topic.quote = quote.seq)),
    (SELECT {given}(group_concat(body, ' ¶ ')) FROM annotation WHERE annotation.quote = quote.seq)
FROM quote
"""
_FILL_SPEAKERS = """
INSERT INTO speaker_fts (rowid, name)
SELECT speaker * 1000 + row_number() OVER (PARTITION BY speaker ORDER BY name) - 1, {given}(name) FROM (
    SELECT seq AS speaker, name FROM speaker UNION SELECT speaker, name FROM speaker_name)
"""


def _fill(given: str) -> None:
    for name, sql in (("quote_fts", _FILL_QUOTES), ("speaker_fts", _FILL_SPEAKERS)):
        op.execute(f"DELETE FROM {name}")
        op.execute(sql.format(given=given))


def upgrade() -> None:
    op.create_table(
        "quote_wording",
        sa.Column("wording", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Integer(), sa.ForeignKey("quote.seq"), nullable=False),
        sa.PrimaryKeyConstraint("wording", "quote"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("quote_wording_quote", "quote_wording", ["quote"])
    op.execute("INSERT INTO quote_wording SELECT wording(text), seq FROM quote WHERE wording(text) IS NOT NULL")
    _fill("indexed")


def downgrade() -> None:
    _fill("")
    op.drop_index("quote_wording_quote", "quote_wording")
    op.drop_table("quote_wording")
