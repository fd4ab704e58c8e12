"""Full text: over the quotes with what is known of them, and over the names of speakers.

Both follow from the record and are filled from it here. Names of one speaker have the row numbers from a thousand times
the speaker's on, so that they are found again without reading the whole table.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TOKENS = 'tokenize = "unicode61 remove_diacritics 2"'

_FILL_QUOTES = """
INSERT INTO quote_fts (rowid, words, names, topics, notes)
SELECT quote.seq, quote.text,
    (SELECT group_concat(name, ' ¶ ') FROM (
        SELECT speaker.name FROM speaker WHERE speaker.seq = quote.speaker
        UNION SELECT speaker_name.name FROM speaker_name WHERE speaker_name.speaker = quote.speaker)),
    (SELECT group_concat(label, ' ¶ ') FROM (
        SELECT topic.label FROM quote_topic JOIN topic ON topic.seq = quote_topic.topic
        WHERE quote_topic.quote = quote.seq
        UNION SELECT topic_label.label FROM quote_topic JOIN topic_label ON topic_label.topic = quote_topic.topic
        WHERE quote_topic.quote = quote.seq)),
    (SELECT group_concat(body, ' ¶ ') FROM annotation WHERE annotation.quote = quote.seq)
FROM quote
"""
_FILL_SPEAKERS = """
INSERT INTO speaker_fts (rowid, name)
SELECT speaker * 1000 + row_number() OVER (PARTITION BY speaker ORDER BY name) - 1, name FROM (
    SELECT seq AS speaker, name FROM speaker UNION SELECT speaker, name FROM speaker_name)
"""


def upgrade() -> None:
    op.execute(f"CREATE VIRTUAL TABLE quote_fts USING fts5(words, names, topics, notes, {_TOKENS})")
    op.execute("CREATE VIRTUAL TABLE quote_terms USING fts5vocab(quote_fts, row)")
    op.execute(f"CREATE VIRTUAL TABLE speaker_fts USING fts5(name, {_TOKENS})")
    op.execute(_FILL_QUOTES)
    op.execute(_FILL_SPEAKERS)


def downgrade() -> None:
    for name in ("speaker_fts", "quote_terms", "quote_fts"):
        op.execute(f"DROP TABLE {name}")
