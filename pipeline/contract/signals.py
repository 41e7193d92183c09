"""The tables of detect: signals, and what is watched for."""

from pipeline.contract.table import FLOAT, INT, INTS, TEXT, TEXTS, Column, Table

SIGNALS = (
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
                "emerging, growing, perhaps-growing, steady, unclear, fading, one-off, seasonal or "
                "too-few",
            ),
            Column("strength", TEXT, "signal, watch or candidate: how sure"),
            Column("label", TEXT, "short name in Finnish"),
            Column("report_ids", TEXTS, "members, oldest first"),
            Column("counts", INTS, "members in each row of periods"),
            Column("p_value", FLOAT, "exact one-sided p of a rise; null with one period", True),
            Column(
                "q_value", FLOAT, "expected share of chance among the list; null unlisted", True
            ),
            Column("q_low", FLOAT, "least q by a fifth of the shuffles; null unlisted", True),
            Column("q_high", FLOAT, "largest q by a fifth of the shuffles; null unlisted", True),
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
)
