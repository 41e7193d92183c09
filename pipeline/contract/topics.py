"""The tables of cluster: topics, their members and their history."""

from pipeline.contract.table import BOOL, FLOAT, INT, TEXT, TEXTS, Column, Table

TOPICS = (
    Table(
        "topics",
        "one topic: a group of reports with its words, largest first",
        (
            Column("topic_id", TEXT, "lasting id, T- and 12 hex digits"),
            Column(
                "topic_no",
                INT,
                "place by size in this run, from 0; never a reference",
            ),
            Column("label", TEXT, "short name in Finnish, from the words or from a person"),
            Column("terms", TEXTS, "up to ten words, strongest first, in a natural form"),
            Column("n_reports", INT, "distinct reports whose main topic this is"),
            Column(
                "stability", FLOAT, "0-1, share of perturbed runs that keep its members together"
            ),
            Column("is_named", BOOL, "True when a person gave it its label"),
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
        "topic_parts",
        "one part of a large topic, found among the topic's own reports; largest first",
        (
            Column("topic_id", TEXT, "topic that was looked into"),
            Column("part_no", INT, "place by size in the topic, from 1; never a reference"),
            Column("label", TEXT, "short name in Finnish: words that tell it from the others"),
            Column("terms", TEXTS, "those words, strongest first"),
            Column("report_ids", TEXTS, "its reports, the firmest first"),
            Column("stability", FLOAT, "0-1, share of perturbed runs that keep two together"),
        ),
        ("topic_id", "part_no"),
    ),
    Table(
        "candidates_to_quote",
        "one candidate that is listed or nearly so, in the order of ids: a clause is sought for it",
        (Column("candidate_id", TEXT, "candidate"),),
        ("candidate_id",),
    ),
    Table(
        "names",
        "the parts of one topic's or candidate's name, each true of the group by itself",
        (
            Column("group_id", TEXT, "topic or candidate"),
            Column(
                "client_group",
                TEXT,
                'client group of two thirds of its reports and more common among them; "" for none',
            ),
            Column(
                "theme_ids", TEXTS, "at most two themes of which the same is true, as people gave"
            ),
            Column("words", TEXT, 'two or three of its words; "" when none tells it apart'),
            Column("clauses", TEXTS, "up to three clauses, verbatim, best first, one a report"),
            Column("clause_segments", TEXTS, "the sentence each clause stands in"),
            Column(
                "clause_score", FLOAT, "score of the best clause; null without one", nullable=True
            ),
            Column("is_given", BOOL, "True when a person named it: words is that name"),
            Column("is_good", BOOL, "False when words and clause do not make a name"),
            Column("suggestion", TEXT, 'what the user\'s own language model suggests; "" for none'),
        ),
        ("group_id",),
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
)
