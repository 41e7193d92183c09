"""The tables of ingest and pseudonymise: reports, periods, forms, and places in their text."""

from pipeline.contract.table import BOOL, DATE, FLOAT, INT, TEXT, TEXTS, Column, Table

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

INTAKE = (
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
)
