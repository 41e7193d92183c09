"""The part of an archive with texts, as the Finnish Social Science Data Archive wants them.

Tietoarkisto (https://www.fsd.tuni.fi) takes mainly anonymous data: one text file a document with
its background above it, a list of the documents, and the depositor's own description of how the
data was made anonymous. Its catalogue entry is made by the archive from its form.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.errors import ConfigError
from pipeline.exchange.archive.publication import Finished
from pipeline.exchange.source_texts import source_texts
from pipeline.frames import each_row
from pipeline.report.disclosure import rare_combinations
from pipeline.review.decisions_file import in_order
from pipeline.spreadsheet import safe_cell

_FEW = 3


def check_confirmation(finished: Finished) -> None:
    """Refuse to archive texts that nobody has confirmed to be anonymous.

    Raises
    ------
    ConfigError
        It says what to write where, and that pseudonymised texts are personal data.
    """
    if not finished.settings.archive.anonymised:
        raise ConfigError(
            "--texts archives report texts, and pseudonymised texts are personal data. Read the "
            "texts, make them anonymous, and confirm it in {file}: [archive] anonymised = true, "
            'confirmed_by = "NAME", confirmed_on = YYYY-MM-DD.',
            file=finished.store.study.settings_file,
        )


def write_data(finished: Finished, folder: Path) -> list[Path]:
    """Write the texts with their background, the list of them, memos and descriptions.

    Parameters
    ----------
    finished : Finished
        Confirmed (:func:`check_confirmation`).
    folder : Path
        Exists and is empty.

    Returns
    -------
    list of Path
    """
    check_confirmation(finished)
    reports = finished.store.read("reports")
    reports = reports[reports["quality"] != "empty"]
    segments = finished.store.read("segments")
    texts = folder / "aineisto"
    texts.mkdir(mode=0o700)
    made, listed = [], []
    by_id = {row.report_id: row for row in each_row(reports)}
    for number, text in enumerate(source_texts(reports, segments), 1):
        row = by_id[text.name]
        path = texts / f"raportti_{number:05d}.txt"
        path.write_text(f"{_background(row)}\n\n{text.text}", encoding="utf-8")
        made.append(path)
        listed.append((path.name, row.report_id, row.period, len(text.text.split())))
    table = pd.DataFrame(listed, columns=["tiedosto", "raportti", "jakso", "sanoja"])
    for name, content in (
        ("aineistolista.csv", table.to_csv(index=False, lineterminator="\n")),
        ("muistiot.md", _memos(finished)),
        ("anonymisointi.md", anonymisation(finished, reports)),
        ("kuvailulomake.md", description_form(finished, reports)),
    ):
        (folder / name).write_text(content, encoding="utf-8")
        made.append(folder / name)
    return made


def _background(row: Any) -> str:
    """Return the background of a report as lines above its text, in categories."""
    lines = [
        f"Raportti: {row.report_id}",
        f"Jakso: {row.period or 'ei tiedossa'}",
        f"Alue: {', '.join(row.area) or 'ei ilmoitettu'}",
        f"Asiakasryhmät: {', '.join(row.client_groups) or 'ei ilmoitettu'}",
        f"Sävy: {row.valence or 'ei ilmoitettu'}",
        f"Lähde: {row.data_source}",
    ]
    return "\n".join(lines)


def _memos(finished: Finished) -> str:
    """Return the memos in the order they were written, coders by stand-in."""
    names = finished.coder_names()
    lines = ["# Muistiot aikajärjestyksessä", ""]
    for row in in_order(finished.people.memos):
        who = names[row["coder"]] if row["coder"] else "Nimetön"
        kind = f", {row['new_value']}" if row["new_value"] else ""
        lines += [f"## {row['at'][:10]} {who}: {row['target_id']}{kind}", "", row["memo"], ""]
    return "\n".join(lines)


def anonymisation(finished: Finished, reports: pd.DataFrame) -> str:
    """Describe how personal data was taken out, what was left, and the risk that remains."""
    spans = finished.store.read("pii_spans")
    confirmed = finished.settings.archive
    lines = [
        "# Anonymisointi",
        "",
        f"Vahvistanut: {confirmed.confirmed_by}, {confirmed.confirmed_on}.",
        "",
        "Henkilötiedot on ensin korvattu koneellisesti hakasulkumerkinnöin (esimerkiksi "
        "[NIMI-1]), ja ihminen on sen jälkeen lukenut tekstit ja vahvistanut ne anonyymeiksi.",
        "",
        "## Korvatut tiedot",
        "",
        "| laji | sääntö | kohtia |",
        "|---|---|---|",
    ]
    counted = Counter((row.kind, row.rule) for row in each_row(spans))
    lines += [f"| {kind} | {rule} | {n} |" for (kind, rule), n in sorted(counted.items())]
    members = {
        name: reports[["report_id", column]]
        .explode(column)
        .rename(columns={column: "value"})
        .dropna()
        for name, column in (("alue", "area"), ("asiakasryhmä", "client_groups"))
    }
    rare = rare_combinations(members, _FEW)
    lines += [
        "",
        "## Jäljelle jäänyt riski",
        "",
        f"Alueen ja asiakasryhmän yhdistelmiä, joita on alle {_FEW} raportissa: {len(rare)}, "
        f"yhteensä {int(rare['n'].sum()) if len(rare) else 0} raporttia. Harvinainen yhdistelmä "
        "voi auttaa tunnistamaan asiakkaan, vaikka tekstissä ei ole nimiä.",
        "",
        "Mitä jätettiin ja miksi: (täydennä)",
        "",
    ]
    return "\n".join(lines)


def description_form(finished: Finished, reports: pd.DataFrame) -> str:
    """Return the facts that the archive's description form asks for, filled in where known."""
    dates = reports["date"].dropna()
    span = f"{min(dates)} – {max(dates)}" if len(dates) else "ei tiedossa"
    confirmed = finished.settings.archive
    facts = {
        "Aineiston nimi": finished.store.study.root.resolve().name,
        "Tekijä": confirmed.creator or "(täydennä)",
        "Aineiston laji": "kvalitatiivinen, tekstejä",
        "Aineistoyksikkö": "sosiaalisen raportoinnin raportti",
        "Raportteja": str(len(reports)),
        "Ajallinen kattavuus": span,
        "Kieli": "suomi",
        "Keruumenetelmä": "verkkolomake (täydennä)",
        "Luokitus": f"{finished.taxonomy.title_fi} {finished.taxonomy.version}",
        "Käyttöehdot": confirmed.licence or "(täydennä)",
        "Informointi arkistoinnista": "(täydennä: mitä vastaajille kerrottiin)",
        "Tilan tiiviste": finished.state.sha256,
    }
    lines = ["# Tiedot kuvailulomaketta varten", ""]
    lines += [f"- **{name}**: {safe_cell(value)}" for name, value in facts.items()]
    return "\n".join([*lines, ""])
