"""What the page's script needs: reports, the ids behind each number, and a word index."""

import json
from typing import Any

from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.reading import ReadableReport, Reading, WordIndex
from pipeline.report.page.buttons import Buttons


def page_data(reading: Reading, words: Catalogue, buttons: Buttons) -> dict[str, Any]:
    """Collect the page's data as plain values.

    Parameters
    ----------
    reading : Reading
    words : Catalogue
    buttons : Buttons
        Every button of the page has been made by now.

    Returns
    -------
    dict
        ``reports``: one list a report, in the order of ``buttons.ids``: id, period, date, areas,
        client groups, valence, observation, proposal, themes, whether it is left out; the id
        alone where the text is not in the page. ``order``: positions of those with a text, newest
        first. ``sets``: title, number and positions of each button. ``words``: lemmas, the
        positions of the reports of each, and word forms with their lemmas' places. ``text``:
        words of the script.
    """
    positions = {one.report_id: buttons.position(one.report_id) for one in reading.reports}
    rows = {one.report_id: _row(one) for one in reading.reports}
    return {
        "reports": [rows.get(report_id, [report_id]) for report_id in buttons.ids],
        "order": list(positions.values()),
        "sets": buttons.sets,
        "words": _index(reading.index, positions),
        "text": {**words.messages["script"], "quoted": words.messages["words"]["quoted"]},
    }


def _row(one: ReadableReport) -> list[Any]:
    """Return the fields the script shows of a report."""
    return [
        one.report_id,
        one.period,
        one.day,
        one.areas,
        one.groups,
        one.valence,
        one.observation,
        one.proposal,
        one.themes,
        one.is_left_out,
    ]


def _index(index: WordIndex, positions: dict[str, int]) -> dict[str, Any]:
    """Return the word index with positions for ids."""
    places = {lemma: i for i, lemma in enumerate(index.reports)}
    return {
        "lemmas": list(index.reports),
        "reports": [sorted(positions[i] for i in ids) for ids in index.reports.values()],
        "forms": {
            form: sorted(places[lemma] for lemma in lemmas) for form, lemmas in index.forms.items()
        },
    }


def script_json(value: Any) -> str:
    r"""Write JSON that cannot end the script element it stands in.

    Examples
    --------
    >>> script_json("</script>&")
    '"\\u003c/script\\u003e\\u0026"'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
