"""Read what the numbers of a coded export stand for, from a second sheet of the workbook."""

import re
from collections.abc import Sequence

from pipeline.ingest.cells import as_text
from pipeline.ingest.sheets import Sheet, is_blank
from pipeline.ingest.split_headers import cuts
from pipeline.ingest.texts import fold
from pipeline.ingest.vocabulary import question_words

_CODE = re.compile(r"-?\d{1,3}")
_CODE_AND_LABEL = re.compile(r"(\d{1,3})\s*[=:.)–-]\s*(\D.*)")


def read_codes(sheets: Sequence[Sheet], headers: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return what codes stand for, by the header of their question.

    A row that names a question, alone or before a code, is the head of what follows; a number with
    a text after it is a code with its label. So both a long table (question, code, label) and a
    list under each question are read.

    Parameters
    ----------
    sheets : sequence of Sheet
        The workbook's other sheets.
    headers : sequence of str
        Headers of the answers.

    Returns
    -------
    dict of str to dict of str to str
        Header to code to label; headers without codes are not there.
    """
    known = {question_words(header): header for header in headers if header}
    known |= {
        cut.key: cut.question for header in headers for cut in cuts(header) if len(cut.key) > 8
    }
    known |= {fold(header): header for header in headers if header}
    codes: dict[str, dict[str, str]] = {}
    for sheet in sheets:
        question = ""
        for row in sheet.rows:
            texts = [as_text(cell) for cell in row.cells if not is_blank(cell)]
            rest: list[str] = []
            for text in texts:
                named = known.get(fold(text)) or known.get(question_words(text))
                if named and not rest:
                    question = named
                else:
                    rest.append(text)
            pair = _code_and_label(rest)
            if question and pair:
                codes.setdefault(question, {})[pair[0]] = pair[1]
    return codes


def _code_and_label(texts: Sequence[str]) -> tuple[str, str] | None:
    """Return a code and the label after it, None when a row has none."""
    for place, text in enumerate(texts):
        if (
            _CODE.fullmatch(text)
            and place + 1 < len(texts)
            and not _CODE.fullmatch(texts[place + 1])
        ):
            return text, texts[place + 1]
        if found := _CODE_AND_LABEL.fullmatch(text):
            return found[1], found[2].strip()
    return None
