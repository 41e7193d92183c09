"""The tables of assign and label: themes, kinds and valences that the machine suggests."""

from pipeline.contract.table import BOOL, EVIDENCE, FLOAT, INT, TEXT, TEXTS, Column, Table

THEMES = (
    Table(
        "report_themes",
        "one report and one theme: every pair",
        (
            Column("report_id", TEXT, "report"),
            Column("theme_id", TEXT, "theme"),
            Column("score", FLOAT, "0-1, how strongly the machine suggests the theme"),
            Column("assigned", BOOL, "True when the score passes the cut: a suggestion"),
            Column("log_odds", FLOAT, "uncalibrated log odds; the score rises with it"),
            Column("unseen_score", FLOAT, "score by what had not learnt from the report's codings"),
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
                '"") and, without a segment, [rasti], a field of the form in brackets with its '
                "values, [lähtötaso] and the remainder [muu]",
            ),
        ),
        ("report_id", "theme_id"),
    ),
    Table(
        "corrected_shares",
        "one period and theme: the share of reports with it, from a coded random sample and the "
        "machine's scores; no rows where fewer than ten reports of the sample are coded",
        (
            Column("period", TEXT, "period"),
            Column("theme_id", TEXT, "theme"),
            Column("scope", TEXT, "period: of its reports; until: of all reports up to its end"),
            Column("share", FLOAT, "0-1, corrected for the machine's errors"),
            Column("ci_low", FLOAT, "lower end, 95 %"),
            Column("ci_high", FLOAT, "upper end, 95 %"),
            Column("weight", FLOAT, "0-1, how far the machine's word is taken"),
            Column("n_coded", INT, "coded reports of the random sample"),
            Column("n_reports", INT, "reports that the share is of"),
            Column("n_to_halve", INT, "further reports to code for intervals half as wide"),
            Column("n_waiting", INT, "drawn reports that nobody has coded blind yet"),
        ),
        ("period", "theme_id"),
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
            Column(
                "kind", TEXT, 'havainto, hyva-kaytanto or ratkaisuehdotus; "" when none is sure'
            ),
            Column("score", FLOAT, "0-1, how likely the likeliest kind is"),
        ),
        ("segment_id",),
    ),
    Table(
        "report_valences",
        "one report and its valence: the one ticked, or else its text's where that is plain",
        (
            Column("report_id", TEXT, "report"),
            Column("valence", TEXT, 'the one ticked; else that of the text; "" when not sure'),
            Column(
                "text_valence",
                TEXT,
                'negatiivinen, neutraali or positiivinen by the text alone; "" when not sure',
            ),
            Column("score", FLOAT, "0-1, how likely the text's likeliest valence is"),
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
)
