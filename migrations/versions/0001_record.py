"""The record: sources, speakers, topics, quotes with their segments, notes, links, history, keys, and the shelves.

What constraints cannot say stands in the triggers: that every anchor is the source's own words, that content does not
overlap, that a text and the history never change. They hold whatever program writes to the file.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# REPLACE deletes the row in its way without firing a delete trigger (sqlite.org/lang_conflict.html), so every table
# that must not lose a row also refuses an insert over one that is there. A number can be set under the name rowid too,
# which UPDATE OF does not see: what guards numbers looks at every update.
TRIGGERS = {
    "source_text_fixed": """
        BEFORE UPDATE OF text, sha256, length ON source
        WHEN NEW.text IS NOT OLD.text OR NEW.sha256 IS NOT OLD.sha256 OR NEW.length IS NOT OLD.length
        BEGIN SELECT RAISE(ABORT, 'the text of a source never changes'); END""",
    "source_not_replaced": """
        BEFORE INSERT ON source
        WHEN EXISTS (SELECT 1 FROM source WHERE seq = NEW.seq OR slug = NEW.slug OR sha256 = NEW.sha256)
        BEGIN SELECT RAISE(ABORT, 'the source is on the record already'); END""",
    "source_moved": """
        BEFORE UPDATE ON source WHEN NEW.seq <> OLD.seq
        BEGIN SELECT RAISE(ABORT, 'the number of a source never changes'); END""",
    "quote_source_fixed": """
        BEFORE UPDATE ON quote
        WHEN NEW.seq <> OLD.seq OR NEW.id <> OLD.id OR NEW.source <> OLD.source
        BEGIN SELECT RAISE(ABORT, 'the id and the source of a quote never change'); END""",
    "quote_not_replaced": """
        BEFORE INSERT ON quote
        WHEN EXISTS (SELECT 1 FROM quote WHERE seq = NEW.seq OR id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'the quote is on the record already'); END""",
    "quote_parent_same_source": """
        BEFORE INSERT ON quote
        WHEN NEW.parent IS NOT NULL AND NEW.source IS NOT (SELECT source FROM quote WHERE seq = NEW.parent)
        BEGIN SELECT RAISE(ABORT, 'a quote is nested in a quote of the same source'); END""",
    "quote_parent_moved": """
        BEFORE UPDATE OF parent ON quote
        WHEN NEW.parent IS NOT NULL AND (
            NEW.source IS NOT (SELECT source FROM quote WHERE seq = NEW.parent)
            OR NEW.seq IN (
                WITH RECURSIVE up(seq) AS (
                    SELECT NEW.parent UNION SELECT quote.parent FROM quote JOIN up ON quote.seq = up.seq
                    WHERE quote.parent IS NOT NULL
                ) SELECT seq FROM up
            )
        )
        BEGIN SELECT RAISE(ABORT, 'a quote is nested in another quote of the same source'); END""",
    "segment_anchored": """
        BEFORE INSERT ON segment
        WHEN NEW.exact IS NOT (
            SELECT substr(source.text, NEW.start + 1, NEW."end" - NEW.start)
            FROM quote JOIN source ON source.seq = quote.source WHERE quote.seq = NEW.quote
        ) OR length(NEW.exact) <> NEW."end" - NEW.start
        BEGIN SELECT RAISE(ABORT, 'the segment is not what the source says there'); END""",
    "segment_anchored_still": """
        BEFORE UPDATE ON segment
        WHEN NEW.exact IS NOT (
            SELECT substr(source.text, NEW.start + 1, NEW."end" - NEW.start)
            FROM quote JOIN source ON source.seq = quote.source WHERE quote.seq = NEW.quote
        ) OR length(NEW.exact) <> NEW."end" - NEW.start
        BEGIN SELECT RAISE(ABORT, 'the segment is not what the source says there'); END""",
    "segment_apart": """
        BEFORE INSERT ON segment
        WHEN NEW.role = 'content' AND EXISTS (
            SELECT 1 FROM segment AS other
            WHERE other.quote = NEW.quote AND other.role = 'content'
            AND other.start < NEW."end" AND other."end" > NEW.start
        )
        BEGIN SELECT RAISE(ABORT, 'content segments of one quote do not overlap'); END""",
    "segment_apart_still": """
        BEFORE UPDATE ON segment
        WHEN NEW.role = 'content' AND EXISTS (
            SELECT 1 FROM segment AS other
            WHERE other.quote = NEW.quote AND other.role = 'content'
            AND NOT (other.quote = OLD.quote AND other.ordinal = OLD.ordinal)
            AND other.start < NEW."end" AND other."end" > NEW.start
        )
        BEGIN SELECT RAISE(ABORT, 'content segments of one quote do not overlap'); END""",
    "intervention_inside": """
        BEFORE INSERT ON intervention
        WHEN NOT EXISTS (
            SELECT 1 FROM segment
            WHERE segment.quote = NEW.quote AND segment.role = 'content'
            AND segment.start <= NEW.start AND segment."end" >= NEW."end"
            AND substr(segment.exact, NEW.start - segment.start + 1, NEW."end" - NEW.start) = NEW.exact
        )
        BEGIN SELECT RAISE(ABORT, 'the intervention is not inside the words of the quote'); END""",
    "intervention_inside_still": """
        BEFORE UPDATE ON intervention
        WHEN NOT EXISTS (
            SELECT 1 FROM segment
            WHERE segment.quote = NEW.quote AND segment.role = 'content'
            AND segment.start <= NEW.start AND segment."end" >= NEW."end"
            AND substr(segment.exact, NEW.start - segment.start + 1, NEW."end" - NEW.start) = NEW.exact
        )
        BEGIN SELECT RAISE(ABORT, 'the intervention is not inside the words of the quote'); END""",
    "annotation_anchored": """
        BEFORE INSERT ON annotation
        WHEN NEW.source IS NOT NULL AND NEW.exact IS NOT (
            SELECT substr(text, NEW.start + 1, NEW."end" - NEW.start) FROM source
            WHERE seq = NEW.source AND length >= NEW."end"
        )
        BEGIN SELECT RAISE(ABORT, 'the annotation is not on what the source says there'); END""",
    "annotation_anchored_still": """
        BEFORE UPDATE ON annotation
        WHEN NEW.source IS NOT NULL AND NEW.exact IS NOT (
            SELECT substr(text, NEW.start + 1, NEW."end" - NEW.start) FROM source
            WHERE seq = NEW.source AND length >= NEW."end"
        )
        BEGIN SELECT RAISE(ABORT, 'the annotation is not on what the source says there'); END""",
    "topic_no_circle": """
        BEFORE UPDATE OF broader ON topic
        WHEN NEW.broader IS NOT NULL AND NEW.seq IN (
            WITH RECURSIVE up(seq) AS (
                SELECT NEW.broader UNION SELECT topic.broader FROM topic JOIN up ON topic.seq = up.seq
                WHERE topic.broader IS NOT NULL
            ) SELECT seq FROM up
        )
        BEGIN SELECT RAISE(ABORT, 'a topic cannot be broader than itself'); END""",
    "topic_not_replaced": """
        BEFORE INSERT ON topic WHEN EXISTS (SELECT 1 FROM topic WHERE seq = NEW.seq OR slug = NEW.slug)
        BEGIN SELECT RAISE(ABORT, 'the topic is on the record already'); END""",
    "topic_moved": """
        BEFORE UPDATE ON topic WHEN NEW.seq <> OLD.seq
        BEGIN SELECT RAISE(ABORT, 'the number of a topic never changes'); END""",
    "change_not_edited": """
        BEFORE UPDATE ON change BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END""",
    "change_not_deleted": """
        BEFORE DELETE ON change BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END""",
    "change_not_replaced": """
        BEFORE INSERT ON change WHEN EXISTS (SELECT 1 FROM change WHERE seq = NEW.seq)
        BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END""",
}


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_sha256", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column("expires", sa.Text(), nullable=True),
        sa.Column("last_used", sa.Text(), nullable=True),
        sa.Column("revoked", sa.Text(), nullable=True),
        sa.CheckConstraint("length(secret_sha256) = 64 AND secret_sha256 NOT GLOB '*[^0-9a-f]*'", name="secret_hex"),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("name", name="api_key_name"),
        sa.UniqueConstraint("secret_sha256", name="api_key_secret"),
        sqlite_strict=True,
    )
    op.create_table(
        "change",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "what = 'source' OR what = 'speaker' OR what = 'topic' OR what = 'quote' OR what = 'annotation' OR what = 'link'",
            name="what_known",
        ),
        sa.CheckConstraint("before IS NOT NULL OR after IS NOT NULL", name="something"),
        sa.PrimaryKeyConstraint("seq"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("change_of", "change", ["what", "name", "version"], unique=False)
    op.create_table(
        "source",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_devised", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=True),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("published", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("rights", sa.Text(), nullable=True),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("complete", sa.Integer(), nullable=False),
        sa.Column("revises", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column("updated", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("access = 'full' OR access = 'excerpt'", name="access_known"),
        sa.CheckConstraint(
            "kind = 'article' OR kind = 'transcript' OR kind = 'post' OR kind = 'letter'", name="kind_known"
        ),
        sa.CheckConstraint("length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'", name="sha256_hex"),
        sa.CheckConstraint("complete IN (0, 1)", name="complete_flag"),
        sa.CheckConstraint("length = length(text)", name="length_true"),
        sa.CheckConstraint("title_devised IN (0, 1)", name="title_devised_flag"),
        sa.ForeignKeyConstraint(
            ["revises"],
            ["source.seq"],
        ),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("sha256", name="source_sha256"),
        sa.UniqueConstraint("slug", name="source_slug"),
        sqlite_strict=True,
    )
    op.create_index("source_newest", "source", [sa.text("coalesce(published, '')"), "slug"], unique=False)
    op.create_index("source_revises", "source", ["revises"], unique=False)
    op.create_table(
        "speaker",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("wikidata", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column("updated", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind = 'person' OR kind = 'organization' OR kind = 'group' OR kind = 'unnamed'", name="kind_known"
        ),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("slug", name="speaker_slug"),
        sqlite_strict=True,
    )
    op.create_index("speaker_name_slug", "speaker", ["name", "slug"], unique=False)
    op.create_table(
        "tally",
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "dimension = 'all' OR dimension = 'speaker' OR dimension = 'topic' OR dimension = 'source' OR dimension = 'kind' OR dimension = 'year' OR dimension = 'topic_own'",
            name="dimension_known",
        ),
        sa.PrimaryKeyConstraint("dimension", "key"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("tally_most", "tally", ["dimension", "n"], unique=False)
    op.create_table(
        "topic",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("broader", sa.Integer(), nullable=True),
        sa.Column("wikidata", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column("updated", sa.Text(), nullable=False),
        sa.CheckConstraint("broader IS NULL OR broader <> seq", name="broader_other"),
        sa.ForeignKeyConstraint(
            ["broader"],
            ["topic.seq"],
        ),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("slug", name="topic_slug"),
        sqlite_strict=True,
    )
    op.create_index("topic_broader", "topic", ["broader"], unique=False)
    op.create_index("topic_label_slug", "topic", ["label", "slug"], unique=False)
    op.create_table(
        "quote",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Integer(), nullable=False),
        sa.Column("speaker", sa.Integer(), nullable=True),
        sa.Column("parent", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("medium", sa.Text(), nullable=False),
        sa.Column("polarity", sa.Text(), nullable=False),
        sa.Column("cue", sa.Text(), nullable=True),
        sa.Column("venue_name", sa.Text(), nullable=True),
        sa.Column("venue_kind", sa.Text(), nullable=True),
        sa.Column("addressee", sa.Text(), nullable=True),
        sa.Column("said_edtf", sa.Text(), nullable=True),
        sa.Column("said_earliest", sa.Text(), nullable=True),
        sa.Column("said_latest", sa.Text(), nullable=True),
        sa.Column("said_basis", sa.Text(), nullable=False),
        sa.Column("said_as_printed", sa.Text(), nullable=True),
        sa.Column("said_note", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column("updated", sa.Text(), nullable=False),
        sa.Column("public", sa.Integer(), nullable=False),
        sa.Column("grain", sa.Integer(), nullable=False),
        sa.Column("said_order", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.CheckConstraint("(said_basis = 'unknown') = (said_edtf IS NULL)", name="said_known"),
        sa.CheckConstraint("kind = 'direct' OR kind = 'indirect' OR kind = 'mixed'", name="kind_known"),
        sa.CheckConstraint("length(id) = 16 AND id NOT GLOB '*[^0-9a-hjkmnp-tv-z]*'", name="id_crockford"),
        sa.CheckConstraint("medium = 'speech' OR medium = 'writing' OR medium = 'thought'", name="medium_known"),
        sa.CheckConstraint(
            "polarity = 'asserted' OR polarity = 'denied' OR polarity = 'not_said' OR polarity = 'alleged' OR polarity = 'hypothetical'",
            name="polarity_known",
        ),
        sa.CheckConstraint("public = (status IN ('published', 'disputed'))", name="public_true"),
        sa.CheckConstraint(
            "said_basis = 'stated' OR said_basis = 'resolved' OR said_basis = 'inferred' OR said_basis = 'unknown'",
            name="said_basis_known",
        ),
        sa.CheckConstraint("said_order = coalesce(said_latest, '')", name="said_order_true"),
        sa.CheckConstraint(
            "status = 'proposed' OR status = 'published' OR status = 'disputed' OR status = 'withdrawn' OR status = 'rejected'",
            name="status_known",
        ),
        sa.CheckConstraint(
            "venue_kind = 'speech' OR venue_kind = 'interview' OR venue_kind = 'post' OR venue_kind = 'letter' OR venue_kind = 'statement' OR venue_kind = 'meeting'",
            name="venue_kind_known",
        ),
        sa.CheckConstraint("grain BETWEEN 0 AND 2", name="grain_known"),
        sa.CheckConstraint("length(text) > 0 AND length = length(text)", name="length_true"),
        sa.CheckConstraint("parent IS NULL OR parent <> seq", name="parent_other"),
        sa.CheckConstraint("public IN (0, 1)", name="public_flag"),
        sa.CheckConstraint("said_earliest IS NULL OR said_latest IS NULL OR said_earliest <= said_latest", name="said"),
        sa.ForeignKeyConstraint(
            ["parent"],
            ["quote.seq"],
        ),
        sa.ForeignKeyConstraint(
            ["source"],
            ["source.seq"],
        ),
        sa.ForeignKeyConstraint(
            ["speaker"],
            ["speaker.seq"],
        ),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id", name="quote_id"),
        sqlite_strict=True,
    )
    op.create_index("quote_length", "quote", ["length", "id"], unique=False, sqlite_where=sa.text("public = 1"))
    op.create_index("quote_not_public", "quote", ["status", "seq"], unique=False, sqlite_where=sa.text("public = 0"))
    op.create_index("quote_parent", "quote", ["parent"], unique=False, sqlite_where=sa.text("parent IS NOT NULL"))
    op.create_index(
        "quote_said",
        "quote",
        ["grain", "said_order", "id", "polarity", "said_earliest"],
        unique=False,
        sqlite_where=sa.text("public = 1"),
    )
    op.create_index("quote_source_position", "quote", ["source", "position", "id"], unique=False)
    op.create_index(
        "quote_speaker_said",
        "quote",
        ["speaker", "grain", "said_order", "id", "polarity", "said_earliest"],
        unique=False,
        sqlite_where=sa.text("public = 1"),
    )
    op.create_table(
        "speaker_name",
        sa.Column("speaker", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("printed", sa.Integer(), nullable=False),
        sa.CheckConstraint("printed IN (0, 1)", name="printed_flag"),
        sa.ForeignKeyConstraint(
            ["speaker"],
            ["speaker.seq"],
        ),
        sa.PrimaryKeyConstraint("speaker", "name"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("speaker_name_name", "speaker_name", ["name"], unique=False)
    op.create_table(
        "speaker_role",
        sa.Column("speaker", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("organization", sa.Text(), nullable=True),
        sa.Column("start", sa.Text(), nullable=True),
        sa.Column("end", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["speaker"],
            ["speaker.seq"],
        ),
        sa.PrimaryKeyConstraint("speaker", "ordinal"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "topic_label",
        sa.Column("topic", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["topic"],
            ["topic.seq"],
        ),
        sa.PrimaryKeyConstraint("topic", "label"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("topic_label_label", "topic_label", ["label"], unique=False)
    op.create_table(
        "annotation",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("quote", sa.Integer(), nullable=True),
        sa.Column("source", sa.Integer(), nullable=True),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.Column("exact", sa.Text(), nullable=True),
        sa.Column("motivation", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("creator", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column("modified", sa.Text(), nullable=False),
        sa.CheckConstraint("format = 'text/plain' OR format = 'text/markdown'", name="format_known"),
        sa.CheckConstraint(
            "motivation = 'commenting' OR motivation = 'describing' OR motivation = 'classifying' OR motivation = 'questioning' OR motivation = 'linking' OR motivation = 'assessing' OR motivation = 'editing' OR motivation = 'highlighting'",
            name="motivation_known",
        ),
        sa.CheckConstraint(
            '(quote IS NULL) <> (source IS NULL) AND (source IS NULL) = (start IS NULL) AND (source IS NULL) = ("end" IS NULL) AND (source IS NULL) = (exact IS NULL)',
            name="one_target",
        ),
        sa.CheckConstraint('start IS NULL OR (start >= 0 AND "end" > start)', name="span"),
        sa.ForeignKeyConstraint(
            ["quote"],
            ["quote.seq"],
        ),
        sa.ForeignKeyConstraint(
            ["source"],
            ["source.seq"],
        ),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id", name="annotation_id"),
        sqlite_strict=True,
    )
    op.create_index("annotation_quote", "annotation", ["quote"], unique=False)
    op.create_index("annotation_source", "annotation", ["source"], unique=False)
    op.create_table(
        "intervention",
        sa.Column("quote", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("exact", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind = 'insertion' OR kind = 'omission' OR kind = 'substitution' OR kind = 'sic' OR kind = 'emphasis'",
            name="kind_known",
        ),
        sa.CheckConstraint('start >= 0 AND "end" > start', name="span"),
        sa.ForeignKeyConstraint(
            ["quote"],
            ["quote.seq"],
        ),
        sa.PrimaryKeyConstraint("quote", "ordinal"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "link",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("from_quote", sa.Integer(), nullable=False),
        sa.Column("to_quote", sa.Integer(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("asserted_by", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column("updated", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "relation = 'restates' OR relation = 'contradicts' OR relation = 'qualifies' OR relation = 'responds_to' OR relation = 'elaborates' OR relation = 'quotes' OR relation = 'retracts' OR relation = 'same_utterance'",
            name="relation_known",
        ),
        sa.CheckConstraint("from_quote <> to_quote", name="two_quotes"),
        sa.ForeignKeyConstraint(
            ["from_quote"],
            ["quote.seq"],
        ),
        sa.ForeignKeyConstraint(
            ["to_quote"],
            ["quote.seq"],
        ),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("from_quote", "to_quote", "relation", name="link_once"),
        sa.UniqueConstraint("id", name="link_id"),
        sqlite_strict=True,
    )
    op.create_index("link_to", "link", ["to_quote"], unique=False)
    op.create_table(
        "quote_topic",
        sa.Column("quote", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("topic", sa.Integer(), nullable=False),
        sa.Column("stance", sa.Text(), nullable=True),
        sa.Column("proposition", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "stance = 'supports' OR stance = 'opposes' OR stance = 'conditional' OR stance = 'neutral'",
            name="stance_known",
        ),
        sa.CheckConstraint("(stance IS NULL) = (proposition IS NULL)", name="stance_to_what"),
        sa.ForeignKeyConstraint(
            ["quote"],
            ["quote.seq"],
        ),
        sa.ForeignKeyConstraint(
            ["topic"],
            ["topic.seq"],
        ),
        sa.PrimaryKeyConstraint("quote", "ordinal"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("quote_topic_topic", "quote_topic", ["topic", "quote"], unique=False)
    op.create_table(
        "segment",
        sa.Column("quote", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("exact", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "role = 'content' OR role = 'cue' OR role = 'speaker' OR role = 'addressee' OR role = 'time'",
            name="role_known",
        ),
        sa.CheckConstraint('start >= 0 AND "end" > start', name="span"),
        sa.ForeignKeyConstraint(
            ["quote"],
            ["quote.seq"],
        ),
        sa.PrimaryKeyConstraint("quote", "ordinal"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "topic_entry",
        sa.Column("topic", sa.Integer(), nullable=False),
        sa.Column("grain", sa.Integer(), nullable=False),
        sa.Column("said_order", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("quote", sa.Integer(), nullable=False),
        sa.Column("speaker", sa.Integer(), nullable=True),
        sa.Column("asserted", sa.Integer(), nullable=False),
        sa.Column("said_earliest", sa.Text(), nullable=True),
        sa.CheckConstraint("asserted IN (0, 1)", name="asserted_flag"),
        sa.ForeignKeyConstraint(
            ["quote"],
            ["quote.seq"],
        ),
        sa.ForeignKeyConstraint(
            ["speaker"],
            ["speaker.seq"],
        ),
        sa.ForeignKeyConstraint(
            ["topic"],
            ["topic.seq"],
        ),
        sa.PrimaryKeyConstraint("topic", "grain", "said_order", "id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("topic_entry_quote", "topic_entry", ["quote"], unique=False)
    op.create_index(
        "topic_entry_speaker",
        "topic_entry",
        ["speaker", "topic", "grain", "said_order", "id", "asserted", "said_earliest", "quote"],
        unique=False,
    )

    for name, body in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {body.strip()}")


def downgrade() -> None:
    for name in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")
    op.drop_index("topic_entry_speaker", table_name="topic_entry")
    op.drop_index("topic_entry_quote", table_name="topic_entry")
    op.drop_table("topic_entry")
    op.drop_table("segment")
    op.drop_index("quote_topic_topic", table_name="quote_topic")
    op.drop_table("quote_topic")
    op.drop_index("link_to", table_name="link")
    op.drop_table("link")
    op.drop_table("intervention")
    op.drop_index("annotation_source", table_name="annotation")
    op.drop_index("annotation_quote", table_name="annotation")
    op.drop_table("annotation")
    op.drop_index("topic_label_label", table_name="topic_label")
    op.drop_table("topic_label")
    op.drop_table("speaker_role")
    op.drop_index("speaker_name_name", table_name="speaker_name")
    op.drop_table("speaker_name")
    op.drop_index("quote_speaker_said", table_name="quote", sqlite_where=sa.text("public = 1"))
    op.drop_index("quote_source_position", table_name="quote")
    op.drop_index("quote_said", table_name="quote", sqlite_where=sa.text("public = 1"))
    op.drop_index("quote_parent", table_name="quote", sqlite_where=sa.text("parent IS NOT NULL"))
    op.drop_index("quote_not_public", table_name="quote", sqlite_where=sa.text("public = 0"))
    op.drop_index("quote_length", table_name="quote", sqlite_where=sa.text("public = 1"))
    op.drop_table("quote")
    op.drop_index("topic_label_slug", table_name="topic")
    op.drop_index("topic_broader", table_name="topic")
    op.drop_table("topic")
    op.drop_index("tally_most", table_name="tally")
    op.drop_table("tally")
    op.drop_index("speaker_name_slug", table_name="speaker")
    op.drop_table("speaker")
    op.drop_index("source_revises", table_name="source")
    op.drop_index("source_newest", table_name="source")
    op.drop_table("source")
    op.drop_index("change_of", table_name="change")
    op.drop_table("change")
    op.drop_table("api_key")
