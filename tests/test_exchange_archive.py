"""Archives: no text without a confirmation, small cells stay hidden, a state that can be cited."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from pipeline.artifacts import sha256_file
from pipeline.cli import app
from pipeline.errors import ArtifactError, ConfigError, InputError
from pipeline.exchange.archive.settings import ArchiveConfig
from pipeline.stages import STAGES

CONFIRMED = '\n[archive]\nanonymised = true\nconfirmed_by = "Eeva Arkistoija"\n' + (
    "confirmed_on = 2026-11-01\n"
)


def call(*words: object) -> str:
    result = CliRunner().invoke(app, list(map(str, words)))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


@pytest.fixture(scope="module")
def published(finished_study, tmp_path_factory) -> Path:
    """A publication package of the study all tests share, and the study as it was."""
    out = tmp_path_factory.mktemp("archive") / "out"
    record = finished_study.root / "archived.json"
    call("archive", finished_study.root, "--out", out)
    record.unlink()
    return out / "julkaisu"


def test_the_publication_holds_no_sentence_of_a_report(published, finished_study) -> None:
    segments = pd.read_parquet(finished_study.tables / "segments.parquet")["text"]
    held = b"\n".join(p.read_bytes() for p in sorted(published.rglob("*")) if p.is_file())
    examples = {text for text in segments if len(text) > 25 and text.encode() in held}
    assert not examples


def test_the_publication_has_what_a_reader_needs(published) -> None:
    names = {path.name for path in published.iterdir()}
    assert {
        "methods.md", "codebook.xlsx", "codebook.ttl", "codebook.qdc", "koodausprosessi.md",
        "lukumaarat.csv", "settings.json", "versions.json", "manifests.json",
        "ro-crate-metadata.json",
    } <= names  # fmt: skip


def test_small_counts_are_not_shown(published) -> None:
    counts = pd.read_csv(published / "lukumaarat.csv", dtype=str).iloc[:, 2:]
    shown = [int(cell) for cell in counts.to_numpy().ravel() if re.fullmatch(r"\d+", cell)]
    assert all(n >= 3 for n in shown)


def test_the_crate_names_every_file_by_its_hash_and_one_action_a_stage(published) -> None:
    graph = json.loads((published / "ro-crate-metadata.json").read_text(encoding="utf-8"))["@graph"]
    by_id = {entity["@id"]: entity for entity in graph}
    assert by_id["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    parts = {part["@id"] for part in by_id["./"]["hasPart"]}
    files = {p.name for p in published.iterdir()} - {"ro-crate-metadata.json"}
    assert parts == files
    for name in files:
        assert by_id[name]["sha256"] == sha256_file(published / name)
    actions = [e for e in graph if e["@type"] == "CreateAction"]
    assert [a["name"] for a in actions] == [stage.name for stage in STAGES]
    made = {one["@id"] for a in actions for one in _many(a.get("result", []))}
    read = {one["@id"] for a in actions for one in _many(a.get("object", []))}
    assert read <= made
    assert all(by_id[place]["identifier"].startswith("sha256:") for place in made)


def _many(value):
    return value if isinstance(value, list) else [value]


def test_every_reference_of_the_crate_is_in_it(published) -> None:
    graph = json.loads((published / "ro-crate-metadata.json").read_text(encoding="utf-8"))["@graph"]
    known = {entity["@id"] for entity in graph}

    def references(value):
        if isinstance(value, dict):
            if set(value) == {"@id"}:
                yield value["@id"]
            for inner in value.values():
                yield from references(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from references(inner)

    for entity in graph:
        inner = {key: value for key, value in entity.items() if key not in ("@id", "conformsTo")}
        assert set(references(inner)) <= known


def test_texts_need_a_confirmation(finished_copy, tmp_path) -> None:
    with pytest.raises(ConfigError, match="confirmed_by"):
        call("archive", finished_copy.root, "--out", tmp_path / "out", "--texts")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("more", [{}, {"confirmed_by": "Eeva"}, {"confirmed_on": "2026-11-01"}])
def test_a_confirmation_has_a_name_and_a_day(more) -> None:
    with pytest.raises(ValidationError, match="confirmed_by"):
        ArchiveConfig(anonymised=True, **more)


def test_confirmed_texts_are_archived_with_their_background(finished_copy, tmp_path) -> None:
    settings = finished_copy.settings_file
    settings.write_text(settings.read_text(encoding="utf-8") + CONFIRMED, encoding="utf-8")
    call("archive", finished_copy.root, "--out", tmp_path / "out", "--texts")
    folder = tmp_path / "out" / "tietoarkisto"
    reports = pd.read_parquet(finished_copy.tables / "reports.parquet")
    reports = reports[reports["quality"] != "empty"]
    texts = sorted((folder / "aineisto").iterdir())
    assert len(texts) == len(reports)
    first = texts[0].read_text(encoding="utf-8")
    assert reports["observation"].iloc[0] in first
    assert f"Jakso: {reports['period'].iloc[0]}" in first
    published = [p for p in (tmp_path / "out" / "julkaisu").rglob("*") if p.is_file()]
    assert not any(b"Eeva Arkistoija" in path.read_bytes() for path in published)
    assert "Eeva Arkistoija" in (folder / "anonymisointi.md").read_text(encoding="utf-8")
    listed = pd.read_csv(folder / "aineistolista.csv")
    assert list(listed["tiedosto"]) == [path.name for path in texts]


def test_coders_go_by_stand_ins(finished_copy, tmp_path) -> None:
    report_id = pd.read_parquet(finished_copy.tables / "reports.parquet")["report_id"][0]
    codes = tmp_path / "codes.csv"
    codes.write_text(f"report_id,theme_id,coder\n{report_id},asuminen,Taavi Koodari\n")
    call("exchange", finished_copy.root, "--import", codes)
    call("run", finished_copy.root)
    call("archive", finished_copy.root, "--out", tmp_path / "out")
    held = b"".join(p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file())
    assert b"Koodaaja 1" in held
    assert b"Taavi Koodari" not in held


def test_status_tells_whether_the_study_is_what_was_archived(finished_copy, tmp_path) -> None:
    call("archive", finished_copy.root, "--out", tmp_path / "out")
    assert "unchanged since" in call("status", finished_copy.root)
    (finished_copy.human / "never.txt").write_text("Kela\n", encoding="utf-8")
    assert "changed since: other files of human/" in call("status", finished_copy.root)


def test_a_study_that_is_behind_is_not_archived(finished_copy, tmp_path) -> None:
    settings = finished_copy.settings_file
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f"{text}\n[segment]\nmin_chars = 30\n", encoding="utf-8")
    with pytest.raises(ArtifactError, match="not up to date"):
        call("archive", finished_copy.root, "--out", tmp_path / "out")


def test_a_folder_with_files_and_one_inside_the_study_are_left_alone(
    finished_study, tmp_path
) -> None:
    (tmp_path / "oma.txt").write_text("oma")
    with pytest.raises(InputError, match="holds files"):
        call("archive", finished_study.root, "--out", tmp_path)
    with pytest.raises(InputError, match="inside the study"):
        call("archive", finished_study.root, "--out", finished_study.root / "arkisto")
