# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Aiheet BERTopicissa
#
# Tutkimuksen aiheet tallennetaan malliksi, jonka BERTopic avaa. Aiheet ovat Havainnon, ihmisen muutoksineen; BERTopic ei
# ryhmittele mitään uudelleen. Sen omaa antia ovat aiheiden puu, aiheet ajassa ja raportit tasolla.
# Tutkimuksen kansio annetaan ympäristömuuttujassa `HAVAINTO_STUDY`.

# %%
import os
import tempfile
import warnings
from pathlib import Path

import pandas as pd
from bertopic import BERTopic

from pipeline.artifacts import Store
from pipeline.cluster.bertopic_export import documents_of, save_bertopic
from pipeline.study import open_study
from pipeline.tables import TEXT_TABLES
from pipeline.texts import Texts

warnings.filterwarnings("ignore")  # BERTopic ja umap kertovat, mitä niiltä puuttuu
store = Store(open_study(Path(os.environ.get("HAVAINTO_STUDY", "../demo"))))
texts = Texts(*map(store.read, TEXT_TABLES))
topics, report_topics = store.read("topics"), store.read("report_topics")

# %% [markdown]
# Sama komentoriviltä: `havainto topics TUTKIMUS --bertopic KANSIO`.

# %%
with tempfile.TemporaryDirectory() as folder:
    save_bertopic(Path(folder), texts, topics, report_topics)
    model = BERTopic.load(folder)
model.get_topic_info()[["Topic", "Count", "CustomName"]]

# %% [markdown]
# ## Aiheiden puu
#
# Mitkä aiheet ovat lähimpänä toisiaan, kun niiden sanat lasketaan yhteen.

# %%
report_ids, documents = documents_of(texts)
tree = model.hierarchical_topics(documents)
print(model.get_topic_tree(tree))

# %% [markdown]
# ## Aiheet ajassa
#
# Jaksot annetaan päivinä, ei tekstinä: BERTopic 0.17 ei lue tekstipäiviä, kun pandas on versiota 3. Luvut ovat raportteja; mikä
# muutos erottuu sattumasta, sen kertoo `signals`.

# %%
reports = store.read("reports").set_index("report_id").loc[report_ids]
start_of = dict(zip(store.read("periods")["period"], store.read("periods")["start"], strict=True))
days = pd.to_datetime(reports["period"].map(start_of))
dated = [row for row, day in enumerate(days) if pd.notna(day)]
over_time = model.topics_over_time(
    [documents[row] for row in dated],
    [days.iloc[row].to_pydatetime() for row in dated],
    topics=[model.topics_[row] for row in dated],
)
over_time.pivot_table(index="Topic", columns="Timestamp", values="Frequency", fill_value=0)

# %% [markdown]
# ## Raportit tasolla
#
# Paikat ovat Havainnon kartan (`report_map`); lähekkäin seisovat raportit ovat samankaltaisia, etäisyydet eivät merkitse muuta.
# Kuvassa on raporttien tunnukset, ei tekstejä.

# %%
places = store.read("report_map").set_index("report_id")
shown = [row for row, report_id in enumerate(report_ids) if report_id in places.index]
if len(shown) == len(report_ids):
    figure = model.visualize_documents(
        report_ids,
        reduced_embeddings=places.loc[report_ids, ["x", "y"]].to_numpy(),
        custom_labels=True,
        hide_document_hover=False,
    )
    print(f"Kuvassa {len(figure.data)} sarjaa ja {len(shown)} raporttia. figure.show() avaa sen.")
