"""A model learnt in one study scores another one, or says why it cannot."""

import csv
import json
import re
import shutil
import tomllib
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from offline import havainto
from small_export import copy_study

from pipeline.artifacts import Store
from pipeline.assign.assign import AssignConfig
from pipeline.assign.fitted import FittedThemes
from pipeline.assign.model_file import SavedModel, load_model, save_model
from pipeline.assign.needs import SAVED_MODEL
from pipeline.assign.saved import LEARNT_SETTINGS, as_card, check_model, check_themes
from pipeline.codings import COLUMNS
from pipeline.config import load_settings
from pipeline.embed.hashing import HashingEncoder
from pipeline.errors import ArtifactError, ConfigError
from pipeline.needs import Supply
from pipeline.study import Study
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy

TAXONOMY = load_taxonomy(find_taxonomy("sosiaalinen-raportointi"))
THEMES = ("asuminen", "mielenterveys", "digiasiointi", "toimivat-kaytannot")


def card(**changes):
    """Return the card of a model that suits the taxonomy, the encoder and the default settings."""
    own = {"name": TAXONOMY.name, "version": TAXONOMY.version, "sha256": TAXONOMY.sha256}
    return {
        "taxonomy": own,
        "encoder": HashingEncoder().name,
        "settings": as_card(AssignConfig()),
    } | changes


def check(config=None, **changes):
    model = SavedModel("teemat.json", cast(FittedThemes, None), card(**changes))
    check_model(model, config or AssignConfig(), TAXONOMY, HashingEncoder())


def test_a_model_of_the_same_taxonomy_encoder_and_settings_is_taken():
    check()
    check(AssignConfig(min_df=2))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"taxonomy": {**card()["taxonomy"], "version": "0.9"}}, r"0\.9; this study has .*1\.0\.1"),
        ({"taxonomy": {**card()["taxonomy"], "name": "toinen"}}, "taxonomy toinen"),
        ({"taxonomy": {**card()["taxonomy"], "sha256": "00"}}, "other content"),
        ({"encoder": "e5"}, "vectors of e5"),
    ],
    ids=["version", "name", "content", "encoder"],
)  # fmt: skip
def test_a_model_learnt_elsewhere_is_refused_with_both_values(changes, message):
    with pytest.raises(ConfigError, match=message):
        check(**changes)


def test_a_setting_that_would_not_count_is_refused_and_a_default_is_not():
    learnt = {**card()["settings"], "min_df": 3}
    with pytest.raises(ConfigError, match=r"assign\.min_df is 2, and .* learnt with 3"):
        check(AssignConfig(min_df=2), settings=learnt)
    check(AssignConfig(), settings=learnt)


def test_every_learnt_setting_is_a_setting():
    assert set(LEARNT_SETTINGS) < set(AssignConfig.model_fields)


@pytest.fixture(scope="module")
def taught(finished_study, tmp_path_factory):
    """Return a study that was run and taught, and the path of its model."""
    study = copy_study(finished_study, tmp_path_factory.mktemp("saved") / "study")
    codes = study.root / "codes.csv"
    with codes.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(COLUMNS)
        for i in range(1, 21):
            rows.writerow((f"R{i:02d}", "", THEMES[i * len(THEMES) // 25], "Aino", "", "1.0.0", ""))
    model = study.root.parent / "teemat.json"
    said = havainto("train", study.root, "--codes", codes, "--out", model)
    return study, model, said


def test_the_model_is_its_owners_and_its_card_names_no_person_and_no_report(taught):
    _, model, said = taught
    text = model.with_suffix(".md").read_text(encoding="utf-8")
    assert "24 reports of 2023H1, 2023H2, 2024H1, 2024H2; 20 of them coded" in text
    assert "too few reports were coded to hold any out" in text
    assert f"| asuminen | {sum(i * 4 // 25 == 0 for i in range(1, 21))} |" in text
    whole = text + model.read_text(encoding="utf-8")
    assert "Aino" not in whole
    assert not re.search(r"\bR\d\d\b", whole)
    assert {path.stat().st_mode & 0o777 for path in model.parent.glob("teemat.*")} == {0o600}
    assert f'model = "{model}"' in said


def other_study(taught, folder, model) -> Study:
    """Make a study of the same reports that knows no coding and scores by a model."""
    shutil.copytree(taught.root, folder)
    study = Study(folder)
    (study.human / "decisions.csv").unlink()
    setting = f'[assign]\nmodel = "{model}"\n'
    study.settings_file.write_text(study.settings_file.read_text() + setting, encoding="utf-8")
    return study


def scores(study):
    table = Store(study).read("report_themes")
    return table.set_index(["report_id", "theme_id"])["score"]


def test_another_study_gets_nearly_the_scores_of_the_model_without_its_codings(taught, tmp_path):
    study, model, _ = taught
    untaught = scores(study)
    havainto("run", study.root, "--to", "assign")
    other = other_study(study, tmp_path / "other", model)
    havainto("run", other.root, "--to", "assign")
    assert not (other.human / "decisions.csv").exists()
    # A saved model keeps no rare word, which might be a name, so its scores are near, not the same.
    given, taught_here = scores(other), scores(study).loc[scores(other).index]
    np.testing.assert_allclose(given, taught_here, atol=0.15)
    assert np.corrcoef(given, taught_here)[0, 1] > 0.98
    assert (
        np.corrcoef(given, taught_here)[0, 1] > np.corrcoef(given, untaught.loc[given.index])[0, 1]
    )
    assert not np.array_equal(scores(other), untaught.loc[scores(other).index])
    manifest = Store(other).manifest("fit_or_load")
    assert manifest
    made_from = manifest["resources"]["saved_model"]
    supply = Supply(Store(other), load_settings(other.settings_file))
    assert supply.identity(SAVED_MODEL) == made_from
    model.write_text(model.read_text() + "\n")
    assert supply.identity(SAVED_MODEL) != made_from


def test_a_model_that_is_not_there_or_does_not_suit_stops_the_run_in_one_line(taught, tmp_path):
    study, model, _ = taught
    other = other_study(study, tmp_path / "other", tmp_path / "none.json")
    assert "assign.model must be" in havainto("run", other.root, "--to", "assign", check=1)
    shutil.copytree(find_taxonomy(TAXONOMY.name), other.root / "oma")
    for name, old in (("meta.toml", 'version = "1.0.1"'), ("history.csv", "1.0.1,")):
        file = other.root / "oma" / name
        text = file.read_text(encoding="utf-8")
        head, _, tail = text.rpartition(old)
        file.write_text(head + old.replace("1.0.1", "1.0.2") + tail, encoding="utf-8")
    assert tomllib.loads((other.root / "oma" / "meta.toml").read_text())["version"] == "1.0.2"
    words = ["--set", f"assign.model={str(model)!r}", "--set", "study.taxonomy=oma"]
    said = havainto("run", other.root, "--to", "assign", *words, check=1)
    assert "learnt with the taxonomy sosiaalinen-raportointi 1.0.1; this study has" in said


def test_a_model_of_other_parts_is_refused(taught, tmp_path):
    saved = load_model(taught[1])
    path = tmp_path / "teemat.json"
    save_model(saved.fitted, path, saved.card)
    text = path.read_text(encoding="utf-8")
    assert '"min_score"' in text
    path.write_text(text.replace('"min_score": 0.0,\n  "n_coded"', '"n_coded"'), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != text
    with pytest.raises(ArtifactError, match="another version of Havainto"):
        load_model(path)


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        pytest.param(["<script>", "toinen"], "2 themes that the taxonomy", id="foreign"),
        pytest.param(["asuminen", "vieras"], "1 theme that the taxonomy", id="one foreign"),
        pytest.param(["asuminen", "asuminen"], "scores a theme twice", id="twice"),
    ],
)
def test_a_model_of_foreign_themes_is_refused_whatever_its_card_says(ids, message):
    fitted = cast(FittedThemes, SimpleNamespace(theme_ids=tuple(ids)))
    with pytest.raises(ConfigError, match=message) as caught:
        check_themes(SavedModel("teemat.json", fitted, card()), TAXONOMY)
    assert "script" not in str(caught.value)


def test_a_model_file_whose_themes_were_changed_stops_the_run_in_one_line(taught, tmp_path):
    study, model, _ = taught
    path = tmp_path / "vieras.json"
    shutil.copy(model.with_suffix(".npz"), path.with_suffix(".npz"))
    content = json.loads(model.read_text(encoding="utf-8"))
    content["fitted"]["theme_ids"] = [f"vieras-{i}" for i in content["fitted"]["theme_ids"]]
    path.write_text(json.dumps(content), encoding="utf-8")
    other = other_study(study, tmp_path / "other", path)
    said = havainto("run", other.root, "--to", "assign", check=1)
    assert "themes that the taxonomy" in said
    assert len(said.strip().splitlines()) <= 3


def test_train_needs_codings_and_an_out_of_the_right_kind(finished_copy, tmp_path):
    study = finished_copy
    assert "holds no codings" in havainto("train", study.root, check=1)
    said = havainto("train", study.root, "--out", tmp_path / "m.pkl", check=1)
    assert "--out must end in .json. Got m.pkl" in said
