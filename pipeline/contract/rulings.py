"""The tables of review: what people decided, and what holds of it."""

from pipeline.contract.table import BOOL, INT, TEXT, TEXTS, Column, Table

RULINGS = (
    Table(
        "decisions",
        "one ruling of a person on what the study has, in the order of the log; what holds of them "
        "stands in report_states, codings_standing and settled_themes",
        (
            Column("decision_id", TEXT, "D- and 12 hex digits"),
            Column("batch", TEXT, "B- and 12 hex digits: rows made and undone together"),
            Column("at", TEXT, "when, ISO 8601 with offset"),
            Column("coder", TEXT, "who"),
            Column(
                "target_table",
                TEXT,
                "reports, report_themes, segment_themes, topics, topic_themes, signals, "
                "signal_members, segments, evidence, files or batches",
            ),
            Column("target_id", TEXT, "id in that table; of files and batches their name"),
            Column("theme_id", TEXT, 'theme ruled on, as it is today; "" for none'),
            Column(
                "verdict",
                TEXT,
                "accept, reject, change, read, unsure, memo, pin, ban or retract",
            ),
            Column(
                "new_value",
                TEXT,
                "the new label or theme of a change, the batch of a retract, the kind of a memo, "
                'the report of a signal\'s member; "" otherwise',
            ),
            Column("memo", TEXT, 'why; "" when nothing was said'),
            Column("taxonomy_version", TEXT, "version of the taxonomy it was made under"),
            Column("mode", TEXT, "assisted, blind, adjudication, bulk, import or sheet"),
            Column(
                "shown",
                TEXT,
                'the machine\'s word that was shown, as JSON with run, score and assigned; "" for '
                "none",
            ),
            Column("basis", TEXT, 'decision_id that stood when the ruling was made; "" for none'),
        ),
        ("decision_id",),
    ),
    Table(
        "report_states",
        "one report and a coder who has ruled on it, the adjudicator among them",
        (
            Column("report_id", TEXT, "report"),
            Column("coder", TEXT, "who"),
            Column(
                "state",
                TEXT,
                "open (memos only), drafted (ruled, not confirmed), read, unsure, or stale (read, "
                "and a theme given has changed its meaning since)",
            ),
            Column("at", TEXT, "when the coder last ruled, ISO 8601 with offset"),
            Column(
                "is_read",
                BOOL,
                "True when the coder's themes are all there is to say of the report",
            ),
            Column(
                "mode", TEXT, 'how it was read; adjudication for the adjudicator; "" if not read'
            ),
        ),
        ("report_id", "coder", "mode"),
    ),
    Table(
        "codings_standing",
        "one theme that a coder gave to a report he or she has read, as it stands",
        (
            Column("report_id", TEXT, "report"),
            Column("segment_id", TEXT, 'segment; "" for the whole report'),
            Column("theme_id", TEXT, 'theme, as it is today; "" for "read, none fits"'),
            Column("coder", TEXT, "who"),
            Column("at", TEXT, "when, ISO 8601 with offset"),
            Column("taxonomy_version", TEXT, "version of the taxonomy it was made under"),
            Column("memo", TEXT, 'why; "" when nothing was said'),
            Column("mode", TEXT, "assisted, blind, adjudication, bulk, import or sheet"),
        ),
        ("report_id", "segment_id", "theme_id", "coder", "mode"),
    ),
    Table(
        "settled_themes",
        "one report and one theme that a person ruled on; of a report that someone has read, a "
        "theme without a row does not count",
        (
            Column("report_id", TEXT, "report"),
            Column("theme_id", TEXT, "theme, as it is today"),
            Column("source", TEXT, "adjudicated, agreed, one reader or disputed"),
            Column("counted", BOOL, "True when the report has the theme"),
            Column("coders_for", TEXTS, "who gave it"),
            Column("coders_against", TEXTS, "who did not, of those who read the report or ruled"),
        ),
        ("report_id", "theme_id"),
    ),
    Table(
        "loose_ends",
        "one kind of thing that a file of human/ names and the study does not have; the rows stay "
        "in the file and wait",
        (
            Column("file", TEXT, "file in human/"),
            Column("kind", TEXT, "report, segment, theme, topic or signal"),
            Column("reason", TEXT, "gone, retired (a theme without successor) or unknown"),
            Column("n_rows", INT, "rows or entries that name one"),
        ),
        ("file", "kind", "reason"),
    ),
)
