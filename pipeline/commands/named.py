"""Topics and signals as the report calls them, for commands that print them."""

import pandas as pd

from pipeline.artifacts import Store
from pipeline.config import Settings
from pipeline.name.shown import with_names
from pipeline.needs import Supply
from pipeline.report.catalogue import load_catalogue
from pipeline.report.names import reader_names
from pipeline.taxonomy.needs import TAXONOMY


def named_table(name: str, store: Store, settings: Settings) -> pd.DataFrame:
    """Read ``topics`` or ``signals`` with their names in the language of the report.

    Before the name stage has run the labels are those of the words alone.

    Parameters
    ----------
    name : {"topics", "signals"}
    store : Store
    settings : Settings
    """
    table = store.read(name)
    if not store.is_whole("names"):
        return table
    language = settings.report.language
    taxonomy = Supply(store, settings).value(TAXONOMY)
    held = reader_names(store.read("names"), taxonomy, load_catalogue(language), language)
    return with_names(table, held)
