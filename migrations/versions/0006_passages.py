"""Passages: a long text once more, in parts, so that proving a segment does not walk the text up to it.

Where a character stands in UTF-8 is told only by counting from the start. A text of a megabyte with 18,000 quotes was
walked 50,000 times, half of it each time. A part is read instead, and the one after it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_LONG = 8_192
"""Code points of a text that is walked as fast as its passages are found."""
_PART = 1_024
"""Code points of a passage: even of four bytes each it fits on a page of the file."""
_PARTS_OF_BLOCK = 32

# Two levels, as cutting each part from the whole would walk the text up to it. MATERIALIZED: else SQLite may cut the
# block anew for each of its parts.
_CUT = f"""
INSERT INTO passage (source, part, text)
SELECT seq, part, text FROM (
    WITH RECURSIVE
    number(n) AS (
        SELECT 0 UNION ALL SELECT n + 1 FROM number
        WHERE (n + 1) * {_PART * _PARTS_OF_BLOCK} < (SELECT length FROM source WHERE seq = {{seq}})
    ),
    piece(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM piece WHERE n + 1 < {_PARTS_OF_BLOCK}),
    block AS MATERIALIZED (
        SELECT source.seq, source.length, number.n,
            substr(source.text, number.n * {_PART * _PARTS_OF_BLOCK} + 1, {_PART * _PARTS_OF_BLOCK}) AS text
        FROM source CROSS JOIN number WHERE source.seq = {{seq}}
    )
    SELECT block.seq, block.n * {_PARTS_OF_BLOCK} + piece.n AS part,
        substr(block.text, piece.n * {_PART} + 1, {_PART}) AS text
    FROM block CROSS JOIN piece WHERE (block.n * {_PARTS_OF_BLOCK} + piece.n) * {_PART} < block.length
)
"""
_FIXED = "SELECT RAISE(ABORT, 'the passages of a text are cut when it comes on the record, and stay')"

# No insert needs to be compared with the text: all passages of a text are made by the statement that puts it on the
# record, and what is there is not made again.
_TRIGGERS = {
    "source_cut": f"AFTER INSERT ON source WHEN NEW.length > {_LONG} BEGIN {_CUT.format(seq='NEW.seq')}; END",
    "source_gone": "AFTER DELETE ON source BEGIN DELETE FROM passage WHERE source = OLD.seq; END",
    "passage_cut": f"""
        BEFORE INSERT ON passage
        WHEN NEW.part < 0 OR NOT EXISTS (
            SELECT 1 FROM source WHERE seq = NEW.source AND length > {_LONG} AND NEW.part * {_PART} < length
        ) OR EXISTS (SELECT 1 FROM passage WHERE source = NEW.source AND part = NEW.part)
        BEGIN {_FIXED}; END""",
    "passage_not_edited": f"BEFORE UPDATE ON passage BEGIN {_FIXED}; END",
    "passage_not_deleted": f"""
        BEFORE DELETE ON passage WHEN EXISTS (SELECT 1 FROM source WHERE seq = OLD.source) BEGIN {_FIXED}; END""",
}

_WHOLE = 'substr(source.text, NEW.start + 1, NEW."end" - NEW.start)'
_BY_PASSAGE = f"""
            CASE WHEN source.length <= {_LONG} OR NEW."end" - NEW.start > {_PART} THEN {_WHOLE}
            ELSE substr(
                (SELECT text FROM passage WHERE passage.source = quote.source AND part = NEW.start / {_PART})
                || coalesce(
                    (SELECT text FROM passage WHERE passage.source = quote.source AND part = NEW.start / {_PART} + 1),
                    ''
                ),
                NEW.start % {_PART} + 1, NEW."end" - NEW.start
            ) END"""


def _anchor(there: str) -> None:
    """Make anew the two triggers that hold a segment to what the source says there."""
    for name, event in (("segment_anchored", "INSERT"), ("segment_anchored_still", "UPDATE")):
        op.execute(f"DROP TRIGGER {name}")
        op.execute(f"""CREATE TRIGGER {name} BEFORE {event} ON segment
        WHEN NEW.exact IS NOT (
            SELECT {there}
            FROM quote JOIN source ON source.seq = quote.source WHERE quote.seq = NEW.quote
        ) OR length(NEW.exact) <> NEW."end" - NEW.start
        BEGIN SELECT RAISE(ABORT, 'the segment is not what the source says there'); END""")


def upgrade() -> None:
    op.create_table(
        "passage",
        sa.Column("source", sa.Integer(), sa.ForeignKey("source.seq"), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("source", "part"),
        sqlite_strict=True,
    )
    connection = op.get_bind()
    for (seq,) in connection.exec_driver_sql("SELECT seq FROM source WHERE length > ?", (_LONG,)).fetchall():
        connection.exec_driver_sql(_CUT.format(seq=int(seq)))
    for name, body in _TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {body.strip()}")
    _anchor(_BY_PASSAGE)


def downgrade() -> None:
    _anchor(_WHOLE)
    for name in _TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")
    op.drop_table("passage")
