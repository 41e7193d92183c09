"""Havainto: from Finnish free-text reports to themes, weak signals and a period report.

Start at :mod:`pipeline.stages`, which lists the stages in order, and :mod:`pipeline.tables`,
which lists the tables they read and make.

Nothing is sent from the machine: ONNX Runtime, whose newer wheels report their use to their maker
unless told not to before they are imported, is told so here.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
