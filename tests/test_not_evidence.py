"""Because of that word? No: a word ruled out in the study carries nothing in the next run."""

import pandas as pd
import pytest
from small_export import copy_study

from pipeline.artifacts import Store
from pipeline.config import load_settings
from pipeline.frames import each_row
from pipeline.run import Plan, Silence, run

THEME, WORD = "asuminen", "vuokra"


def go(study) -> tuple[dict[str, str], pd.DataFrame]:
    """Run a study up to assign; return each stage's state and the pairs."""
    settings = load_settings(study.settings_file)
    outcomes = run(study, settings, Plan(last="assign"), Silence())
    return {o.stage: o.state for o in outcomes}, Store(study).read("report_themes")


def carried_by(pairs: pd.DataFrame) -> set[str]:
    """Return the reports whose suggestion of the theme has the word among its evidence."""
    own = pairs[(pairs["theme_id"] == THEME) & pairs["assigned"]]
    return {r.report_id for r in each_row(own) for e in r.evidence if e["term"] == WORD}


@pytest.fixture(scope="module")
def runs(finished_study, tmp_path_factory):
    study = copy_study(finished_study, tmp_path_factory.mktemp("ruled") / "study")
    _, before = go(study)
    rule = study.human / "not_evidence.csv"
    rule.write_text(f"theme_id,lemma\n{THEME},{WORD}\n", encoding="utf-8")
    states, after = go(study)
    return study, states, before, after


def test_ruling_a_word_out_runs_assign_again_and_nothing_before_it(runs):
    _, states, _, _ = runs
    assert (states.pop("assign"), states.pop("review")) == ("ran", "ran")  # it lists loose ends
    assert set(states.values()) == {"skipped"}


def test_a_word_ruled_out_carries_nothing_and_its_theme_loses_score(runs):
    _, _, before, after = runs
    carried = carried_by(before)
    assert carried
    assert not carried_by(after)
    scores = before.merge(after, on=["report_id", "theme_id"], suffixes=("", "_after"))
    own = scores["report_id"].isin(carried) & (scores["theme_id"] == THEME)
    assert (scores["score_after"] < scores["score"])[own].all()
    sums = [sum(e["contribution"] for e in row) for row in after.loc[after["assigned"], "evidence"]]
    assert sums == pytest.approx(after.loc[after["assigned"], "log_odds"].tolist(), abs=1e-6)


def test_taking_the_ruling_back_brings_the_old_scores_back(runs):
    study, _, before, _ = runs
    (study.human / "not_evidence.csv").unlink()
    _, again = go(study)
    pd.testing.assert_frame_equal(again, before)
