"""Taxonomies and studies of any size run to a report."""

from functools import cache

import numpy as np
import pytest
from small_export import copy_study, rows, small_study, write_export

from pipeline.artifacts import Store
from pipeline.assign.decision import assign_by_cut, cut_for_mean
from pipeline.assign.learnt_text import moment_matched
from pipeline.assign.linear import sigmoid
from pipeline.config import load_settings
from pipeline.run import Plan, Silence, run
from pipeline.taxonomy.model import Taxonomy, Theme
from pipeline.taxonomy.save import save_taxonomy

SIZES = [(n_reports, n_themes) for n_reports in (1, 5, 40) for n_themes in (1, 2, 3, 200)]
"""Reports and themes; all themes of a number of reports share one study."""

TO_A_REPORT = {(1, 1), (1, 200), (5, 2), (40, 1), (40, 2), (40, 200)}
"""The smallest and largest of these sizes, of which the page and the deck are made as well."""


def taxonomy_of(n_themes):
    themes = tuple(
        Theme(
            theme_id=f"t{i}",
            label_fi=f"Teema {i}",
            definition=f"Vuokra, jono ja sovellus, asia numero {i}.",
            is_codable=i != 199,
        )
        for i in range(n_themes)
    )
    nothing = {theme.theme_id: () for theme in themes}
    return Taxonomy(
        name="pieni",
        version="1",
        base_uri="https://example.org/p/",
        title_fi="Pieni",
        title_en="",
        licence="https://example.org/cc0",
        themes=themes,
        terms=nothing,
        examples=nothing,
    )


@pytest.fixture(scope="module")
def study_of(tmp_path_factory):
    """Return a maker of studies, each up to the stages that read the taxonomy, made once."""

    @cache
    def make(n_reports):
        study = small_study(tmp_path_factory.mktemp("sizes") / "study")
        chosen = [{**rows()[i % 24], "report_id": f"Q{i}"} for i in range(n_reports)]
        write_export(study.inputs / "raportit.csv", chosen)
        run(study, load_settings(study.settings_file, ()), Plan(last="label"), Silence())
        return study

    return make


@pytest.mark.parametrize(("n_reports", "n_themes"), SIZES)
def test_every_size_has_its_themes_and_the_outermost_a_report(
    tmp_path, study_of, n_themes, n_reports
):
    study = copy_study(study_of(n_reports), tmp_path / "copy")
    save_taxonomy(taxonomy_of(n_themes), study.root / "taxonomy")
    settings = study.settings_file.read_text(encoding="utf-8")
    study.settings_file.write_text(f'{settings}[study]\ntaxonomy = "taxonomy"\n', encoding="utf-8")
    last = "report" if (n_reports, n_themes) in TO_A_REPORT else "detect"
    plan = Plan(first="review", last=last)
    run(study, load_settings(study.settings_file, ()), plan, Silence())
    assert (study.report / "report.html").exists() == (last == "report")
    pairs = Store(study).read("report_themes")
    assert len(pairs) == n_reports * n_themes
    assert pairs["score"].between(0, 1).all()
    assert not pairs.loc[pairs["theme_id"] == "t199", "assigned"].any()
    if n_themes <= 2 and n_reports == 40:
        assert pairs.loc[pairs["assigned"], "report_id"].nunique() < pairs["report_id"].nunique()


@pytest.mark.parametrize("shape", [(1, 1), (5, 1), (40, 1), (1, 2), (40, 200)])
@pytest.mark.parametrize("spread", [0.0, 1e-12, 1.0, 1e9])
def test_scores_of_any_spread_are_matched_to_the_mean(shape, spread):
    scores = 3 + spread * np.random.default_rng(0).normal(size=shape)
    mean = min(1.5, shape[1] / 4)
    scale, shift = moment_matched(scores, mean)
    assert sigmoid(scale * scores + shift).sum(axis=1).mean() == pytest.approx(mean, abs=1e-3)


def test_a_single_score_has_a_cut_and_a_small_taxonomy_keeps_none_below_it():
    assert cut_for_mean(np.array([[0.3]]), 0.25) == 0
    scores = np.array([[-0.5, -0.2], [0.1, -3.0]])
    assert assign_by_cut(scores, 0.0, keeps_one=False).tolist() == [[False, False], [True, False]]


def test_a_mean_of_all_themes_leaves_a_cut_among_the_scores():
    assert cut_for_mean(np.array([[1.0, 2.0]]), 2.0) == 1.5
