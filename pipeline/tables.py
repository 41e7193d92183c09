"""Every table between the stages: its columns, their types and what they mean.

A table is a pandas DataFrame inside a stage and a Parquet file between stages. ``TABLES`` is the
contract: a stage may make no other column and leave none out, and :mod:`pipeline.frames` checks
that on every write. Lists are Arrow lists and never null; text columns are never null and use
``""`` for "nothing"; a number that may be unknown says so in its meaning and is null then.

Offsets (``start``, ``end``) are half-open, in code points, into the safe text of
``(report_id, field)``. Counts are always distinct reports of quality ``ok``.
"""

from dataclasses import dataclass

import pyarrow as pa

TEXT = pa.string()
INT = pa.int64()
FLOAT = pa.float64()
BOOL = pa.bool_()
DATE = pa.date32()
TEXTS = pa.list_(pa.string())
INTS = pa.list_(pa.int64())
VECTOR = pa.list_(pa.float32())
EVIDENCE = pa.list_(
    pa.struct([("segment_id", pa.string()), ("term", pa.string()), ("contribution", pa.float64())])
)


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : str
    type : pyarrow.DataType
    meaning : str
        One line, with unit and range.
    nullable : bool
        True where null means "unknown" or "does not apply".
    """

    name: str
    type: pa.DataType
    meaning: str
    nullable: bool = False


@dataclass(frozen=True)
class Table:
    """One table of the contract.

    Attributes
    ----------
    name : str
    meaning : str
        What one row is.
    columns : tuple of Column
    key : tuple of str
        Columns that together name a row once.
    is_raw : bool
        True for tables with personal data, which lie in ``raw/`` and not in ``tables/``.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    is_raw: bool = False

    @property
    def schema(self) -> pa.Schema:
        """Arrow schema of the table."""
        return pa.schema(
            [pa.field(c.name, c.type, nullable=c.nullable) for c in self.columns],
            metadata={"table": self.name},
        )


_REPORT_COLUMNS = (
    Column("report_id", TEXT, "the form's own id, or R- and 12 hex digits"),
    Column("period", TEXT, 'period label such as "2024H2"; "" when the date is unknown'),
    Column("date", DATE, "day of the observation or of sending the form", nullable=True),
    Column("area", TEXTS, "municipalities or wide areas the report speaks of"),
    Column("client_groups", TEXTS, "client groups ticked"),
    Column("valence", TEXT, 'negatiivinen, positiivinen, neutraali, or "" when not asked'),
    Column("themes_ticked", TEXTS, "theme ids the reporter ticked"),
    Column("observation", TEXT, "what was seen, free text"),
    Column("proposal", TEXT, 'proposal for a solution, free text; "" when none'),
    Column("reporter_id", TEXT, 'who wrote it; "" when unknown (a keyed stand-in when safe)'),
    Column("unit", TEXT, 'working unit; "" when unknown (a keyed stand-in when safe)'),
    Column("data_source", TEXT, "kind of source, such as sosiaalinen-raportointi"),
    Column("apart_period", TEXT, 'period of notes of a source of their own; "" for the others'),
    Column("form_id", TEXT, "form it was written on, as in forms; F- and 8 hex digits"),
    Column("themes_offered", TEXTS, "theme ids its form offered; none when it was not answered"),
    Column("themes_answers", TEXT, 'one or several may be ticked; "" when it was not answered'),
    Column("area_other", TEXT, 'what was typed under the other area; "" when nothing'),
    Column("client_groups_other", TEXT, 'what was typed under the other group; "" when nothing'),
    Column("themes_other", TEXT, 'what was typed under the other theme; "" when nothing'),
    Column("quality", TEXT, "ok, empty or junk; only ok is counted and modelled"),
    Column("duplicate_of", TEXT, 'report_id of the earlier report it repeats; "" when none'),
    Column(
        "duplicate_score", FLOAT, "likeness to duplicate_of, 0-1; null when none", nullable=True
    ),
)

_TABLES = (
    Table(
        "raw_reports",
        "one submitted form, as written, in order of period, date and report_id",
        _REPORT_COLUMNS,
        ("report_id",),
        is_raw=True,
    ),
    Table(
        "raw_rejected",
        "the raw cells of one rejected row, as JSON",
        (
            Column("file", TEXT, "name of the input file"),
            Column("row", INT, "row in the file, from 1 as a spreadsheet counts"),
            Column("cells", TEXT, "JSON object: column header to cell text"),
        ),
        ("file", "row"),
        is_raw=True,
    ),
    Table(
        "periods",
        "one period, oldest first, periods without reports between them included",
        (
            Column("period", TEXT, 'label such as "2024H2"'),
            Column("start", DATE, "first day"),
            Column("end", DATE, "last day, included"),
            Column("n_reports", INT, "reports of quality ok"),
        ),
        ("period",),
    ),
    Table(
        "forms",
        "one choice that a form offered in a period, in the form's order",
        (
            Column("form_id", TEXT, "the form, by what it asks and offers"),
            Column("period", TEXT, 'period label; "" when unknown'),
            Column("data_source", TEXT, "kind of source"),
            Column("field", TEXT, "area, client_groups or themes_ticked"),
            Column("label", TEXT, "the choice as the form words it"),
            Column("value", TEXT, 'what it stands for; "" for the other choice and no theme'),
            Column("answers", TEXT, "one or several may be chosen"),
            Column("is_other", BOOL, "whether it is the choice for anything else"),
            Column("n_reports", INT, "reports of quality ok on the form in the period"),
            Column("n_chosen", INT, "reports of them that chose it"),
        ),
        ("form_id", "period", "data_source", "field", "label"),
    ),
    Table(
        "rejected",
        "one row of an input that did not become a report, or a cell that was left out of one",
        (
            Column("file", TEXT, "name of the input file"),
            Column("row", INT, "row in the file, from 1 as a spreadsheet counts; 0 = whole file"),
            Column("column", TEXT, 'header of the column at fault; "" = the whole row'),
            Column("reason", TEXT, "why, in one sentence without cell text"),
            Column("is_row_dropped", BOOL, "False when the report was kept without that cell"),
        ),
        ("file", "row", "column"),
    ),
    Table(
        "reports",
        "one submitted form with safe text, in the order of raw_reports",
        (
            *_REPORT_COLUMNS,
            Column("language", TEXT, 'ISO 639-1 code of its texts, or "unknown"'),
        ),
        ("report_id",),
    ),
    Table(
        "pii_spans",
        "one place where personal data stood, as offsets of its stand-in in the safe text",
        (
            Column("report_id", TEXT, "report"),
            Column("field", TEXT, "observation, proposal, or what was typed under an other choice"),
            Column("start", INT, "code points into the safe text"),
            Column("end", INT, "code points into the safe text, half-open"),
            Column("kind", TEXT, "hetu, puhelin, sahkoposti, iban, rekisterinumero, osoite, ..."),
            Column("rule", TEXT, "rule that found it"),
            Column("score", FLOAT, "how sure the rule is, 0-1"),
        ),
        ("report_id", "field", "start"),
    ),
    Table(
        "name_queue",
        "one word that may be a name and waits for a person, without the word itself",
        (
            Column("report_id", TEXT, "report"),
            Column("field", TEXT, "as in pii_spans"),
            Column("start", INT, "code points into the safe text"),
            Column("end", INT, "code points into the safe text, half-open"),
            Column("word_id", TEXT, "keyed id that all forms of the word share"),
            Column("verdict", TEXT, "replaced or kept"),
            Column("rule", TEXT, "rule that weighed it"),
            Column("score", FLOAT, "how likely a name, 0-1"),
        ),
        ("report_id", "field", "start"),
    ),
    Table(
        "indirect",
        "one place that may tell who is meant without naming anybody",
        (
            Column("report_id", TEXT, "report"),
            Column("field", TEXT, "observation or proposal"),
            Column("start", INT, "code points into the safe text"),
            Column("end", INT, "code points into the safe text, half-open"),
            Column("rule", TEXT, "only-one, office, school-class, rare-family, rare-person"),
        ),
        ("report_id", "field", "start"),
    ),
    Table(
        "segments",
        "one sentence of a report, in reading order",
        (
            Column("segment_id", TEXT, "<report_id>/<field>/<nnn>"),
            Column("report_id", TEXT, "report"),
            Column("field", TEXT, "observation or proposal"),
            Column("start", INT, "code points into the safe text"),
            Column("end", INT, "code points into the safe text, half-open"),
            Column("text", TEXT, "the safe text between start and end"),
            Column("client_voice", BOOL, "True when a client speaks or is reported"),
            Column("language", TEXT, "its own when it has eight words or more, else its report's"),
        ),
        ("segment_id",),
    ),
    Table(
        "tokens",
        "one word of a segment, in reading order",
        (
            Column("segment_id", TEXT, "segment"),
            Column("start", INT, "code points into the safe text of the field"),
            Column("end", INT, "code points into the safe text, half-open"),
            Column("form", TEXT, "the word as written"),
            Column("lemma", TEXT, "dictionary form, lower case but for proper nouns"),
            Column("pos", TEXT, "UPOS tag"),
            Column("parts", TEXTS, "lemmas of a compound's parts; empty when not a compound"),
            Column("known", BOOL, "False when the lemma was guessed"),
        ),
        ("segment_id", "start"),
    ),
    Table(
        "embeddings",
        "one vector a segment, row i of segments",
        (
            Column("segment_id", TEXT, "segment"),
            Column("vector", VECTOR, "float32, unit length, n_dims numbers"),
        ),
        ("segment_id",),
    ),
    Table(
        "report_embeddings",
        "vectors of a report: of observation and proposal as one passage, and of its words",
        (
            Column("report_id", TEXT, "report"),
            Column("vector", VECTOR, "float32, unit length, n_dims numbers"),
            Column(
                "word_vector",
                VECTOR,
                "float32, sum of the static vectors of the words weighed by rarity, not of unit "
                "length",
            ),
        ),
        ("report_id",),
    ),
    Table(
        "topics",
        "one topic: a group of reports with its words, largest first",
        (
            Column("topic_id", TEXT, "lasting id, T- and 12 hex digits"),
            Column("topic_no", INT, "BERTopic's number in this run, from 0; never a reference"),
            Column("label", TEXT, "short name in Finnish, from the words or from a person"),
            Column("terms", TEXTS, "up to ten words, strongest first, in a natural form"),
            Column("n_reports", INT, "distinct reports whose main topic this is"),
            Column(
                "stability", FLOAT, "0-1, share of perturbed runs that keep its members together"
            ),
        ),
        ("topic_id",),
    ),
    Table(
        "report_topics",
        "one report in one topic; a report may be in several or in none",
        (
            Column("report_id", TEXT, "report"),
            Column("topic_id", TEXT, "topic"),
            Column("weight", FLOAT, "0-1, how firmly the report belongs"),
            Column("is_main", BOOL, "True for the one topic the report is counted under"),
        ),
        ("report_id", "topic_id"),
    ),
    Table(
        "segment_topics",
        "one sentence that carries a topic of its report",
        (
            Column("segment_id", TEXT, "segment"),
            Column("topic_id", TEXT, "topic"),
            Column("weight", FLOAT, "0-1, likeness to the topic's other reports"),
        ),
        ("segment_id", "topic_id"),
    ),
    Table(
        "candidates",
        "one group of like reports found from text alone, that may be a signal",
        (
            Column("candidate_id", TEXT, "C- and 12 hex digits of its members"),
            Column("report_ids", TEXTS, "members, most central first"),
            Column("separation", FLOAT, "inside likeness less that of the nearest outsiders"),
            Column("topic_id", TEXT, "topic it is; null when it is none", nullable=True),
            Column("label", TEXT, "short name in Finnish, from its words"),
            Column("terms", TEXTS, "up to ten words, strongest first"),
        ),
        ("candidate_id",),
    ),
    Table(
        "topic_lineage",
        "one topic as the machine grouped it, before edits, and what it was in the run before; "
        "then the topics that are gone",
        (
            Column("topic_id", TEXT, "topic"),
            Column("change", TEXT, "new, continued, split, merged or gone, when it last changed"),
            Column("previous_ids", TEXTS, "topics of the run before that it comes from"),
            Column("report_ids", TEXTS, "its main reports; of a topic that is gone, the last ones"),
        ),
        ("topic_id",),
    ),
    Table(
        "topic_edits",
        "one edit of human/edits.toml and whether it still fits, in the order of the file",
        (
            Column("edit_no", INT, "place in the file, from 1"),
            Column("action", TEXT, "nimeä, yhdistä, jaa, lisää, poista or roska"),
            Column("topic_ids", TEXTS, "the topics it names, or the reports that point to one"),
            Column("state", TEXT, "applied, partly or unfit"),
            Column("reason", TEXT, 'why it does not fit, in Finnish; "" when it does'),
        ),
        ("edit_no",),
    ),
    Table(
        "report_map",
        "one report of quality ok on the plane where like reports stand near each other; of many "
        "reports a random sample",
        (
            Column("report_id", TEXT, "report"),
            Column("x", FLOAT, "0-1, to the right; the place itself means nothing"),
            Column("y", FLOAT, "0-1, upwards; the place itself means nothing"),
        ),
        ("report_id",),
    ),
    Table(
        "report_themes",
        "one report and one theme: every pair",
        (
            Column("report_id", TEXT, "report"),
            Column("theme_id", TEXT, "theme"),
            Column("score", FLOAT, "0-1, how strongly the machine suggests the theme"),
            Column("assigned", BOOL, "True when the score passes the cut: a suggestion"),
            Column("log_odds", FLOAT, "uncalibrated log odds; the score rises with it"),
            Column(
                "margin",
                FLOAT,
                "log odds above the cut; below it a suggestion is a report's only one",
            ),
            Column(
                "strength",
                TEXT,
                'weak, medium (margin from 1) or strong (from 2), for suggestions; "" when scores '
                "are calibrated, from 30 coded reports on",
            ),
            Column("is_next", BOOL, "True for a report's strongest theme that is not suggested"),
            Column(
                "evidence",
                EVIDENCE,
                "for suggestions, pieces that add up to log_odds: words, sentences by vector (term "
                '"") and, without a segment, [rasti], [lähtötaso] and the remainder [muu]',
            ),
        ),
        ("report_id", "theme_id"),
    ),
    Table(
        "coded_scores",
        "one coded report and one theme: every pair, once 30 reports are coded",
        (
            Column("report_id", TEXT, "report that people coded"),
            Column("theme_id", TEXT, "theme"),
            Column("score", FLOAT, "0-1, by classifiers that had not seen the report"),
            Column("coded", BOOL, "True when people coded the report with the theme"),
        ),
        ("report_id", "theme_id"),
    ),
    Table(
        "nearest_coded",
        "one suggestion and the coded report most like it that has the theme",
        (
            Column("report_id", TEXT, "report"),
            Column("theme_id", TEXT, "theme suggested for it"),
            Column("coded_report_id", TEXT, "another report, coded with the theme"),
            Column("likeness", FLOAT, "mean of two cosines, of words and of vectors; at most 1"),
        ),
        ("report_id", "theme_id"),
    ),
    Table(
        "segment_themes",
        "one sentence and one theme it speaks of",
        (
            Column("segment_id", TEXT, "segment"),
            Column("theme_id", TEXT, "theme"),
            Column("score", FLOAT, "0-1, how strongly the sentence carries the theme"),
        ),
        ("segment_id", "theme_id"),
    ),
    Table(
        "topic_themes",
        "one topic and one theme it maps to",
        (
            Column("topic_id", TEXT, "topic"),
            Column("theme_id", TEXT, "theme"),
            Column("relation", TEXT, "SKOS mapping: exact, broad, narrow, related or none"),
            Column("weight", FLOAT, "0-1, share of the topic's reports with the theme"),
            Column("ci_low", FLOAT, "lower end of the 95 % interval of weight"),
            Column("ci_high", FLOAT, "upper end of the 95 % interval of weight"),
        ),
        ("topic_id", "theme_id"),
    ),
    Table(
        "tick_reliability",
        "one theme: how far its ticks on the forms are believed",
        (
            Column("theme_id", TEXT, "theme"),
            Column("n_ticked", INT, "reports with it ticked"),
            Column("quality", FLOAT, "share of its ticks that follow the text, 0-1, shrunk"),
            Column("sensitivity", FLOAT, "share of its reports with it ticked, several choices"),
            Column("first_sensitivity", FLOAT, "share of its reports with it ticked, one choice"),
            Column("specificity", FLOAT, "share of the other reports without it ticked"),
            Column("p_value", FLOAT, "chance that ticks dealt out anew follow the texts as well"),
            Column("is_asked", BOOL, "whether there were ticks enough to ask"),
            Column("is_used", BOOL, "whether ticks are used"),
        ),
        ("theme_id",),
    ),
    Table(
        "theme_gaps",
        "one topic that no theme covers, a candidate for a new theme, or one theme that no topic "
        "supports",
        (
            Column("gap", TEXT, "new-theme or unsupported"),
            Column("topic_id", TEXT, 'topic without a theme; "" for a theme'),
            Column("theme_id", TEXT, 'theme without a topic; "" for a topic'),
            Column(
                "label", TEXT, "label of the topic, which may serve the new theme, or of the theme"
            ),
            Column("terms", TEXTS, "words to define the new theme by; empty for a theme"),
            Column("n_reports", INT, "reports of the topic, or reports the theme is suggested for"),
        ),
        ("gap", "topic_id", "theme_id"),
    ),
    Table(
        "segment_kinds",
        "one segment and what it does: a suggestion from its box, the form's ticks and its text",
        (
            Column("segment_id", TEXT, "segment"),
            Column("kind", TEXT, "havainto, hyva-kaytanto or ratkaisuehdotus"),
            Column("score", FLOAT, "0-1, how likely the kind is"),
        ),
        ("segment_id",),
    ),
    Table(
        "report_valences",
        "one report and the valence of its text, to set against the one ticked",
        (
            Column("report_id", TEXT, "report"),
            Column("valence", TEXT, "negatiivinen, neutraali or positiivinen, from the text alone"),
            Column("score", FLOAT, "0-1, how likely the text's valence is"),
            Column("ticked", TEXT, 'valence ticked on the form; "" when none'),
            Column(
                "ticked_score",
                FLOAT,
                "0-1, how likely the text makes the ticked valence; null when none is ticked",
                nullable=True,
            ),
        ),
        ("report_id",),
    ),
    Table(
        "signals",
        "one topic or candidate and its history; ranked rows are the list a person looks at",
        (
            Column("signal_id", TEXT, "lasting id, S- and 12 hex digits"),
            Column(
                "rank", INT, "1-8 in the list of rising sets; null when not listed", nullable=True
            ),
            Column(
                "status",
                TEXT,
                "emerging, growing, steady, unclear, fading, one-off, seasonal or too-few",
            ),
            Column("strength", TEXT, "signal, watch or candidate: how sure"),
            Column("label", TEXT, "short name in Finnish"),
            Column("report_ids", TEXTS, "members, oldest first"),
            Column("counts", INTS, "members in each row of periods"),
            Column("p_value", FLOAT, "exact one-sided p of a rise; null with one period", True),
            Column(
                "q_value", FLOAT, "expected share of chance among the list; null unlisted", True
            ),
            Column(
                "p_max", FLOAT, "p of the strongest under shuffled periods; null unlisted", True
            ),
            Column("ci_low", FLOAT, "lower end, 95 %, share of reports in the newest period"),
            Column("ci_high", FLOAT, "upper end, 95 %, share of reports in the newest period"),
            Column("n_areas", INT, "distinct areas of the members, wide areas left out"),
            Column("n_client_groups", INT, "distinct client groups of the members"),
            Column("candidate_id", TEXT, "candidate it comes from", nullable=True),
            Column("topic_id", TEXT, "topic it comes from or is", nullable=True),
            Column("theme_ids", TEXTS, "themes suggested for at least half of its members"),
        ),
        ("signal_id",),
    ),
    Table(
        "watch_matches",
        "one report that says what an analyst watches for, best first",
        (
            Column("watch", TEXT, "its name in human/watch.toml"),
            Column("report_id", TEXT, "report"),
            Column("score", FLOAT, "how well, in standard scores; 99 for an example report"),
        ),
        ("watch", "report_id"),
    ),
    Table(
        "watch_histories",
        "one thing of human/watch.toml and its history, in the order of the file; its own table "
        "because it was chosen beforehand and competes with no list",
        (
            Column("watch", TEXT, "its name in human/watch.toml"),
            Column(
                "status",
                TEXT,
                "emerging, growing, steady, unclear, fading, one-off, seasonal or too-few",
            ),
            Column("report_ids", TEXTS, "reports that say it and count, oldest first"),
            Column("counts", INTS, "of them in each row of periods"),
            Column("p_value", FLOAT, "exact one-sided p of a rise; null with one period", True),
            Column("ci_low", FLOAT, "lower end, 95 %, share of reports in the newest period"),
            Column("ci_high", FLOAT, "upper end, 95 %, share of reports in the newest period"),
        ),
        ("watch",),
    ),
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

TABLES: dict[str, Table] = {table.name: table for table in _TABLES}

TEXT_TABLES = ("reports", "segments", "tokens", "embeddings", "report_embeddings")
"""What stages that look at whole texts read, in this order."""
