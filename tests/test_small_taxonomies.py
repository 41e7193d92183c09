"""Taxonomies and studies of any size run to a report."""

import numpy as np
import pytest
from small_export import rows, small_study, write_export

from pipeline.artifacts import Store
from pipeline.assign.decision import assign_by_cut, cut_for_mean
from pipeline.assign.linear import sigmoid
from pipeline.assign.mapper import _moment_matched
from pipeline.config import load_settings
from pipeline.run import Plan, Silence, run
from pipeline.taxonomy.model import Taxonomy, Theme
from pipeline.taxonomy.save import save_taxonomy

SIZES = [
    pytest.param(n_themes, n_reports, marks=[] if (n_themes, n_reports) == (1, 5) else slow)
    for slow in [pytest.mark.slow]
    for n_themes in (1, 2, 3, 200)
    for n_reports in (1, 5, 40)
]


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


@pytest.mark.parametrize(("n_themes", "n_reports"), SIZES)
def test_every_size_runs_to_a_report(tmp_path, n_themes, n_reports):
    study = small_study(tmp_path / "study")
    chosen = [{**rows()[i % 24], "report_id": f"Q{i}"} for i in range(n_reports)]
    write_export(study.inputs / "raportit.csv", chosen)
    save_taxonomy(taxonomy_of(n_themes), study.root / "taxonomy")
    settings = study.settings_file.read_text(encoding="utf-8")
    study.settings_file.write_text(f'{settings}[study]\ntaxonomy = "taxonomy"\n', encoding="utf-8")
    run(study, load_settings(study.settings_file, ()), Plan(), Silence())
    assert (study.report / "report.html").exists()
    pairs = Store(study).read("report_themes")
    assert pairs["score"].between(0, 1).all()
    assert not pairs.loc[pairs["theme_id"] == "t199", "assigned"].any()
    if n_themes <= 2 and n_reports == 40:
        assert pairs.loc[pairs["assigned"], "report_id"].nunique() < pairs["report_id"].nunique()


@pytest.mark.parametrize("shape", [(1, 1), (5, 1), (40, 1), (1, 2), (40, 200)])
@pytest.mark.parametrize("spread", [0.0, 1e-12, 1.0, 1e9])
def test_scores_of_any_spread_are_matched_to_the_mean(shape, spread):
    scores = 3 + spread * np.random.default_rng(0).normal(size=shape)
    mean = min(1.5, shape[1] / 4)
    scale, shift = _moment_matched(scores, mean)
    assert sigmoid(scale * scores + shift).sum(axis=1).mean() == pytest.approx(mean, abs=1e-3)


def test_a_single_score_has_a_cut_and_a_small_taxonomy_keeps_none_below_it():
    assert cut_for_mean(np.array([[0.3]]), 0.25) == 0
    scores = np.array([[-0.5, -0.2], [0.1, -3.0]])
    assert assign_by_cut(scores, 0.0, keeps_one=False).tolist() == [[False, False], [True, False]]
