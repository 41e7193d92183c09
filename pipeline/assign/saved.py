"""Score a study by what was learnt in it, or by a model that was learnt in another one."""

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from pipeline.assign.assign import AssignConfig
from pipeline.assign.fitted import FittedThemes
from pipeline.assign.form_evidence import form_answers
from pipeline.assign.kinds_said import with_kinds
from pipeline.assign.mapper import learn_themes, with_typed
from pipeline.assign.model_file import SavedModel
from pipeline.assign.not_evidence import without_rejected
from pipeline.assign.zero_shot import ThemeTexts
from pipeline.embed.protocol import Encoder
from pipeline.errors import ConfigError
from pipeline.lemmatise.protocol import Lemmatiser
from pipeline.taxonomy.model import Taxonomy
from pipeline.texts import Texts

LEARNT_SETTINGS = (
    "ticks",
    "tick_sensitivity",
    "tick_specificity",
    "mean_themes",
    "max_themes",
    "min_score",
    "off_topic_cut",
    "fields",
    "min_df",
    "max_pool_reports",
)
"""Settings that shape what is learnt; a saved model was made with its own."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ThemeContext:
    """What scoring themes needs beside tables and settings.

    Attributes
    ----------
    taxonomy, encoder, lemmatiser, not_evidence, seed
        As in :func:`pipeline.assign.mapper.fit_theme_mapper`.
    saved_model : SavedModel or None
        The one that ``assign.model`` names. The study's own codings are then not learnt from, so
        what they say of the machine is said of reports it had not seen.
    """

    taxonomy: Taxonomy
    encoder: Encoder
    lemmatiser: Lemmatiser
    not_evidence: pd.DataFrame
    seed: int
    saved_model: SavedModel | None


def fit_or_load(
    texts: Texts,
    segment_kinds: pd.DataFrame,
    codings_standing: pd.DataFrame,
    config: AssignConfig,
    *,
    fitted: ThemeTexts,
    context: ThemeContext,
) -> FittedThemes:
    """Return the mapper that scores the study's reports.

    Parameters
    ----------
    texts : Texts
    segment_kinds, codings_standing : DataFrame
        Whole; none of the three is learnt from when there is a saved model.
    config : AssignConfig
    fitted : ThemeTexts
        From :func:`pipeline.assign.theme_texts.make_theme_texts`.
    context : ThemeContext

    Returns
    -------
    FittedThemes

    Raises
    ------
    ConfigError
        When the saved model was made with another taxonomy, encoder or setting than the study's.
    InputError
        As :func:`pipeline.assign.mapper.fit_theme_mapper` does.
    """
    taxonomy, saved_model = context.taxonomy, context.saved_model
    headings = tuple(theme.theme_id for theme in taxonomy.themes if not theme.is_codable)
    if saved_model is not None:
        check_model(saved_model, config, taxonomy, context.encoder)
        check_themes(saved_model, taxonomy)
        themes = without_rejected(saved_model.fitted, context.not_evidence)
        # What this study's reports typed is read by the model that comes from elsewhere.
        own = texts.reports["report_id"].tolist()
        said = form_answers(texts.reports, own, context.encoder, context.lemmatiser)
        return replace(with_typed(themes, said), headings=headings)
    themes = learn_themes(
        with_kinds(texts, segment_kinds),
        config,
        themes=fitted,
        encoder=context.encoder,
        lemmatiser=context.lemmatiser,
        codings=codings_standing,
        not_evidence=context.not_evidence,
        seed=context.seed,
    )
    return replace(themes, headings=headings)


def check_model(
    model: SavedModel, config: AssignConfig, taxonomy: Taxonomy, encoder: Encoder
) -> None:
    """Check that a saved model can score a study.

    Raises
    ------
    ConfigError
        Naming what differs, with both values.
    """
    made = model.card["taxonomy"]
    if (made["name"], made["version"]) != (taxonomy.name, taxonomy.version):
        raise ConfigError(
            "assign.model {model} was learnt with the taxonomy {made} {made_2}; this "
            "study has {taxonomy} {version}. Take the taxonomy into the study where it "
            "was learnt and train it there again, or set study.taxonomy to that version.",
            model=model.name,
            made=made["name"],
            made_2=made["version"],
            taxonomy=taxonomy.name,
            version=taxonomy.version,
        )
    if made["sha256"] != taxonomy.sha256:
        raise ConfigError(
            "assign.model {model} was learnt with other content of {taxonomy} {version} "
            "than this study's. Raise the version of the edited taxonomy, and train the "
            "model again with it.",
            model=model.name,
            taxonomy=taxonomy.name,
            version=taxonomy.version,
        )
    if model.card["encoder"] != encoder.name:
        raise ConfigError(
            "assign.model {model} was learnt with the vectors of {card}; this study has "
            "those of {encoder}. Set embed.encoder as it was there.",
            model=model.name,
            card=model.card["encoder"],
            encoder=encoder.name,
        )
    for name in LEARNT_SETTINGS:
        mine, learnt = getattr(config, name), model.card["settings"][name]
        if name in config.model_fields_set and mine != learnt:
            raise ConfigError(
                "assign.{name} is {mine}, and assign.model {model} was learnt with "
                "{learnt}. Take the setting out, or train the model again with it.",
                name=name,
                mine=mine,
                model=model.name,
                learnt=learnt,
            )


def check_themes(model: SavedModel, taxonomy: Taxonomy) -> None:
    """Check that a saved model scores each theme once, and none that the taxonomy does not have.

    Raises
    ------
    ConfigError
    """
    scored = model.fitted.theme_ids
    foreign = set(scored) - set(taxonomy.theme_ids)
    if len(set(scored)) < len(scored):
        raise ConfigError(
            "assign.model {model} scores a theme twice. Take the model again from where it was "
            "trained.",
            model=model.name,
        )
    if foreign:
        raise ConfigError(
            "assign.model {model} scores {n_foreign} themes that the taxonomy {taxonomy} "
            "{version} does not have, whatever its card says. Take the model again from "
            "where it was trained.",
            model=model.name,
            n_foreign=len(foreign),
            taxonomy=taxonomy.name,
            version=taxonomy.version,
        )


def as_card(settings: AssignConfig) -> dict[str, Any]:
    """Return the settings that a model's card must hold."""
    return {name: getattr(settings, name) for name in LEARNT_SETTINGS}
