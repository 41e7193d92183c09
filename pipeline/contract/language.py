"""The tables of segment, lemmatise and embed: sentences, words and vectors."""

from pipeline.contract.table import BOOL, INT, TEXT, TEXTS, VECTOR, Column, Table

_KEY = (
    "HMAC of text and encoder with the study's secret, 32 hex digits; equal texts have equal ones"
)
_VECTOR = "n_dims numbers, unit length; float32, rounded to half precision"

LANGUAGE = (
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
            Column("text_key", TEXT, _KEY),
            Column("vector", VECTOR, _VECTOR),
        ),
        ("segment_id",),
    ),
    Table(
        "report_embeddings",
        "vectors of a report: of observation and proposal as one passage, and of its words",
        (
            Column("report_id", TEXT, "report"),
            Column("text_key", TEXT, _KEY),
            Column("vector", VECTOR, _VECTOR),
            Column(
                "word_vector",
                VECTOR,
                "sum of the static vectors of the words weighed by rarity, not of unit length; "
                "float32, rounded to half precision",
            ),
        ),
        ("report_id",),
    ),
)
