"""The public names: what a notebook or another program may count on from one version to the next.

Everything else may move. Importing ``pipeline`` itself loads nothing; this module loads pandas.

Examples
--------
>>> from pipeline.api import TABLES
>>> TABLES["segments"].key
('segment_id',)
"""

from pipeline.artifacts import Store
from pipeline.config import Settings, load_settings
from pipeline.engine.settings import Workers
from pipeline.errors import (
    ArtifactError,
    ConfigError,
    InputError,
    PipelineError,
    ResourceError,
    WorkerError,
)
from pipeline.run import Outcome, Plan, Silence, run
from pipeline.stages import STAGES
from pipeline.steps import Stage, Step
from pipeline.study import Study, create_study, open_study
from pipeline.tables import TABLES, Column, Table
from pipeline.texts import Texts

__all__ = [
    "STAGES",
    "TABLES",
    "ArtifactError",
    "Column",
    "ConfigError",
    "InputError",
    "Outcome",
    "PipelineError",
    "Plan",
    "ResourceError",
    "Settings",
    "Silence",
    "Stage",
    "Step",
    "Store",
    "Study",
    "Table",
    "Texts",
    "WorkerError",
    "Workers",
    "create_study",
    "load_settings",
    "open_study",
    "run",
]
