"""The tables of detect: signals, and what is watched for."""

from pipeline.contract.table import BOOL, FLOAT, INT, INTS, TEXT, TEXTS, Column, Table

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
        "region_signals",
        "one group that rises within a region, by region and rank; compared with chance over all "
        "regions at once",
        (
            Column("region", TEXT, "region, as human/alueet.csv or the shipped list names it"),
            Column("rank", INT, "place in the region's list, from 1"),
            Column("signal_id", TEXT, "S- and 12 hex digits of its members in the region"),
            Column("strength", TEXT, "signal, watch or candidate: how sure"),
            Column("label", TEXT, "short name in Finnish, of the whole group"),
            Column("report_ids", TEXTS, "members in the region, oldest first"),
            Column("counts", INTS, "of them in each row of periods"),
            Column("n_reports", INTS, "reports of the region in each row of periods"),
            Column("p_value", FLOAT, "exact one-sided p of a rise within the region"),
            Column("q_value", FLOAT, "expected share of chance among all regions' lists"),
            Column("p_max", FLOAT, "p of the strongest of all regions under shuffled periods"),
            Column("candidate_id", TEXT, "candidate it comes from", nullable=True),
            Column("topic_id", TEXT, "topic it comes from or is", nullable=True),
        ),
        ("region", "rank"),
    ),
    Table(
        "signal_regions",
        "one region in which a listed signal has been seen, the first one first",
        (
            Column("signal_id", TEXT, "signal"),
            Column("region", TEXT, "region"),
            Column("n_reports", INT, "members there"),
            Column("first_period", TEXT, "period of the oldest of them"),
            Column("is_first", BOOL, "True where no region saw it earlier"),
        ),
        ("signal_id", "region"),
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
